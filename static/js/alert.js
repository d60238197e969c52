/*
  A banner that can be put away until the trouble changes:
    <p class="banner alert" data-behavior="alert" data-alert="key">…<button data-alert-close hidden>…</button></p>
  Which ones were put away is kept for this tab. The stream draws banners anew, so what was put away is hidden again then.
*/
const storageKey = "pult_alerts";

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey)) ?? [];
  } catch {
    return [];
  }
};

const set = (el, hidden) => { if (el.hidden !== hidden) el.hidden = hidden; };

const apply = (banner) => {
  set(banner, read().includes(banner.dataset.alert));
  set(banner.querySelector("[data-alert-close]"), false);
};

pult.behavior("alert", {
  connect(banner, signal) {
    apply(banner);
    banner.querySelector("[data-alert-close]").addEventListener("click", () => {
      try {
        sessionStorage.setItem(storageKey, JSON.stringify([...read(), banner.dataset.alert].slice(-50)));
      } catch {
        // without storage it is put away until the next page
      }
      banner.hidden = true;
    }, { signal });
    const watcher = new MutationObserver(() => apply(banner)); // which changes nothing the second time
    watcher.observe(banner, { attributes: true, subtree: true, attributeFilter: ["data-alert", "hidden"] });
    signal.addEventListener("abort", () => watcher.disconnect());
  },
});
