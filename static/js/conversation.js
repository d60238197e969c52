/*
  What is done with messages: the menu of a message, the selected request and its messages, walking the thread with the
  arrows, hiding the reader from those who look on. The page says everything in words and ids; see views/conversation.html.
*/
const thread = pult.use("thread");
const toast = pult.use("toast");

const panes = () => document.getElementById("panes");
const conversation = () => `/chats/${panes().dataset.conversation}`;
const requestList = () => document.getElementById("requests");
const selectedRequest = () => requestList()?.dataset.selected ?? "";
const idOf = (message) => message.dataset.message;
const focused = () => document.activeElement?.closest?.("#messages .msg") ?? null;
const lastOfCustomer = () => document.getElementById(`m-${document.getElementById("after-last")?.dataset.of}`);
const filed = (message) => (message.dataset.requests ?? "").split(" ").includes(selectedRequest());

const post = (message, path, values) => htmx.ajax("POST", `/messages/${idOf(message)}/${path}`, { source: panes(), target: `#m-${idOf(message)}`, swap: "outerMorph", values });

const openDialog = (path) => htmx.ajax("GET", path, { source: panes(), target: "#dialogs", swap: "innerHTML" });

const choosePane = (name) => {
  const choice = document.querySelector(`.panes-switch input[value='${name}']`);
  if (choice) choice.checked = true;
};

// side fetches the right pane; the list beside it keeps its filter.
const side = (id) => {
  const values = { ...Object.fromEntries(new FormData(document.getElementById("requests-filter"))), new: id };
  return htmx.ajax("GET", `${conversation()}/side`, { source: panes(), target: "#side", swap: "outerHTML", values });
};

const newRequest = (id) => {
  choosePane("request");
  return side(id).then(() => document.getElementById("request-title")?.focus());
};

// The form of a new request speaks of the customer's last message as long as nobody has begun to fill it in.
const refreshForm = () => {
  const form = document.getElementById("request-form");
  const touched = [...form?.elements ?? []].some((el) => el.matches("input:not([type='hidden']), textarea") && el.value !== el.defaultValue);
  if (form && !selectedRequest() && !touched && !form.contains(document.activeElement)) side("");
};

const copy = async (message) => {
  await navigator.clipboard.writeText(message.querySelector("[data-copy]")?.textContent ?? "");
  toast(panes().dataset.copied);
};

const acts = {
  reply: (message) => pult.use("composer").quote(message),
  react: (message, button) => pult.use("reaction").pick(message, button),
  emoji: (message, button) => post(message, "react", { emoji: button.value }),
  copy,
  file: (message) => post(message, "requests", { request: selectedRequest(), on: filed(message) ? "" : "1" }),
  choose: (message) => openDialog(`/messages/${idOf(message)}/requests`),
  request: (message) => newRequest(idOf(message)),
  details: (message) => openDialog(`/messages/${idOf(message)}`),
};

const can = (message) => ({
  reply: message.hasAttribute("data-can-reply") && panes().hasAttribute("data-quotes"),
  react: message.hasAttribute("data-can-react") && panes().hasAttribute("data-reacts"),
  text: Boolean(message.querySelector("[data-copy]")),
  request: selectedRequest() !== "",
});

const menuOf = { message: null };

const openMenu = (message, anchor) => {
  const menu = document.getElementById("message-menu");
  menuOf.message = message;
  const offers = can(message);
  for (const item of menu.querySelectorAll("[data-when]")) item.hidden = !offers[item.dataset.when];
  menu.querySelector("[data-code]").textContent = requestList()?.dataset.code ?? "";
  const seen = anchor.getClientRects().length > 0 ? anchor : message; // without a pointer the buttons are not shown
  seen.id ||= `menu-of-${idOf(message)}`;
  menu.dataset.anchor = `#${CSS.escape(seen.id)}`;
  menu.showPopover();
};

const run = (name, message, button) => (name === "menu" ? openMenu(message, button) : acts[name]?.(message, button));

// paint shows which messages belong to the selected request; the list on the left is where the selection is kept.
const paint = () => {
  const box = document.getElementById("messages");
  const id = selectedRequest();
  if (!box) return;
  if (id) box.dataset.requestSelected = id;
  else delete box.dataset.requestSelected;
  for (const message of box.querySelectorAll(".msg")) message.toggleAttribute("data-in-request", Boolean(id) && filed(message));
  paintAfter(id);
  const label = document.querySelector("[data-side-label]");
  if (label) label.textContent = id ? label.dataset.open : label.dataset.new;
};

const paintAfter = (id) => {
  const form = document.querySelector("[data-file-last]");
  if (!form) return;
  form.hidden = !id;
  form.elements.request.value = id;
  form.querySelector("[data-code]").textContent = requestList()?.dataset.code ?? "";
  const last = lastOfCustomer();
  form.elements.on.checked = Boolean(id && last && filed(last));
};

const hideMyself = () => {
  const me = panes()?.dataset.reader;
  for (const viewer of document.querySelectorAll("#viewers [data-operator]")) viewer.hidden = viewer.dataset.operator === me;
};

// A word that somebody types holds for eight seconds; the page of one who stops says nothing more.
const typingFor = 8000;
let quiet = 0;
const hushLater = () => {
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    for (const el of document.querySelectorAll("#viewers [data-typing]")) el.hidden = true;
    for (const el of document.querySelectorAll("#viewers [data-viewing]")) el.hidden = false;
  }, typingFor);
};

// tell says aloud what a customer just wrote, and nothing else that changes in the thread.
const tell = (message) => {
  const voice = document.getElementById("announce");
  if (voice) voice.textContent = `${panes().dataset.news}: ${message.querySelector("[data-copy]")?.textContent ?? ""}`;
};

const seen = () => {
  if (!document.hidden) fetch(`${conversation()}/open`, { method: "POST", headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
};

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

const onClick = (event) => {
  const act = event.target.closest("[data-message-do]");
  if (act) {
    const message = act.closest(".msg") ?? menuOf.message;
    event.preventDefault();
    return message && run(act.dataset.messageDo, message, act);
  }
  const jump = event.target.closest("[data-jump]");
  if (jump && thread.show(jump.dataset.jump)) return event.preventDefault();
  const first = event.target.closest("[data-jump-request]");
  if (first) {
    const message = document.querySelector(`#messages .msg[data-requests~='${CSS.escape(first.dataset.jumpRequest)}']`);
    choosePane("messages");
    if (message && thread.show(idOf(message))) event.preventDefault();
    return undefined;
  }
  const chip = event.target.closest("[data-select-request]");
  const line = chip && document.getElementById(`request-${chip.dataset.selectRequest}`);
  if (line) {
    event.preventDefault();
    return line.click();
  }
  const fresh = event.target.closest("[data-new-request]");
  if (fresh) {
    event.preventDefault();
    return newRequest(fresh.dataset.newRequest);
  }
  return undefined;
};

// Quoted text is unfolded in the message with the focus, else in the newest one that has any.
const unfold = () => {
  const folded = focused()?.querySelector("[data-letter-quoted]") ?? [...document.querySelectorAll("#messages [data-letter-quoted]")].pop();
  folded?.click();
};

const keyActs = {
  quoted: unfold,
  reply: () => (focused() && can(focused()).reply ? acts.reply(focused()) : pult.use("composer").focus()),
  request: () => newRequest(focused() ? idOf(focused()) : ""),
  file: () => { const message = focused() ?? lastOfCustomer(); if (message && selectedRequest()) acts.file(message); },
};

// A finger that rests on a message opens its menu.
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

pult.behavior("conversation", {
  connect(el, signal) {
    document.addEventListener("click", onClick, { signal });
    document.addEventListener("click", (event) => {
      const act = event.target.closest("[data-conversation-do]");
      if (act) keyActs[act.dataset.conversationDo]();
    }, { signal });
    el.addEventListener("keydown", walk, { signal });
    longPress(document.getElementById("messages"), signal);
    document.addEventListener("htmx:finally:swap", () => { paint(); hideMyself(); hushLater(); }, { signal });
    const last = el.querySelector("#messages .msg:last-of-type");
    if (last) last.tabIndex = 0;
    const news = new MutationObserver((records) => {
      const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node.matches?.(".msg[data-from='them']"));
      const last = lastOfCustomer();
      if (added.length > 0 && last && added.includes(last)) {
        tell(last);
        seen();
        refreshForm();
      }
      paint();
    });
    news.observe(document.getElementById("messages"), { childList: true });
    document.addEventListener("visibilitychange", seen, { signal });
    signal.addEventListener("abort", () => { news.disconnect(); clearTimeout(quiet); });
    paint();
    hideMyself();
  },
});
