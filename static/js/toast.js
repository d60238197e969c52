/*
  Toasts. Server: append <div class="toast" data-behavior="toast" data-timeout="6000">…</div> to #toasts.
  Script: pult.use("toast")(text, { tone, timeout }) fills a copy of <template id="toast-template">.
  A toast without data-timeout stays until it is closed; one that is being read (pointer or focus on it) waits.
*/
const leaveLater = (toast, signal) => {
  const wait = Number(toast.dataset.timeout);
  if (!(wait > 0)) return;
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const restart = () => { stop(); timer = setTimeout(() => toast.remove(), wait); };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop, { signal });
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, restart, { signal });
  signal.addEventListener("abort", stop);
  restart();
};

pult.behavior("toast", {
  connect(toast, signal) {
    leaveLater(toast, signal);
    toast.addEventListener("click", (event) => {
      if (event.target.closest("[data-toast-close]")) toast.remove();
    }, { signal });
  },
});

pult.share("toast", (text, { tone = "", timeout = 6000 } = {}) => {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !template) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector(".toast-text, [data-toast-text]").textContent = text;
  if (tone) toast.dataset.tone = tone;
  if (timeout > 0) toast.dataset.timeout = String(timeout);
  region.append(toast);
});
