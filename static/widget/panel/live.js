/*
  What comes in. The conversation is read once, then followed by a stream: a fetch, because an EventSource cannot show the token.
  A page that nobody sees lets go of it, so that many pages of a shop leave the browser's few connections free; looked at
  again, it goes on at the last number. The desk speaks every ten seconds: a stream that is silent for longer than two beats is dead.
*/
const { $, words, parse, news, tell } = panel.use("page");
const { store, call } = panel.use("visitor");
const { messages, ownWords, low, down, dress } = panel.use("thread");
const { mark, see } = panel.use("state");
const { look, arrived } = panel.use("unread");
const details = panel.use("details");
const outbox = panel.use("outbox");

const deaf = 22_000;
let last = "", running = null;

// place puts a drawn message where it belongs, by the times they carry; one that is there already is replaced.
const place = (el) => {
  dress(el);
  $("greeting")?.remove();
  outbox.returned(el.dataset.said);
  const follow = low();
  const old = $(el.id) ?? ownWords(el.dataset.said);
  const later = old ?? [...messages().querySelectorAll(".msg")].find((m) => "pending" in m.dataset || Number(m.dataset.at) > Number(el.dataset.at));
  if (old) old.replaceWith(el);
  else messages().insertBefore(el, later ?? null);
  if (follow || el.dataset.from === "you") down();
  if (!old && el.dataset.from === "us") arrived();
  mark();
};

// sync reads the conversation anew.
const sync = async () => {
  if (!store.get("token")) return;
  const answer = await call("messages").catch(() => null);
  if (!answer) return news(words.offline);
  if (!answer.ok) return;
  const fresh = parse(await answer.text());
  messages().replaceWith(fresh);
  dress(fresh);
  last ||= fresh.dataset.seq;
  see(fresh.dataset.seen);
  details.ask("askName" in fresh.dataset, "askEmail" in fresh.dataset);
  if (fresh.querySelector(".msg[id^=m-]")) { store.set("begun", "1"); tell({ type: "begun" }); }
  outbox.restore();
  mark();
  down();
  look();
};

const events = {
  message: (data) => place(parse(data)),
  seen: (data) => { see(data); mark(); },
  typing: (data) => { $("typing").textContent = data ? words.typing.replace("#", data) : ""; },
  reload: () => { last = ""; sync(); },
};
const deliver = (block) => {
  let name = "message", data = [];
  for (const line of block.split("\n")) {
    const at = line.indexOf(":"), field = line.slice(0, at), value = line.slice(at + 1).replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
    if (field === "id") last = value;
  }
  if (data.length) events[name]?.(data.join("\n"));
};
const listen = async (signal, alive) => {
  // Firefox has a second request to an address wait for the first, unless neither may come from the cache.
  const answer = await call("live", { cache: "no-store", headers: last ? { "Last-Event-ID": last } : {}, signal });
  if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
  news("");
  outbox.wake(); // what waits to be sent need not wait longer
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    blocks.forEach(deliver);
  }
};
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
// follow listens once, for as long as there is something to hear.
const follow = async (signal) => {
  const heard = new AbortController();
  const end = () => heard.abort();
  let timer = 0;
  const alive = () => { clearTimeout(timer); timer = setTimeout(end, deaf); };
  signal.addEventListener("abort", end);
  alive();
  try {
    await listen(heard.signal, alive);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
};
const stream = async () => {
  if (running || document.hidden || !store.get("begun")) return;
  running = new AbortController();
  const mine = running;
  for (let tries = 0; !mine.signal.aborted; ) {
    const began = Date.now();
    try {
      await follow(mine.signal);
      tries = 0;
    } catch (error) {
      if (mine.signal.aborted || error.status === 404) break; // another person now, or nobody yet
      news(words.offline);
    }
    if (Date.now() - began > 10000) tries = 0;
    await pause(Math.min(500 * 2 ** tries++, 15000) * (0.75 + Math.random() / 2));
  }
  if (running === mine) running = null;
};
const stop = () => { running?.abort(); running = null; };
addEventListener("pagehide", stop);
const again = () => { stop(); stream(); };
addEventListener("pageshow", (e) => { if (e.persisted) stream(); });
addEventListener("online", again); // what was open went over another network
document.addEventListener("resume", again);
document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else stream(); });

const start = async () => {
  await sync();
  stream();
  outbox.flush();
};

panel.share("live", {
  sync, stop, start,
  begin: () => { if (!running) sync().then(stream); },
  restart: async () => { stop(); last = ""; await start(); },
});
