/*
  The outbox. What was sent and not yet taken in stays in the page's storage: closing the page loses nothing. Messages carry names made
  here, so that sending twice says once. What was taken in is unseen until it comes back drawn.
*/
const { words, text, tell } = panel.use("page");
const { store, call } = panel.use("visitor");
const { messages, ownWords, down } = panel.use("thread");
const { mark, fail } = panel.use("state");
const { tellFaults } = panel.use("faults");
const details = panel.use("details");
const files = panel.use("files");
const live = () => panel.use("live");

const unseen = new Map();
const unseenFor = 3000;
const waiting = () => JSON.parse(store.get("out") ?? "[]");
const keep = (list) => store.set("out", JSON.stringify(list));

// pending shows a message before the server has drawn it.
const pending = (m) => {
  if (ownWords(m.id)) return unseen.delete(m.id);
  unseen.set(m.id, m);
  const el = document.createElement("div");
  el.className = "msg";
  Object.assign(el.dataset, { from: "you", said: m.id, pending: "" });
  const by = document.createElement("span");
  by.className = "by sr";
  by.textContent = words.you;
  const p = document.createElement("p");
  p.className = "text";
  p.textContent = [...m.files.map((f) => f.name), m.text].filter(Boolean).join("\n");
  el.append(by, p);
  messages().append(el);
  mark();
  down();
};
// back gives a refused message to its author, with what is wrong with it.
const back = async (m, answer) => {
  unseen.delete(m.id);
  ownWords(m.id)?.remove();
  if (!text.value) text.value = m.text;
  files.choose([...files.chosen(), ...m.files]);
  mark();
  tellFaults(await answer.json().catch(() => ({})));
};
const send = (m) => {
  const body = new URLSearchParams({ id: m.id, text: m.text, name: m.name, email: m.email, page: m.page.url ?? "", title: m.page.title ?? "" });
  for (const f of m.files) body.append("file", f.id);
  return call("messages", { method: "POST", body });
};
const taken = () => {
  tell({ type: "begun" });
  store.set("begun", "1");
  details.ask(false, false);
  live().begin();
  setTimeout(() => { if (unseen.size) live().sync(); }, unseenFor); // the stream may still be on its way back
};

let flushing = false, waken = () => {};
const wake = () => waken();
const nap = (ms) => new Promise((done) => { waken = done; setTimeout(done, ms); });
const flush = async () => {
  if (flushing) return;
  flushing = true;
  for (let tries = 0; waiting().length; ) {
    const m = waiting()[0];
    let answer, wait = Math.min(1000 * 2 ** tries++, 30000);
    try { answer = await send(m); } catch { answer = null; }
    if (answer?.status === 429) wait = 1000 * Number(answer.headers.get("Retry-After") ?? 5);
    else if (answer && answer.status < 500) {
      keep(waiting().filter((o) => o.id !== m.id));
      tries = 0;
      if (answer.ok) taken();
      else await back(m, answer);
      continue;
    }
    if (tries > 3) fail(wake);
    await nap(wait);
  }
  fail(null);
  flushing = false;
};
addEventListener("online", () => { wake(); flush(); });

panel.share("outbox", {
  wake, flush, pending, taken,
  // add keeps a message until it is taken in.
  add: (m) => { keep([...waiting(), m]); pending(m); },
  busy: () => flushing,
  // alone sends one message by itself and gives the answer, or null without one.
  alone: async (m) => {
    flushing = true;
    try { return await send(m); } catch { return null; } finally { flushing = false; }
  },
  returned: (said) => unseen.delete(said),
  restore: () => { for (const m of [...unseen.values(), ...waiting()]) pending(m); },
});
