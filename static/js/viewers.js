/*
  Those who look on: the reader is hidden from the line of viewers, which is drawn once for all of them. A word that somebody types
  holds for eight seconds; the page of one who stops says nothing more.
*/
const typingFor = 8000;

const hideMyself = (me) => {
  for (const viewer of document.querySelectorAll("#viewers [data-operator]")) viewer.hidden = viewer.dataset.operator === me;
};

const hush = () => {
  for (const el of document.querySelectorAll("#viewers [data-typing]")) el.hidden = true;
  for (const el of document.querySelectorAll("#viewers [data-viewing]")) el.hidden = false;
};

pult.behavior("viewers", {
  connect(el, signal) {
    let quiet = 0;
    document.addEventListener("htmx:finally:swap", () => {
      hideMyself(el.dataset.reader);
      clearTimeout(quiet);
      quiet = setTimeout(hush, typingFor);
    }, { signal });
    signal.addEventListener("abort", () => clearTimeout(quiet));
    hideMyself(el.dataset.reader);
  },
});
