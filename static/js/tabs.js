/*
  The tab bar. Without script a tab's button posts a form and leads back to the table; with it the tab goes away where one
  is, unless it is the tab of the open page itself.
*/
const linksOf = (bar) => [...bar.querySelectorAll(".tab-link")];

const currentOf = (bar) => bar.querySelector(".tab:has(.tab-link[aria-current])");

const close = (bar, form) => {
  const current = currentOf(bar);
  const values = current?.dataset.tab ? { current: current.dataset.tab } : { active: current ? "chats" : "" };
  const tab = form.closest(".tab");
  const next = (tab.nextElementSibling ?? tab.previousElementSibling)?.id;
  htmx.ajax("POST", form.getAttribute("action"), { source: bar, swap: "none", values }).then(() => {
    const link = next ? document.getElementById(next)?.querySelector(".tab-link") : bar.querySelector(".tab-link");
    if (document.activeElement === document.body) link?.focus(); // the focus was on the button that has gone
  });
};

pult.behavior("tabs", {
  connect(bar, signal) {
    currentOf(bar)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    bar.addEventListener("submit", (event) => {
      const form = event.target.closest("[data-tab-close]");
      if (!form || form.closest(".tab") === currentOf(bar)) return;
      event.preventDefault();
      close(bar, form);
    }, { signal });
    // The middle button closes, as it does in browsers.
    bar.addEventListener("auxclick", (event) => {
      const form = event.button === 1 && event.target.closest(".tab")?.querySelector("[data-tab-close]");
      if (!form) return;
      event.preventDefault();
      form.requestSubmit();
    }, { signal });
  },
});

pult.share("tabs", {
  // go opens the next (1) or the previous (-1) tab, round the corner.
  go(by) {
    const bar = document.getElementById("tabs");
    const links = bar ? linksOf(bar) : [];
    if (links.length < 2) return false;
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[(Math.max(at, 0) + by + links.length) % links.length].click();
    return true;
  },
  // close takes the tab of the open page away.
  close() {
    const bar = document.getElementById("tabs");
    const form = bar && currentOf(bar)?.querySelector("[data-tab-close]");
    form?.requestSubmit();
    return Boolean(form);
  },
});
