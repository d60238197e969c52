/*
  What is done with a message: by the buttons over it, by its menu, which a finger that rests on it opens too, and by keys.
*/
const toast = pult.use("toast");
const { panes, lastOfCustomer, idOf, focused, textOf } = pult.use("conversation");
const request = pult.use("request-select");

const post = (message, path, values) => htmx.ajax("POST", `/messages/${idOf(message)}/${path}`, { source: panes(), target: `#m-${idOf(message)}`, swap: "outerMorph", values });

const openDialog = (path) => htmx.ajax("GET", path, { source: panes(), target: "#dialogs", swap: "innerHTML" });

const copy = async (message) => {
  await navigator.clipboard.writeText(textOf(message));
  toast(panes().dataset.copied);
};

const acts = {
  reply: (message) => pult.use("composer").quote(message),
  react: (message, button) => pult.use("reaction").pick(message, button),
  emoji: (message, button) => post(message, "react", { emoji: button.value }),
  copy,
  file: (message) => post(message, "requests", { request: request.selected(), on: request.filed(message) ? "" : "1" }),
  choose: (message) => openDialog(`/messages/${idOf(message)}/requests`),
  request: (message) => request.create(idOf(message)),
  details: (message) => openDialog(`/messages/${idOf(message)}`),
};

const can = (message) => ({
  reply: message.hasAttribute("data-can-reply") && panes().hasAttribute("data-quotes"),
  react: message.hasAttribute("data-can-react") && panes().hasAttribute("data-reacts"),
  text: Boolean(message.querySelector("[data-copy]")),
  request: request.selected() !== "",
});

const menuOf = { message: null };

const openMenu = (message, anchor) => {
  const menu = document.getElementById("message-menu");
  menuOf.message = message;
  const offers = can(message);
  for (const item of menu.querySelectorAll("[data-when]")) item.hidden = !offers[item.dataset.when];
  menu.querySelector("[data-code]").textContent = request.code();
  const seen = anchor.getClientRects().length > 0 ? anchor : message; // without a pointer the buttons are not shown
  seen.id ||= `menu-of-${idOf(message)}`;
  menu.dataset.anchor = `#${CSS.escape(seen.id)}`;
  menu.showPopover();
};

const run = (name, message, button) => (name === "menu" ? openMenu(message, button) : acts[name]?.(message, button));

// Quoted text is unfolded in the message with the focus, else in the newest one that has any.
const unfold = () => {
  const folded = focused()?.querySelector("[data-letter-quoted]") ?? [...document.querySelectorAll("#messages [data-letter-quoted]")].pop();
  folded?.click();
};

const keyActs = {
  quoted: unfold,
  reply: () => (focused() && can(focused()).reply ? acts.reply(focused()) : pult.use("composer").focus()),
  request: () => request.create(focused() ? idOf(focused()) : ""),
  file: () => { const message = focused() ?? lastOfCustomer(); if (message && request.selected()) acts.file(message); },
};

const onClick = (event) => {
  const act = event.target.closest("[data-message-do]");
  if (act) {
    const message = act.closest(".msg") ?? menuOf.message;
    event.preventDefault();
    if (message) run(act.dataset.messageDo, message, act);
  }
  const key = event.target.closest("[data-conversation-do]");
  if (key) keyActs[key.dataset.conversationDo]();
};

const longPress = (box, signal) => {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  box.addEventListener("touchstart", (event) => {
    const message = event.target.closest(".msg");
    stop();
    if (message && !event.target.closest("a, button, audio, video")) timer = setTimeout(() => openMenu(message, message), 500);
  }, { signal, passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) box.addEventListener(name, stop, { signal, passive: true });
  signal.addEventListener("abort", stop);
};

pult.share("message-menu", { openMenu });

pult.behavior("message-menu", {
  connect(el, signal) {
    document.addEventListener("click", onClick, { signal });
    longPress(document.getElementById("messages"), signal);
  },
});
