/*
  Sending: a bubble stands in the thread at once, under the identifier the message will keep, and the desk's answer takes
  its place. Texts leave one after the other. When the desk cannot be reached the bubble says so, its text is kept in the
  browser until it has left, and trying again uses the same identifier, so nothing is ever sent twice. What is kept is its
  author's: whoever else signs in does not find it.
*/
const { make } = pult.use("message-id");
const { reader, took } = pult.use("session");
const desk = pult.use("window");

const keyOf = (box) => `pult.unsent.${reader()}.${box.dataset.conversation}`;

// Storage may be forbidden: then a text is only kept as long as the page.
const stored = (box) => {
  try {
    return JSON.parse(localStorage.getItem(keyOf(box))) ?? [];
  } catch {
    return [];
  }
};

const store = (box, list) => {
  try {
    if (list.length > 0) localStorage.setItem(keyOf(box), JSON.stringify(list));
    else localStorage.removeItem(keyOf(box));
  } catch { /* the bubble still has it */ }
};

const forget = (box, id) => store(box, stored(box).filter((item) => item.id !== id));
const remember = (box, item) => store(box, [...stored(box).filter((other) => other.id !== item.id), item]);

const bubble = (item) => {
  const el = document.getElementById("pending-template").content.firstElementChild.cloneNode(true);
  const at = new Date(item.at);
  el.id = `m-${item.id}`;
  el.dataset.place = `${String(item.at).padStart(13, "0")}-${item.id}`;
  el.querySelector(".msg-by bdi").textContent = item.author;
  el.querySelector(".msg-text").textContent = item.text;
  el.querySelector(".msg-files").textContent = item.names.join(", ");
  const time = el.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  return el;
};

const body = (item) => {
  const form = new URLSearchParams({ id: item.id, text: item.text, reply_to: item.replyTo });
  if (item.cc !== undefined) form.set("cc", item.cc);
  for (const file of item.files) form.append("file", file);
  return form;
};

const swap = (text) => htmx.swap({ text, sourceElement: document.getElementById("panes"), target: document.getElementById("messages"), swap: "none" });

const sender = (box, giveBack) => {
  let line = Promise.resolve();

  const fail = (item) => {
    const el = document.getElementById(`m-${item.id}`);
    if (!el) return;
    el.dataset.state = "failed";
    el.querySelector(".ticks").hidden = true;
    el.querySelector(".msg-failure").hidden = false;
    el.querySelector("[data-send-retry]").onclick = () => again(item);
    el.querySelector("[data-send-edit]").onclick = () => {
      el.remove();
      forget(box, item.id);
      giveBack(item);
    };
  };

  const attempt = async (item) => {
    const answer = await fetch(`/chats/${box.dataset.conversation}/reply`, {
      method: "POST", body: body(item), headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
    }).catch(() => null);
    // One that leads elsewhere is no answer, though it says that all is well.
    if (!answer || answer.status >= 500 || answer.status === 429 || (answer.ok && !took(answer))) return fail(item);
    const text = await answer.text().catch(() => "");
    forget(box, item.id);
    if (!answer.ok) {
      document.getElementById(`m-${item.id}`)?.remove();
      giveBack(item);
    }
    return swap(text);
  };

  const again = (item) => {
    const el = document.getElementById(`m-${item.id}`);
    el?.replaceWith(bubble(item));
    line = line.then(() => attempt(item));
  };

  const show = (item) => {
    document.getElementById("thread-empty")?.remove();
    document.getElementById("messages").append(bubble(item));
  };

  return {
    send(text, replyTo, files, names, cc) {
      const at = Math.round(desk.now());
      const item = { id: make(at), at, text, replyTo, files, names, cc, author: box.dataset.author };
      remember(box, item);
      show(item);
      pult.use("thread").toEnd();
      line = line.then(() => attempt(item));
      return item.id;
    },
    // What had not left when the page was closed stands there again, to be tried or taken back.
    restore() {
      for (const item of stored(box)) {
        if (document.getElementById(`m-${item.id}`)) forget(box, item.id); // it had arrived after all
        else {
          show(item);
          fail(item);
        }
      }
    },
  };
};

pult.share("sender", sender);
