/*
  The thread of a conversation: lines find their places, the end stays in sight of those who look at it, older lines come
  without a jump. Lines carry data-place, a text by which they are ordered; see views.LineKey.
*/
const nearEnd = 80; // pixels from the end that still count as the end

const messages = () => document.getElementById("messages");
const scroller = () => document.getElementById("thread-scroll");
const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;

// before is pure: the index of the first place that stands after the given one.
const before = (places, place) => {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] <= place) low = middle + 1;
    else high = middle;
  }
  return low;
};

// isStale: the stream may tell that a message was sent before the answer to its sending arrives, which knows it as queued.
const isStale = (old, line) => line.dataset.state === "pending" && !old.hasAttribute("data-local") && (old.dataset.state ?? "pending") !== "pending";

// put moves one line to its place, in the stead of the line with its id. The end of a thread that is not read to its end
// stays open: what is newer comes with the pages in between.
const put = (thread, line) => {
  const old = document.getElementById(line.id);
  if (old && isStale(old, line)) return undefined;
  if (old?.dataset.place === line.dataset.place) return old.replaceWith(line);
  const later = document.getElementById("later");
  const lines = [...thread.children].filter((el) => el !== old && el !== later);
  const at = before(lines.map((el) => el.dataset.place ?? ""), line.dataset.place);
  if (later && at === lines.length) return undefined;
  old?.remove();
  return thread.insertBefore(line, lines[at] ?? later);
};

// Swap style "thread": every child of the fragment is a line that goes to its place.
htmx.registerExtension("thread", {
  handle_swap(style, thread, fragment) {
    if (style !== "thread") return false;
    const lines = [...fragment.children];
    for (const line of lines) put(thread, line);
    document.getElementById("thread-empty")?.remove();
    return lines.filter((line) => line.isConnected);
  },
});

// Two pages of messages may begin and end on the same day: its heading is wanted once, where it stands first.
const dropDoubleDays = (thread) => {
  const seen = new Set();
  for (const day of thread.querySelectorAll(".thread-day")) {
    if (seen.has(day.id)) day.remove();
    seen.add(day.id);
  }
};

const flash = (message) => {
  message.dataset.found = "";
  message.addEventListener("animationend", () => delete message.dataset.found, { once: true });
};

// show brings a message into sight; false when it is not in the page.
const show = (id) => {
  const message = document.getElementById(`m-${id}`);
  if (!message) return false;
  message.scrollIntoView({ block: "center" });
  message.focus({ preventScroll: true });
  flash(message);
  return true;
};

const toEnd = () => {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
};

pult.share("thread", { before, show, toEnd, atEnd: () => atEnd(scroller()) });

pult.behavior("thread", {
  connect(box, signal) {
    const button = document.querySelector("[data-jump-latest]");
    const count = document.querySelector("[data-jump-count]");
    let stick = true;
    let fresh = 0;
    let keep = null; // distance from the end while an older page is put in front

    const mark = () => {
      button.hidden = stick && !document.getElementById("later");
      count.hidden = fresh === 0;
      count.textContent = String(fresh);
    };
    const settle = () => {
      if (keep !== null) box.scrollTop = box.scrollHeight - keep;
      else if (stick) toEnd();
      mark();
    };

    box.addEventListener("scroll", () => {
      stick = atEnd(box);
      if (stick) fresh = 0;
      mark();
    }, { signal, passive: true });

    box.addEventListener("htmx:before:swap", (event) => {
      if (event.target.id === "earlier" || event.detail.ctx?.sourceElement?.id === "earlier") keep = box.scrollHeight - box.scrollTop;
    }, { signal });
    box.addEventListener("htmx:finally:swap", () => {
      dropDoubleDays(messages());
      settle();
      requestAnimationFrame(() => { keep = null; });
    }, { signal });

    const watcher = new MutationObserver((records) => {
      const added = records.flatMap((record) => [...record.addedNodes]).filter((el) => el.nodeType === Node.ELEMENT_NODE);
      if (keep === null && !stick) fresh += added.filter((el) => el.matches(".msg[data-from='them']") && !el.nextElementSibling?.matches(".msg")).length;
      settle();
    });
    watcher.observe(messages(), { childList: true });
    // A picture that arrives, or a composer that grows, must not push the end out of sight.
    const sizes = new ResizeObserver(settle);
    sizes.observe(messages());
    sizes.observe(box);
    signal.addEventListener("abort", () => { watcher.disconnect(); sizes.disconnect(); });

    button.addEventListener("click", () => {
      if (document.getElementById("later")) return location.assign(location.pathname);
      fresh = 0;
      toEnd();
      return undefined;
    }, { signal });

    const wanted = document.getElementById("panes").dataset.at;
    const unread = document.getElementById("unread-line");
    if (wanted && show(wanted)) stick = false;
    else if (unread && unread.offsetTop < box.scrollHeight - box.clientHeight) {
      unread.scrollIntoView({ block: "start" });
      stick = atEnd(box);
    } else toEnd();
    mark();
  },
});
