/* The page of results: arrows walk through them from the field and back, Enter opens (they are links). */
const linksOf = (page) => [...page.querySelectorAll(".result a.table-link")];

pult.behavior("search", {
  connect(page, signal) {
    page.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const field = page.querySelector("input[type='search']");
      if (!by || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, [type='radio'], [type='date']")) return;
      const links = linksOf(page);
      const at = links.indexOf(document.activeElement);
      if (links.length === 0 || (at < 0 && by < 0)) return;
      event.preventDefault();
      const to = links[at + by];
      if (to) to.focus(); else if (by < 0) field.focus();
    }, { signal });
  },
});
