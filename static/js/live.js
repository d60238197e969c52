/*
  The page and its stream: says when the connection is lost and when it is back, loads the page anew when it is too old,
  keeps the number of waiting customers in the title, and makes a short sound for what a customer just wrote.
  The stream itself is htmx's hx-sse on #live; its named events arrive here as events of the element.
*/
const patience = 2500; // a reconnection that is quicker is nobody's business
const healedFor = 4000;
const soundEvery = 1500;

let context = null; // of the sound; browsers allow one only after somebody touched the page
let lastSound = 0;

const allowSound = () => {
  context ??= new AudioContext();
  context.resume();
};
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, allowSound, { once: true, passive: true });

// beep is two soft tones: heard in a room, not startling.
const beep = () => {
  if (!context || context.state !== "running" || Date.now() - lastSound < soundEvery) return;
  lastSound = Date.now();
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

const showWaiting = (sink, waiting) => {
  document.title = titled(document.title, waiting);
  const icon = document.querySelector("link[rel='icon']");
  const wanted = waiting > 0 ? sink.dataset.faviconNews : sink.dataset.favicon;
  if (icon && wanted && icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
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

const leave = () => location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);

pult.behavior("live", {
  connect(sink, signal) {
    const on = (name, listener) => sink.addEventListener(name, listener, { signal });
    on("htmx:sse:after:connection", (event) => {
      if (event.detail.connection.status === 204) leave(); // the answer to a request without a session
      else heal();
    });
    on("htmx:sse:before:connection", (event) => { if (event.detail.connection.attempt > 0) lose(); });
    on("htmx:sse:error", lose);
    on("htmx:error", lose);
    on("signin", leave);
    on("reload", () => location.reload());
    on("fresh", beep);
    on("counts", (event) => showWaiting(sink, Number(event.detail.data)));
  },
});

pult.share("live", { titled });
