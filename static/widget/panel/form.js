// The form: what is typed becomes a message.
const { words, form, text } = panel.use("page");
const { random } = panel.use("visitor");
const { fault, clear, tellFaults } = panel.use("faults");
const { typing } = panel.use("typing");
const details = panel.use("details");
const files = panel.use("files");
const outbox = panel.use("outbox");

let page = {}; // of the shop, on which the visitor is
let draft = ""; // names the first message until it is taken or refused

const empty = () => {
  text.value = "";
  files.choose([]);
};
const leave = (m) => {
  draft = "";
  empty();
  typing(false);
  outbox.add(m);
  text.focus();
};
// first sends the message that the details come with: the form stays until they are taken.
const first = async (m) => {
  if (outbox.busy()) return;
  form.setAttribute("aria-busy", "true");
  const answer = await outbox.alone(m);
  form.removeAttribute("aria-busy");
  if (answer && answer.status < 500 && answer.status !== 429) draft = "";
  if (answer?.ok) {
    empty();
    outbox.pending(m);
    outbox.taken();
    return text.focus();
  }
  if (!answer || answer.status >= 500) return fault("text", words.offline);
  tellFaults(await answer.json().catch(() => ({})));
};
form.addEventListener("submit", (e) => {
  e.preventDefault();
  const asked = details.values();
  clear();
  const missing = details.asked().filter((i) => !i.value.trim());
  if (missing.length) return tellFaults({ faults: Object.fromEntries(missing.map((i) => [i.name, words.required])) });
  if (!text.value.trim() && !files.chosen().length) return text.focus();
  const m = { id: draft ||= random(12), text: text.value.trim(), name: asked.name ?? "", email: asked.email ?? "", files: files.chosen(), page };
  if (details.asked().length) return first(m);
  leave(m);
  outbox.flush();
});
text.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    form.requestSubmit();
  }
});

panel.share("form", {
  setPage: (now) => { page = now ?? page; },
  focus: () => (details.asked()[0] ?? text).focus(),
});
