/*
  Moving through the thread: from message to message with the arrows, to the message that another one answers.
*/
const thread = pult.use("thread");
const { openMenu } = pult.use("message-menu");

const walk = (event) => {
  const from = event.target.closest(".msg");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!from || event.target !== from) return;
  if (event.key === "Enter" || event.key === "ContextMenu") {
    event.preventDefault();
    openMenu(from, from);
  }
  if (!step) return;
  const list = [...document.querySelectorAll("#messages .msg")];
  const to = list[list.indexOf(from) + step];
  if (!to) return;
  event.preventDefault();
  to.focus();
};

const jump = (event) => {
  const quote = event.target.closest("[data-jump]");
  if (quote && thread.show(quote.dataset.jump)) event.preventDefault();
};

pult.behavior("message-walk", {
  connect(el, signal) {
    el.addEventListener("keydown", walk, { signal });
    document.addEventListener("click", jump, { signal });
    const last = el.querySelector("#messages .msg:last-of-type");
    if (last) last.tabIndex = 0;
  },
});
