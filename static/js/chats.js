/*
  The chats table: rows find their place by themselves, the cursor walks over them, lamps turn red when a wait grows long.

  <tbody data-behavior="rows" data-order="desc"> holds rows with data-place, a text that sorts them; equal ones are sorted by
  their id. The swap style "row"
  puts each row of a partial where it belongs: one that is there already is replaced, one that would stand below the last
  loaded row waits for the next page, which comes with "row all:true". A row without a place stays where it is, or comes last.
*/
const late = 15 * 60 * 1000;
const lampsEvery = 30 * 1000;

// before is pure: does place a stand before place b in a table of this order?
const before = (a, b, order) => (order === "asc" ? a < b : a > b);

const rowsOf = (body) => [...body.querySelectorAll(":scope > tr[data-place]")];

// placeOf is the text by which a row is sorted, "" for one without a place.
const placeOf = (row) => (row.dataset.place ? `${row.dataset.place} ${row.id}` : "");

// put places one row and tells where it went: "kept", "moved", "added" or "below".
const put = (body, row, all) => {
  const old = document.getElementById(row.id);
  const place = placeOf(row);
  if (old && (!place || placeOf(old) === place)) {
    old.replaceWith(row);
    return "kept";
  }
  const rest = rowsOf(body).filter((other) => other !== old);
  const next = place ? rest.find((other) => placeOf(other) && before(place, placeOf(other), body.dataset.order)) : null;
  if (!next && place && !all && document.querySelector("#chats-more a")) {
    old?.remove();
    return "below";
  }
  old?.remove();
  body.insertBefore(row, next ?? null);
  return old ? "moved" : "added";
};

// putAll keeps the cursor, and the focus if it was there, on the conversation they were on.
const putAll = (body, rows, all) => {
  const current = body.querySelector("[data-current]")?.id;
  const focused = body.contains(document.activeElement) ? document.activeElement.closest("tr")?.id : null;
  for (const row of rows) {
    if (put(body, row, all) !== "kept" && !all) row.dataset.moved = "";
  }
  if (!body.querySelector("[tabindex='0']")) body.firstElementChild?.setAttribute("tabindex", "0");
  if (current) document.getElementById(current)?.setAttribute("data-current", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

htmx.registerExtension("pult-rows", {
  handle_swap(style, target, fragment, spec) {
    if (style !== "row") return false;
    const rows = [...fragment.children];
    putAll(target, rows, spec.all);
    return rows;
  },
});

// showEmpty swaps the table for the words about an empty one when the last row went, and back.
const showEmpty = (body) => {
  const none = !body.firstElementChild;
  body.closest("table").hidden = none;
  const words = document.getElementById("chats-empty");
  if (words) words.hidden = !none;
};

const lamps = (body) => {
  for (const lamp of body.querySelectorAll(".beacon[data-since]")) {
    lamp.toggleAttribute("data-late", Date.now() - Date.parse(lamp.dataset.since) > late);
  }
};

// idOf is the conversation of a row, whose id is "row-" and that.
const idOf = (row) => row.id.slice("row-".length);

const open = (row) => { if (row?.id) location.assign(`/chats/${idOf(row)}`); };

const choose = (body, row) => {
  for (const other of body.querySelectorAll("[data-current]")) {
    if (other !== row) other.removeAttribute("data-current");
  }
  if (!row) return;
  row.setAttribute("data-current", "");
  row.focus();
  row.scrollIntoView({ block: "nearest" });
};

// step moves the cursor; from nowhere it goes to the first row, up or down alike.
const step = (body, by) => {
  const rows = [...body.children];
  const at = rows.findIndex((row) => row.hasAttribute("data-current"));
  const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  choose(body, rows[to]);
  if (to >= rows.length - 3) document.querySelector("#chats-more a")?.click();
};

const act = (body, verb) => {
  const row = body.querySelector("[data-current]");
  if (row) htmx.ajax("POST", `/chats/rows/${idOf(row)}/${verb}`, { source: body, swap: "none" });
};

pult.share("rows", { step: (by) => { const body = document.getElementById("chat-rows"); if (body) step(body, by); return Boolean(body); } });

pult.behavior("rows", {
  connect(body, signal) {
    const timer = setInterval(() => lamps(body), lampsEvery);
    const watch = new MutationObserver(() => showEmpty(body));
    watch.observe(body, { childList: true });
    signal.addEventListener("abort", () => { clearInterval(timer); watch.disconnect(); });
    body.firstElementChild?.setAttribute("tabindex", "0"); // one stop for the Tab key, arrows do the rest
    body.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr");
      for (const other of body.querySelectorAll("[tabindex='0'], [data-current]")) {
        other.setAttribute("tabindex", "-1");
        other.removeAttribute("data-current");
      }
      row.setAttribute("tabindex", "0");
      row.setAttribute("data-current", "");
    }, { signal });
    body.addEventListener("dblclick", (event) => open(event.target.closest("tr")), { signal });
    body.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.key === "Enter" && event.target.matches("tr")) open(event.target);
      else if (event.key === "ArrowDown") step(body, 1);
      else if (event.key === "ArrowUp") step(body, -1);
      else return;
      event.preventDefault();
    }, { signal });
  },
});

// The buttons of the row actions are for the keyboard and the palette: they act on the row under the cursor.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-row-action]");
  const body = button && document.getElementById("chat-rows");
  if (body) act(body, button.dataset.rowAction);
});

// A filter form asks a moment after the last letter, and at once for anything else; Escape empties its field.
pult.behavior("chats-filter", {
  connect(form, signal) {
    const field = form.querySelector("input[type='search']");
    let timer = 0;
    const ask = () => form.dispatchEvent(new CustomEvent("filter"));
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 250); }, { signal });
    // The field tells "change" when it is left: what was typed has been asked by then.
    field.addEventListener("change", (event) => event.stopPropagation(), { signal });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        if (field.value) { field.value = ""; ask(); } else field.blur();
      } else if (event.key === "ArrowDown" && document.getElementById("chat-rows")) {
        event.preventDefault();
        step(document.getElementById("chat-rows"), 0);
      }
    }, { signal });
    signal.addEventListener("abort", () => clearTimeout(timer));
  },
});

// The column chooser: a button moves its line up or down, and the form tells that it changed.
pult.behavior("columns", {
  connect(form, signal) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      const line = button?.closest(".column");
      const other = button?.dataset.move === "up" ? line?.previousElementSibling : line?.nextElementSibling;
      if (!other) return;
      if (button.dataset.move === "up") other.before(line); else other.after(line);
      button.focus();
      form.dispatchEvent(new CustomEvent("moved"));
    }, { signal });
  },
});

// The summary folds at once; the server only remembers it.
pult.behavior("chats", {
  connect(list, signal) {
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-summary-switch]");
      const panel = document.getElementById("summary");
      if (!button || !panel) return;
      event.preventDefault();
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
      htmx.ajax("POST", "/chats/summary", { source: list, swap: "none", values: { closed: panel.hidden ? "1" : "0" } });
    }, { signal });
  },
});

pult.share("chats", { before });
