/*
  The page and the desk: hears what moved, asks for its part of it while somebody looks, says when the connection is lost and when it
  is back, keeps the number of waiting customers in the title and on the icon, and makes a short sound for what a customer just wrote.

  One worker holds the connection of all pages of the browser (static/worker); where there is none, the page holds its own
  while it is visible. A hidden page keeps its title, its icon and its sound; when it is looked at again it asks once and has all.

    <div id="live" data-behavior="live" data-worker data-stream data-reader><i id="live-page" data-news></i></div>

  data-news is the address of the page's news, with the number of the newest event the page shows; without one it asks at
  once. The answer is fragments that name their places, and says in headers which number and which parts the page has then. Whatever
  moved, the element tells as an event "moved".
*/
const patience = 2500; // a reconnection that is quicker is nobody's business
const healedFor = 4000;
const soundEvery = 1500;
const askEvery = 120; // ms between two questions when much happens
const askAgainAfter = 2000; // ms after a question that failed
const refreshEvery = 60_000; // waits grow by themselves

let context = null; // of the sound; browsers allow one only after somebody touched the page
let lastSound = -Infinity; // by a clock that nobody sets

// beep is two soft tones: heard in a room, not startling.
const beep = () => {
  if (!context || context.state !== "running" || performance.now() - lastSound < soundEvery) return;
  lastSound = performance.now();
  [660, 880].forEach((frequency, i) => {
    const start = context.currentTime + i * 0.12;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.08, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.22);
  });
};

const announce = (text) => {
  const voice = document.getElementById("announce");
  if (voice) voice.textContent = text;
};

// titled is pure: a title with the number of those who wait in front, without the old one.
const titled = (title, waiting) => (waiting > 0 ? `(${waiting}) ` : "") + title.replace(/^\([^)]*\) /, "");

const showWaiting = (waiting) => {
  document.title = titled(document.title, waiting);
  pult.use("favicon").mark(waiting > 0);
};

const connection = { lost: 0, shown: false, banner: null, timer: 0 };

const show = (state) => {
  const { banner } = connection;
  if (!banner) return;
  banner.dataset.state = state;
  banner.textContent = banner.dataset[state] ?? "";
  banner.hidden = false;
};

const lose = () => {
  if (connection.lost || document.hidden) return;
  connection.lost = setTimeout(() => { connection.shown = true; show("offline"); }, patience);
};

const heal = () => {
  clearTimeout(connection.lost);
  connection.lost = 0;
  if (!connection.shown) return;
  connection.shown = false;
  show("healed");
  announce(connection.banner?.dataset.healed ?? "");
  clearTimeout(connection.timer);
  connection.timer = setTimeout(() => { if (!connection.shown && connection.banner) connection.banner.hidden = true; }, healedFor);
};

pult.behavior("connection", { connect(banner) { connection.banner = banner; } });

// isTouched says whether a form of the page holds what somebody typed: loading the page again would lose it. What is written to a
// customer is kept as a draft.
const isTouched = () => [...document.querySelectorAll("form[method='post']:not(.composer) :is(input:not([type='hidden']), textarea)")]
  .some((el) => el.value !== el.defaultValue || el.checked !== el.defaultChecked);

// concerns is pure: has a page something to show of what moved? Here is what it shows: the conversation it is about, whether it
// shows the table, and which conversations are open as tabs.
const concerns = (moved, here) => moved.some((m) => !m.c || m.c === here.conversation || (m.row && (here.table || here.tabs.includes(m.c))));

const describe = () => ({
  conversation: document.getElementById("panes")?.dataset.conversation ?? "",
  table: Boolean(document.getElementById("chat-rows")),
  tabs: [...document.querySelectorAll("#tabs [data-tab]")].map((tab) => tab.dataset.tab),
});

// listOf is pure: what an address asks about, whatever number it knows.
const listOf = (address) => {
  const { pathname, searchParams } = new URL(address, location.href);
  searchParams.delete("after");
  return `${pathname}?${searchParams}`;
};

// newPage is the page's knowledge of the desk: which number it shows, and whether there is more to ask for.
const newPage = (sink) => {
  let asking = false, behind = false, have = "", asked = -Infinity, timer = 0, reload = false;
  const spot = () => document.getElementById("live-page");
  const address = () => new URL(spot().dataset.news, location.href);
  const number = () => Number(address().searchParams.get("after"));
  const know = (n) => {
    const url = address();
    if (n <= number()) return;
    url.searchParams.set("after", n);
    spot().dataset.news = url.pathname + url.search;
  };

  // A page that is too old is loaded again; where something was typed it says that it may be old, and waits for its reader.
  const reloadSeen = () => {
    reload = true;
    if (document.hidden) return;
    if (isTouched()) show("error");
    else location.reload();
  };

  // take puts what was answered into the page. An answer to a list that is not shown any more is dropped.
  const take = async (answer, of) => {
    if (answer.status === 205) return reloadSeen();
    if (!answer.ok) throw new Error(`news: ${answer.status}`);
    const text = await answer.text();
    if (listOf(of) !== listOf(spot().dataset.news)) { behind = true; return undefined; }
    have = answer.headers.get("Pult-Have");
    if (answer.headers.has("Pult-More")) behind = true; // and what moved meanwhile is not forgotten
    know(Number(answer.headers.get("Pult-Number")));
    if (text.trim()) await htmx.swap({ text, sourceElement: sink, target: sink, swap: "none swapEmpty:false" });
    return undefined;
  };

  const later = (ms) => { clearTimeout(timer); timer = setTimeout(ask, ms); };

  // ask has one question under way at a time: what happens meanwhile is asked for afterwards.
  const ask = async () => {
    clearTimeout(timer);
    behind = true;
    if (asking || document.hidden || !sink.isConnected) return;
    const wait = asked + askEvery - performance.now();
    if (wait > 0) { later(wait); return; }
    asking = true;
    behind = false;
    asked = performance.now();
    const of = spot().dataset.news;
    const url = address();
    url.searchParams.set("have", have);
    try {
      await take(await fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store" }), of);
      asking = false;
      if (behind) ask();
      else later(refreshEvery);
    } catch {
      asking = false;
      behind = true;
      later(askAgainAfter);
    }
  };

  return {
    number, ask,
    knows: () => address().searchParams.has("after"),
    reload: reloadSeen,
    // moved hears what moved up to a number: it is asked for, or the page has it already.
    moved(n, moved) {
      if (!document.hidden) sink.dispatchEvent(new CustomEvent("moved"));
      if (concerns(moved, describe())) ask();
      else if (!behind && !asking) know(n);
    },
    // at hears how far the desk is, without anything that the page was not told.
    at(n) { if (!behind && !asking) know(n); },
    seen() {
      if (reload) reloadSeen();
      else ask();
    },
    stop() { clearTimeout(timer); },
  };
};

// shared is the link to the worker of all pages of the browser.
const shared = (sink, hear) => {
  const { port } = new SharedWorker(sink.dataset.worker, sink.dataset.stream);
  port.addEventListener("message", ({ data }) => hear(data));
  port.start();
  return {
    hello: (number) => port.postMessage({ type: "hello", who: sink.dataset.reader ?? "", number, visible: !document.hidden, sounds: context?.state === "running" }),
    look: () => port.postMessage({ type: "look", visible: !document.hidden }),
    sounds: () => port.postMessage({ type: "sounds" }),
    check: (network) => port.postMessage({ type: "check", network }),
    bye: () => port.postMessage({ type: "bye" }),
  };
};

// alone is the same without a worker: the connection is open while somebody looks.
const alone = (sink, number, hear) => {
  const line = pult.use("line")(sink.dataset.stream, (news) => {
    hear(news);
    if (news.type === "moved" && news.moved.some((m) => m.fresh)) hear({ type: "sound" });
  });
  const look = () => {
    if (document.hidden) line.close();
    else { line.open(number()); hear({ type: "state", ...line.state() }); }
  };
  return { hello: look, look, sounds() {}, check: (network) => { if (!document.hidden) line.check(network); }, bye: () => line.close() };
};

const link = (sink, page, hear) => {
  try {
    if (globalThis.SharedWorker) return shared(sink, hear);
  } catch {
    // a browser that has workers and forbids them
  }
  return alone(sink, page.number, hear);
};

pult.behavior("live", {
  connect(sink, signal) {
    const page = newPage(sink);
    const heard = {
      state: ({ up, waiting, number }) => {
        if (up) heal(); else lose();
        if (waiting >= 0) showWaiting(waiting);
        if (number > page.number() || !page.knows()) page.ask();
      },
      up: heal, // what was missed is told again
      down: lose,
      at: ({ number }) => page.at(number),
      moved: ({ number, moved }) => page.moved(number, moved),
      counts: ({ waiting }) => showWaiting(waiting),
      sound: beep,
      reload: page.reload,
      signin: () => pult.use("session").back().then(() => {
        desk.hello(page.number());
        page.seen();
      }),
    };
    const desk = link(sink, page, (news) => heard[news.type]?.(news));

    // A browser allows sound after a gesture, and not after every one: each is tried until one was enough.
    const allowSound = async () => {
      context ??= new AudioContext();
      await context.resume();
      if (context.state !== "running" || silent.signal.aborted) return;
      silent.abort();
      desk.sounds();
    };
    const silent = new AbortController();
    const gestures = { signal: AbortSignal.any([signal, silent.signal]), passive: true };
    for (const gesture of ["pointerdown", "pointerup", "keydown", "click"]) addEventListener(gesture, allowSound, gestures);

    const comeBack = () => {
      desk.look();
      if (document.hidden) return;
      desk.check(false);
      page.seen();
    };
    document.addEventListener("visibilitychange", comeBack, { signal });
    document.addEventListener("resume", comeBack, { signal }); // a tab that was frozen
    addEventListener("online", () => desk.check(true), { signal });
    // Who leaves a page loses no connection; a page that is kept for going back comes to life again.
    addEventListener("pagehide", () => { clearTimeout(connection.lost); connection.lost = 0; desk.bye(); }, { signal });
    addEventListener("pageshow", (event) => { if (event.persisted) { desk.hello(page.number()); page.seen(); } }, { signal });
    signal.addEventListener("abort", () => { page.stop(); desk.bye(); });
    desk.hello(page.number());
  },
});

pult.share("live", { titled, concerns, newPage });
