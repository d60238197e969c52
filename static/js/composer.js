/*
  The place to write: it sends by Enter or Ctrl+Enter as the reader prefers, never in the middle of composing a sign, counts
  characters, keeps what is typed on the desk, and tells colleagues that somebody types.
*/
const sendable = 0.8; // from this part of the limit on the count is shown
const draftAfter = 1000;
const typingEvery = 4000;
const viewingEvery = 20000;

// length is pure: characters as the desk counts them, which are code points and not the halves of them.
const length = (text) => [...text].length;

// wantsSend is pure: whether a key press in the text sends it.
const wantsSend = (event, enterSends) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.shiftKey || event.altKey) return false;
  return enterSends || event.ctrlKey || event.metaKey;
};

const say = (sentence, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);

const parts = (box) => ({
  form: box.querySelector("form.composer"), text: box.querySelector(".composer-text"), button: box.querySelector("[data-send]"),
  count: box.querySelector("[data-count]"), draft: box.querySelector("[data-draft]"), cc: box.querySelector("[name='cc']"), quote: box.querySelector("[data-quote]"),
});

const filesOf = (box) => [...box.querySelectorAll("#uploads [data-file]")];
const limitOf = (box) => Number(filesOf(box).length > 0 && length(box.querySelector(".composer-text").value) <= Number(box.dataset.maxCaption) ? box.dataset.maxCaption : box.dataset.max) || Infinity;

// showSegments says how many parts a text message takes: each is charged for.
const showSegments = (box, count, text) => {
  const { segments, used, room, unicode } = pult.use("segments").count(text);
  count.hidden = used === 0;
  count.dataset.state = unicode && segments > 1 ? "near" : "";
  count.textContent = say(box.dataset.saySegments, { parts: segments, used, room });
};

const refresh = (box) => {
  const { text, button, count } = parts(box);
  const n = length(text.value);
  const most = limitOf(box);
  const over = n > most;
  count.hidden = n < most * sendable;
  count.dataset.state = over ? "over" : "near";
  count.textContent = say(box.dataset.sayLeft, { count: n, most });
  if ("segments" in box.dataset && !over) showSegments(box, count, text.value);
  const waiting = box.querySelector("#uploads [data-state='sending']") !== null;
  button.disabled = over || waiting || (text.value.trim() === "" && filesOf(box).length === 0);
};

const setQuote = (box, id, author, words) => {
  const { quote } = parts(box);
  quote.hidden = !id;
  quote.querySelector("[name='reply_to']").value = id;
  quote.querySelector("[data-quote-by]").textContent = author;
  quote.querySelector("[data-quote-text]").textContent = words;
};

// A draft that the desk could not take is kept in the browser, for the one who typed it.
const keptKey = (box) => `pult.draft.${pult.use("session").reader()}.${box.dataset.conversation}`;

const kept = {
  put(box, text) {
    try {
      if (text.trim()) localStorage.setItem(keptKey(box), text);
    } catch { /* storage is forbidden: the page still has it */ }
  },
  drop(box) {
    try {
      localStorage.removeItem(keptKey(box));
    } catch { /* then there is nothing */ }
  },
  take(box) {
    try {
      return localStorage.getItem(keptKey(box)) ?? "";
    } catch {
      return "";
    }
  },
};

const drafts = (box) => {
  let timer = 0;
  let saved = null; // what was sent to be kept
  let taken = null; // what the desk has
  const now = () => {
    const form = new URLSearchParams({ text: parts(box).text.value, reply_to: parts(box).quote.querySelector("[name='reply_to']").value });
    const { cc } = parts(box);
    if (cc && cc.value !== cc.defaultValue) form.set("cc", cc.value);
    for (const file of filesOf(box)) form.append("file", file.dataset.file);
    return form.toString();
  };
  const post = (content) => fetch(`/chats/${box.dataset.conversation}/draft`, {
    method: "POST", body: content, keepalive: content.length < 60000, headers: { "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded" },
  });
  const save = async () => {
    clearTimeout(timer);
    const content = now();
    if (content === saved) return;
    saved = content;
    const done = pult.use("session").took(await post(content).catch(() => null));
    if (done) {
      taken = content;
      kept.drop(box);
    } else {
      saved = null;
      keep();
    }
    if (parts(box).text.value) parts(box).draft.textContent = done ? box.dataset.saySaved : box.dataset.sayUnsaved;
  };
  const keep = () => { if (now() !== taken) kept.put(box, parts(box).text.value); };
  saved = taken = now();
  return {
    save, keep,
    // restore gives what an earlier page could not save, before what was written since.
    restore() {
      const { text } = parts(box);
      const old = kept.take(box);
      if (!old || text.value.includes(old)) return kept.drop(box);
      text.value = text.value.trim() ? `${old}\n${text.value}` : old;
      return save();
    },
    later() {
      clearTimeout(timer);
      parts(box).draft.textContent = "";
      timer = setTimeout(save, draftAfter);
    },
    // The desk drops the draft with the reply; what is typed next is saved in any case.
    sent() {
      clearTimeout(timer);
      parts(box).draft.textContent = "";
      saved = taken = now();
      kept.drop(box);
    },
  };
};

const presence = (box, signal) => {
  let typedAt = 0;
  const post = (values) => fetch(`/chats/${box.dataset.conversation}/presence`, {
    method: "POST", body: new URLSearchParams(values), keepalive: true, headers: { "HX-Request": "true" },
  }).catch(() => {});
  const look = () => { if (!document.hidden) post({}); };
  const timer = setInterval(look, viewingEvery);
  signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", () => (document.hidden ? post({ gone: "1" }) : look()), { signal });
  addEventListener("pagehide", () => post({ gone: "1" }), { signal });
  look();
  return {
    typing() {
      if (Date.now() - typedAt < typingEvery) return;
      typedAt = Date.now();
      post({ typing: "1" });
    },
    quiet() {
      typedAt = 0;
      post({});
    },
  };
};

// followHead keeps whom a letter goes to true when others join in meanwhile; copies that the reader typed stay as typed.
const followHead = (box, signal) => {
  const { cc } = parts(box);
  const head = () => document.getElementById("conversation-head")?.dataset ?? {};
  let last = head().cc;
  if (!cc) return;
  document.addEventListener("htmx:finally:swap", () => {
    const { to, cc: now } = head();
    if (to !== undefined) box.querySelector("[data-letter-to]").textContent = to;
    if (now === undefined || now === last) return;
    if (cc.value === last) {
      cc.value = now;
      cc.defaultValue = now;
      box.querySelector("[data-cc-glance]").textContent = now || "–";
    }
    last = now;
  }, { signal });
};

const current = { box: null };

pult.share("composer", {
  focus() {
    const { text } = parts(current.box);
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  },
  quote(message) {
    const author = message.querySelector(".msg-by bdi")?.textContent ?? document.querySelector("#conversation-head h2")?.textContent ?? "";
    setQuote(current.box, message.dataset.message, author, message.querySelector("[data-copy]")?.textContent ?? "");
    this.focus();
    current.changed();
  },
});

pult.behavior("composer", {
  connect(box, signal) {
    const { form, text, quote } = parts(box);
    const draft = drafts(box);
    const here = presence(box, signal);
    followHead(box, signal);
    const changed = () => {
      refresh(box);
      draft.later();
    };
    Object.assign(current, { box, changed });
    const chips = new Map(); // by message: they come back when it cannot be sent
    const giveBack = (item) => {
      box.querySelector("#uploads").append(...chips.get(item.id) ?? []);
      text.value = text.value.trim() ? `${item.text}\n${text.value}` : item.text;
      changed();
      text.focus();
    };
    const line = pult.use("sender")(box, giveBack);

    form.addEventListener("submit", (event) => {
      if (event.submitter?.matches("[data-upload-remove]")) return;
      event.preventDefault();
      refresh(box);
      if (parts(box).button.disabled) return;
      const files = filesOf(box);
      document.getElementById("composer-error").replaceChildren();
      const id = line.send(text.value, quote.querySelector("[name='reply_to']").value, files.map((el) => el.dataset.file), files.map((el) => el.querySelector("bdi")?.textContent ?? ""), parts(box).cc?.value);
      chips.set(id, files);
      for (const el of files) el.remove();
      text.value = "";
      setQuote(box, "", "", "");
      refresh(box);
      draft.sent();
      here.quiet();
      text.focus();
    }, { signal });

    text.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && quote.hidden) text.blur(); // single keys work again
      else if (event.key === "Escape") {
        setQuote(box, "", "", "");
        changed();
      }
      if (!wantsSend(event, box.dataset.enter === "send")) return;
      event.preventDefault();
      if (!event.repeat) form.requestSubmit();
    }, { signal });
    text.addEventListener("input", () => {
      changed();
      here.typing();
    }, { signal });
    parts(box).cc?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // a letter is not sent by the way
      if (event.ctrlKey || event.metaKey) form.requestSubmit();
      else text.focus();
    }, { signal });
    parts(box).cc?.addEventListener("input", () => {
      box.querySelector("[data-cc-glance]").textContent = parts(box).cc.value || "–";
      draft.later();
    }, { signal });
    box.addEventListener("composer:files", changed, { signal });
    quote.querySelector("[data-quote-cancel]").addEventListener("click", () => {
      setQuote(box, "", "", "");
      changed();
      text.focus();
    }, { signal });
    text.addEventListener("blur", draft.save, { signal });
    addEventListener("pagehide", draft.save, { signal });
    document.addEventListener("pult:ended", draft.keep, { signal });
    draft.restore();
    line.restore();
    refresh(box);
  },
});

pult.share("composing", { length, wantsSend });
