/*
  Time that passes on the page: the window for writing freely, which locks the place to write by itself, and how long the
  customer has waited. The desk's clock counts: the page was told what time it was when it was drawn.
*/
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// parts is pure: a length of time as pairs of number and unit, at most two of them; see i18n.Duration.
const parts = (ms) => {
  const left = Math.max(ms, 0);
  const n = (unit) => Math.floor(left / unit);
  if (left < minute) return [[n(second), "second"]];
  if (left < 5 * minute) return [[n(minute), "minute"], [n(second) % 60, "second"]];
  if (left < hour) return [[n(minute), "minute"]];
  if (left < 2 * day) return [[n(hour), "hour"], [n(minute) % 60, "minute"]];
  return [[n(day), "day"], [n(hour) % 24, "hour"]];
};

const write = (ms, words) => parts(ms).filter(([n], i) => i === 0 || n > 0).map(([n, unit]) => `${n}\u00a0${words[unit]}`).join("\u00a0");

// state is pure: how the window stands with so much time left, and so much in which only a person may write.
const state = (ms, personal = 0) => {
  if (ms <= 0) return personal > 0 ? "personal" : "closed";
  return ms < hour ? "closing" : "open";
};

const clock = { ahead: 0 }; // how far the desk's clock is ahead of the browser's
const now = () => Date.now() + clock.ahead;

pult.share("window", { parts, state, now });

const read = (el) => {
  if (el?.dataset.now && el.dataset.read !== el.dataset.now) {
    el.dataset.read = el.dataset.now;
    clock.ahead = Number(el.dataset.now) - Date.now();
  }
};

const sentence = (words, is, left) => {
  if (is === "closed") return words.sayClosed;
  return (is === "personal" ? words.sayPersonal : words.sayOpen).replace("{time}", write(left, words));
};

const lock = (box, closed) => {
  for (const el of box.querySelectorAll("[data-when-closed]")) el.hidden = !closed;
  for (const el of box.querySelectorAll("[data-when-open]")) el.hidden = closed;
};

// A customer who takes no message is told apart from one who has not written for too long.
const tellWhy = (box, refused) => {
  for (const el of box.querySelectorAll("[data-when-refused]")) el.hidden = !refused;
  for (const el of box.querySelectorAll("[data-when-over]")) el.hidden = refused;
};

const tick = (box) => {
  const el = box.querySelector("#window");
  read(el);
  const refused = el?.hasAttribute("data-refused") ?? false;
  tellWhy(box, refused);
  if (refused) return lock(box, true);
  if (!el || el.dataset.limited !== "yes") return lock(box, false);
  const left = el.dataset.until ? Number(el.dataset.until) - now() : 0;
  const personal = el.dataset.personal ? Number(el.dataset.personal) - now() : 0;
  const chip = el.querySelector(".window-chip");
  const is = state(left, personal);
  if (chip) chip.dataset.state = is;
  const text = sentence(el.dataset, is, is === "personal" ? personal : left);
  const place = el.querySelector("[data-window-text]");
  if (place && place.textContent !== text) place.textContent = text;
  return lock(box, is === "closed");
};

pult.behavior("window", {
  connect(box, signal) {
    const turn = () => tick(box);
    const timer = setInterval(turn, second);
    document.addEventListener("htmx:finally:swap", turn, { signal });
    signal.addEventListener("abort", () => clearInterval(timer));
    turn();
  },
});

pult.behavior("since", {
  connect(el, signal) {
    const words = document.getElementById("window");
    const turn = () => { if (words?.isConnected) el.textContent = write(now() - Number(el.dataset.since), words.dataset); };
    const timer = setInterval(turn, second);
    signal.addEventListener("abort", () => clearInterval(timer));
  },
});
