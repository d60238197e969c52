/*
  The session of the page. When it has ended the desk says so to the stream and to whatever is asked (401 with the header
  Pult-Session). A dialog over the page then asks for the password, and nothing that was typed is lost: what was to be sent waits,
  and is sent once more when the same operator is signed in again, here or in another window. It is never sent as somebody else: every
  question names for whom the page was drawn.

  This stands in for the browser's fetch, so htmx and every behaviour wait without knowing. Who sends without it asks first: forms
  that htmx has nothing to do with, below, and uploads, which take back and hasEnded.

    document hears "pult:ended" when the page learns of it
*/
const askDesk = globalThis.fetch.bind(globalThis);
const tryAgainAfter = 2000; // ms

// reader is the operator for whom the page was drawn; "" on pages that are nobody's.
const reader = () => document.getElementById("live")?.dataset.reader ?? "";

const withReader = (headers) => {
  const all = new Headers(headers);
  if (reader()) all.set("Pult-Reader", reader());
  return all;
};

const hasEnded = (status, header) => status === 401 && header !== null;
const saysEnded = (answer) => hasEnded(answer.status, answer.headers.get("Pult-Session"));

// took is pure: whether the desk did what it was asked; an answer that leads to another page says that it did not.
const took = (answer) => Boolean(answer?.ok) && !answer.redirected && !answer.headers.has("HX-Redirect");

const others = globalThis.BroadcastChannel ? new BroadcastChannel("pult-session") : null; // the other windows of the browser

let waiting = null; // the promise that the same operator is signed in again
let goOn = () => {};

const dialog = () => document.getElementById("signin-again");

// show fetches the dialog; while the desk cannot be reached it tries again.
const show = async () => {
  const answer = await askDesk(`/signin/again?lang=${document.documentElement.lang}`).catch(() => null);
  if (!waiting || dialog() || !reader()) return;
  if (!answer?.ok) { setTimeout(show, tryAgainAfter); return; }
  const text = await answer.text();
  if (waiting && !dialog()) document.body.append(document.createRange().createContextualFragment(text));
};

// back is the promise that the session goes on. The first to want it makes the page ask for the password.
const back = () => {
  waiting ??= new Promise((done) => {
    goOn = done;
    document.dispatchEvent(new Event("pult:ended"));
    show();
  });
  return waiting;
};

const release = () => {
  waiting = null;
  dialog()?.close(); // which gives the focus back
  dialog()?.remove();
  goOn();
};

// check asks whether the session goes on, and acts on the answer.
const check = async () => {
  const answer = await askDesk("/session", { headers: withReader({ "HX-Request": "true" }), cache: "no-store" }).catch(() => null);
  if (answer && saysEnded(answer)) back();
  else if (answer?.ok && waiting) release();
};

globalThis.fetch = async (input, init = {}) => {
  for (;;) {
    const answer = await askDesk(input, { ...init, headers: withReader(init.headers) });
    if (!saysEnded(answer)) return answer;
    if (!reader()) location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`); // nothing is written there, and nobody is known
    if (init.abort) init.abort = () => {}; // htmx gives a request up after a minute: a person may take longer
    await back();
  }
};

const signIn = async (box, form) => {
  const failure = box.querySelector("[role='alert']");
  const button = form.querySelector("[type='submit']");
  button.disabled = true;
  failure.hidden = true;
  const answer = await askDesk(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: withReader() }).catch(() => null);
  button.disabled = false;
  if (answer?.ok) {
    others?.postMessage(reader());
    return release();
  }
  failure.textContent = answer && answer.status < 500 ? await answer.text() : failure.dataset.unreachable;
  failure.hidden = false;
  form.elements.password.select();
  return form.elements.password.focus();
};

pult.behavior("signin-again", {
  connect(box, signal) {
    const form = box.querySelector("form");
    form.elements.email.value = document.querySelector("#me-menu [data-email]")?.textContent ?? "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signIn(box, form);
    }, { signal });
    box.addEventListener("cancel", (event) => event.preventDefault(), { signal });
    box.addEventListener("close", () => { if (waiting) box.showModal(); }, { signal }); // a browser lets a second Escape through
    box.showModal();
    form.elements.password.focus();
  },
});

// A form that the browser sends by itself leaves the page, so the page asks first whether somebody is signed in who may send it.
const asking = new WeakSet();
const passed = new WeakSet();

const sendLater = async (form, submitter) => {
  asking.add(form);
  const answer = await fetch("/session", { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
  asking.delete(form);
  if (!answer) return pult.use("toast")(document.getElementById("banner")?.dataset.offline ?? "", { tone: "red" });
  if (!form.isConnected) return undefined;
  passed.add(form);
  return form.requestSubmit(submitter?.isConnected ? submitter : null);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.getAttribute("action") === "/signout") return;
  if (passed.delete(form) || !reader()) return;
  event.preventDefault();
  if (!asking.has(form)) sendLater(form, event.submitter);
});

// Somebody signed in, or came, in another window: whoever waits may go on, and who reads for somebody else may not.
others?.addEventListener("message", ({ data }) => { if (waiting || data !== reader()) check(); });
document.addEventListener("visibilitychange", () => { if (waiting && !document.hidden) check(); });
document.addEventListener("DOMContentLoaded", () => { if (reader()) others?.postMessage(reader()); }, { once: true });

pult.share("session", { reader, back, hasEnded, took, isOver: () => waiting !== null });
