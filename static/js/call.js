/*
  How long the call on the panel has lasted. The desk's clock counts: the panel was told what time it was when it was drawn.
  A morph keeps the element and changes its attributes, so they are read anew at every turn.
*/
const second = 1000;

// stopwatch is pure: milliseconds as telephones write them, 3:07 or 1:00:59; see views.Stopwatch.
const stopwatch = (ms) => {
  const s = Math.max(Math.round(ms / second), 0);
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes}:${two(s % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
};

pult.behavior("call-time", {
  connect(el, signal) {
    let told = "";
    let ahead = 0;
    const turn = () => {
      if (told !== el.dataset.now) {
        told = el.dataset.now;
        ahead = Number(told) - Date.now();
      }
      el.textContent = stopwatch(Date.now() + ahead - Number(el.dataset.since));
    };
    const timer = setInterval(turn, second);
    signal.addEventListener("abort", () => clearInterval(timer));
    turn();
  },
});

pult.share("call", { stopwatch });
