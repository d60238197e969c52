/*
  The chat of a visitor. The page works without this file as a plain form; with it, messages are sent and come in without loading.

  The visitor is known by a token that this page makes and keeps in its own storage, which browsers keep apart for every shop. What
  was sent and not yet taken in stays in that storage too: closing the page loses nothing. Messages carry names made here, so that
  sending twice says once. The conversation is drawn by the server; it is put in place by the times it carries.
*/
(() => {
  const $ = (id) => document.getElementById(id);
  const { key, origin, ...words } = document.body.dataset;
  const lang = document.documentElement.lang;
  const form = $("say"), text = $("text"), talk = $("talk");
  document.documentElement.dataset.script = "";

  const memory = {}; // stands in where the browser gives no storage
  const store = {
    get: (name) => { try { return localStorage.getItem(`pult.${key}.${name}`) ?? memory[name]; } catch { return memory[name]; } },
    set: (name, value) => { memory[name] = value; try { localStorage.setItem(`pult.${key}.${name}`, value); } catch { /* kept in memory */ } },
    drop: (name) => { delete memory[name]; try { localStorage.removeItem(`pult.${key}.${name}`); } catch { /* nothing was kept */ } },
  };
  const random = (bytes) => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const token = () => { if (!store.get("token")) store.set("token", random(32)); return store.get("token"); };
  const call = (path, options = {}) => fetch(`/chat/${key}/${path}?lang=${lang}`, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token()}` } });
  const parse = (html) => new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const news = (words) => { $("news").textContent = words; };
  const tell = (message) => { if (origin && window.parent !== window) window.parent.postMessage({ pult: 1, ...message }, origin); };

  // What is on the page.
  const messages = () => $("messages");
  const clock = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { hour: "2-digit", minute: "2-digit" });
  const ownWords = (said) => said && messages().querySelector(`.msg[data-said="${CSS.escape(said)}"]`);
  const low = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;
  const down = () => { talk.scrollTop = talk.scrollHeight; };

  const dress = (el) => {
    for (const time of el.querySelectorAll("time")) if (time.dateTime) time.textContent = clock.format(new Date(time.dateTime));
    for (const link of el.querySelectorAll("a[data-image]")) picture(link);
  };
  const open = async (link) => {
    const answer = await fetch(link.getAttribute("href"), { headers: { Authorization: `Bearer ${token()}` } });
    if (!answer.ok) throw new Error(answer.status);
    return URL.createObjectURL(await answer.blob());
  };
  const picture = async (link) => {
    try {
      const img = new Image();
      img.alt = link.download;
      img.src = await open(link);
      await img.decode();
      const follow = low();
      link.firstElementChild.replaceWith(img);
      if (follow) down();
    } catch { /* its name stays, and can be pressed */ }
  };
  document.addEventListener("click", async (e) => {
    const link = e.target.closest?.("a.file[href^='/']");
    if (!link) return;
    e.preventDefault();
    try {
      const a = document.createElement("a");
      a.href = await open(link);
      a.download = link.download;
      a.click();
    } catch { news(words.offline); }
  });

  // place puts a drawn message where it belongs; one that is there already is replaced.
  const place = (el) => {
    dress(el);
    $("greeting")?.remove();
    unseen.delete(el.dataset.said);
    const follow = low();
    const old = $(el.id) ?? ownWords(el.dataset.said);
    const later = old ?? [...messages().querySelectorAll(".msg")].find((m) => "pending" in m.dataset || Number(m.dataset.at) > Number(el.dataset.at));
    if (old) old.replaceWith(el);
    else messages().insertBefore(el, later ?? null);
    if (follow || el.dataset.from === "you") down();
    if (!old && el.dataset.from === "us") arrived();
    mark();
  };

  // The line under the visitor's last message: on its way, sent, read, or not sent.
  let seen = "", trouble = false;
  const mark = () => {
    $("state")?.remove();
    const last = [...messages().querySelectorAll(".msg[data-from=you]")].at(-1);
    if (!last) return;
    const line = document.createElement("p");
    line.id = "state";
    line.className = "state";
    line.textContent = trouble ? words.failed : "pending" in last.dataset ? words.sending : last.dataset.said === seen ? words.seen : words.sent;
    if (trouble) {
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = words.again;
      again.addEventListener("click", () => { trouble = false; mark(); wake(); });
      line.append(again);
    }
    last.after(line);
  };

  // Unread and read: what the visitor can see is read.
  let shown = window.parent === window, unread = 0;
  const look = () => {
    if (!shown || document.hidden) return;
    if (unread) tell({ type: "unread", n: unread = 0 });
    if (messages().querySelector(".msg[id^=m-][data-from=us]")) call("read", { method: "POST" }).catch(() => {});
  };
  const arrived = () => {
    if (shown && !document.hidden) return look();
    tell({ type: "unread", n: ++unread });
  };
  document.addEventListener("visibilitychange", look);

  // The outbox. What was taken in is unseen until it comes back drawn.
  const unseen = new Map();
  const unseenFor = 3000;
  const waiting = () => JSON.parse(store.get("out") ?? "[]");
  const keep = (list) => store.set("out", JSON.stringify(list));
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
  const fault = (name, sentence) => {
    const place = $(`fault-${name}`) ?? $("fault-text"), field = $(name);
    place.textContent = sentence;
    field?.setAttribute("aria-invalid", "true");
    return field;
  };
  const clear = () => {
    for (const el of form.querySelectorAll(".fault")) el.textContent = "";
    for (const el of form.querySelectorAll("[aria-invalid]")) el.removeAttribute("aria-invalid");
  };
  // back gives a refused message to its author, with what is wrong with it.
  const back = async (m, answer) => {
    unseen.delete(m.id);
    ownWords(m.id)?.remove();
    if (!text.value) text.value = m.text;
    chosen.push(...m.files);
    list();
    mark();
    tellFaults(await answer.json().catch(() => ({})));
  };
  // tellFaults says what is wrong beside the fields and leads to the first; what was typed stays.
  const tellFaults = ({ faults, sentence }) => {
    const all = Object.entries(faults ?? {});
    if (!all.length && sentence) all.push(["text", sentence]);
    const fields = all.map(([name, words]) => {
      const detail = $(name)?.closest("[data-detail]");
      if (detail) detail.hidden = false;
      return fault(name, words);
    });
    (fields.find((f) => f && f.type !== "file") ?? text).focus();
  };
  const send = (m) => {
    const body = new URLSearchParams({ id: m.id, text: m.text, name: m.name, email: m.email, page: m.page.url ?? "", title: m.page.title ?? "" });
    for (const f of m.files) body.append("file", f.id);
    return call("messages", { method: "POST", body });
  };
  let flushing = false, wake = () => {};
  const nap = (ms) => new Promise((done) => { wake = done; setTimeout(done, ms); });
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
      if (tries > 3) { trouble = true; mark(); }
      await nap(wait);
    }
    trouble = false;
    mark();
    flushing = false;
  };
  const taken = () => {
    tell({ type: "begun" });
    store.set("begun", "1");
    details(false, false);
    if (!running) sync().then(stream);
    setTimeout(() => { if (unseen.size) sync(); }, unseenFor); // the stream may still be on its way back
  };
  addEventListener("online", () => { wake(); flush(); });

  // The form.
  let chosen = [], page = {}, draft = ""; // draft names the first message until it is taken or refused
  const details = (name, email) => {
    for (const [detail, asked] of Object.entries({ name, email })) {
      const field = form.querySelector(`[data-detail=${detail}]`);
      if (field) field.hidden = !asked;
    }
  };
  const missing = () => [...form.querySelectorAll("[data-detail]:not([hidden]) input")].filter((i) => !i.value.trim());
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const asked = Object.fromEntries([...form.querySelectorAll("[data-detail] input")].map((i) => [i.name, i.value]));
    clear();
    if (missing().length) return tellFaults({ faults: Object.fromEntries(missing().map((i) => [i.name, words.required])) });
    if (!text.value.trim() && !chosen.length) return text.focus();
    const m = { id: draft ||= random(12), text: text.value.trim(), name: asked.name ?? "", email: asked.email ?? "", files: chosen, page };
    if (form.querySelector("[data-detail]:not([hidden])")) return first(m);
    leave(m);
    flush();
  });
  const leave = (m) => {
    draft = "";
    keep([...waiting(), m]);
    text.value = "";
    chosen = [];
    list();
    typing(false);
    pending(m);
    text.focus();
  };
  // first sends the message that the details come with: the form stays until they are taken.
  const first = async (m) => {
    if (flushing) return;
    flushing = true;
    form.setAttribute("aria-busy", "true");
    let answer;
    try { answer = await send(m); } catch { answer = null; }
    form.removeAttribute("aria-busy");
    flushing = false;
    if (answer && answer.status < 500 && answer.status !== 429) draft = "";
    if (answer?.ok) {
      text.value = "";
      chosen = [];
      list();
      pending(m);
      taken();
      return text.focus();
    }
    if (!answer || answer.status >= 500) return fault("text", words.offline);
    tellFaults(await answer.json().catch(() => ({})));
  };
  text.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      form.requestSubmit();
    }
  });
  addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    if (!$("emojis").hidden) return emojis(false);
    if (window.parent !== window) tell({ type: "close" });
  });

  // Typing, told at most every four seconds.
  let toldAt = 0, hush = 0;
  const typing = (on) => {
    clearTimeout(hush);
    if (!store.get("begun") || !on && !toldAt) return;
    if (on) hush = setTimeout(() => typing(false), 5000);
    if (on && Date.now() - toldAt < 4000) return;
    toldAt = on ? Date.now() : 0;
    call("typing", { method: "POST", body: new URLSearchParams({ on: on ? "1" : "" }) }).catch(() => {});
  };
  text.addEventListener("input", () => typing(text.value !== ""));

  // Files.
  const list = () => {
    $("chosen").replaceChildren(...chosen.map((f) => {
      const li = document.createElement("li"), name = document.createElement("span"), drop = document.createElement("button");
      name.textContent = f.name;
      drop.type = "button";
      drop.textContent = "✕";
      drop.setAttribute("aria-label", words.remove.replace("#", f.name));
      drop.addEventListener("click", () => { chosen = chosen.filter((o) => o !== f); list(); text.focus(); });
      li.append(name, drop);
      return li;
    }));
  };
  const upload = async (file) => {
    news(words.uploading);
    const body = new FormData();
    body.append("file", file);
    try {
      const answer = await call("files", { method: "POST", body });
      if (answer.ok) chosen.push({ ...(await answer.json()), name: file.name });
      else fault("files", (await answer.json()).sentence);
    } catch { fault("files", words.offline); }
    news("");
    list();
  };
  const take = async (files) => { clear(); for (const file of files) await upload(file); };
  $("files").addEventListener("change", async (e) => { await take([...e.target.files]); e.target.value = ""; text.focus(); });
  addEventListener("paste", (e) => { if (e.clipboardData?.files.length) { e.preventDefault(); take([...e.clipboardData.files]); } });
  addEventListener("dragover", (e) => e.preventDefault());
  addEventListener("drop", (e) => { e.preventDefault(); take([...e.dataTransfer.files]); });

  // Emoji.
  const faces = "😀 😄 😂 🙂 😉 😊 😍 😘 🤔 😐 😕 😢 😭 😡 😱 😴 👍 👎 👌 👏 🙏 💪 👋 🤝 ❤️ 💔 🎉 🎁 🔥 ⭐ ✅ ❌ ❓ ❗ ⏰ 📦 🚲 📷 💶 🛒".split(" ");
  const emojis = (on) => {
    const box = $("emojis"), follow = low();
    box.hidden = !on;
    $("emoji").setAttribute("aria-expanded", on);
    if (on && !box.childElementCount) {
      box.append(...faces.map((face) => {
        const b = document.createElement("button");
        b.type = "button";
        b.textContent = face;
        return b;
      }));
    }
    (on ? box.firstElementChild : $("emoji")).focus();
    if (follow) down();
  };
  $("emoji").addEventListener("click", () => emojis($("emojis").hidden));
  $("emojis").addEventListener("click", (e) => {
    if (!e.target.closest("button")) return;
    text.setRangeText(e.target.textContent, text.selectionStart, text.selectionEnd, "end");
    emojis(false);
    text.focus();
  });

  // The stream: a fetch, because an EventSource cannot show the token.
  let last = "", running = null;
  const events = {
    message: (data) => place(parse(data)),
    seen: (data) => { seen = data; mark(); },
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
  const listen = async (signal) => {
    const answer = await call("live", { headers: last ? { "Last-Event-ID": last } : {}, signal });
    if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
    news("");
    wake(); // what waits to be sent need not wait longer
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach(deliver);
    }
  };
  const stream = async () => {
    if (running || !store.get("begun")) return;
    running = new AbortController();
    const mine = running;
    for (let tries = 0; !mine.signal.aborted; ) {
      const began = Date.now();
      try {
        await listen(mine.signal);
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
  addEventListener("pageshow", (e) => { if (e.persisted) stream(); });

  // sync reads the conversation anew.
  const sync = async () => {
    if (!store.get("token")) return;
    const answer = await call("messages").catch(() => null);
    if (!answer) return news(words.offline);
    if (!answer.ok) return;
    const fresh = parse(await answer.text());
    const before = messages();
    before.replaceWith(fresh);
    dress(fresh);
    last ||= fresh.dataset.seq;
    seen = fresh.dataset.seen;
    details("askName" in fresh.dataset, "askEmail" in fresh.dataset);
    if (fresh.querySelector(".msg[id^=m-]")) { store.set("begun", "1"); tell({ type: "begun" }); }
    for (const m of [...unseen.values(), ...waiting()]) pending(m);
    mark();
    down();
    look();
  };
  const start = async () => {
    await sync();
    stream();
    flush();
  };

  const identify = async ({ user, name = "", email = "", expires = "", signature = "" } = {}) => {
    const before = store.get("user");
    if (!user || before === `${user} ${signature}`) return;
    if (before && !before.startsWith(`${user} `)) return forget(); // somebody else at this browser: nothing of theirs may follow
    const answer = await call("identify", { method: "POST", body: new URLSearchParams({ user, name, email, expires, signature }) }).catch(() => null);
    if (!answer?.ok) return console.warn("pult: the shop's signature was refused", answer?.status);
    store.set("user", `${user} ${signature}`);
    store.set("begun", "1");
    stop();
    last = "";
    await start();
  };
  const forget = () => {
    stop();
    for (const name of ["token", "out", "begun", "user"]) store.drop(name);
    tell({ type: "forgot" });
    location.reload();
  };

  // The page around us. Only the shop that the server named is listened to.
  const heard = {
    open(m) {
      page = m.page ?? page;
      shown = true;
      if (m.focus !== false) (form.querySelector("[data-detail]:not([hidden]) input") ?? text).focus();
      down();
      look();
      if (m.person) identify(m.person);
    },
    wait(m) { page = m.page ?? page; shown = false; if (m.person) identify(m.person); },
    close() { shown = false; },
    identify(m) { if (m.person) identify(m.person); },
    forget,
  };
  addEventListener("message", (e) => {
    if (origin && e.origin === origin && e.source === window.parent && e.data?.pult === 1 && Object.hasOwn(heard, e.data.type)) heard[e.data.type](e.data);
  });
  $("close").hidden = window.parent === window;
  $("close").addEventListener("click", () => tell({ type: "close" }));
  start().finally(() => tell({ type: "ready" }));
})();
