/*
  The command palette: one list of what this page offers (data-key, see keyboard.js), what the server found, and the places.
  The focus stays in the field; arrows move the choice, Enter takes it.
*/
const { offered, keysOf, labelOf, run } = pult.use("keyboard");

// fold makes "Pridat" find "Přidat".
const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

const itemsOf = (dialog) => [...dialog.querySelectorAll("[role='option']")].filter((item) => !item.hidden);

const pretty = (key) => key.replace("mod+", navigator.platform.startsWith("Mac") ? "⌘ " : "Ctrl+").replace("-", " ");

const addActions = (dialog) => {
  const group = dialog.querySelector("#palette-actions");
  const template = dialog.querySelector("#palette-action");
  for (const el of offered()) {
    if (dialog.contains(el)) continue;
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector("span").textContent = labelOf(el);
    item.querySelector("kbd").textContent = pretty(keysOf(el)[0]);
    item.addEventListener("click", () => { dialog.close(); run(el); });
    group.append(item);
  }
  group.hidden = group.querySelectorAll("[role='option']").length === 0;
};

const choose = (dialog, item) => {
  for (const other of dialog.querySelectorAll("[aria-selected='true']")) other.setAttribute("aria-selected", "false");
  const field = dialog.querySelector(".palette-query");
  if (!item) return field.removeAttribute("aria-activedescendant");
  item.id ||= `palette-item-${Math.random().toString(36).slice(2)}`;
  item.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
};

// narrow hides the actions and places that the words do not fit; what the server found fits already.
const narrow = (dialog) => {
  const words = fold(dialog.querySelector(".palette-query").value).split(/\s+/).filter(Boolean);
  for (const item of dialog.querySelectorAll("[role='option']:not([data-found])")) {
    const text = fold(item.textContent);
    item.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of dialog.querySelectorAll("[role='group']")) {
    group.hidden = ![...group.querySelectorAll("[role='option']")].some((item) => !item.hidden);
  }
  const items = itemsOf(dialog);
  dialog.querySelector("#palette-none").hidden = items.length > 0;
  choose(dialog, items[0]);
};

const onKey = (dialog, event) => {
  const items = itemsOf(dialog);
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(dialog, items[(at + 1) % items.length]);
  else if (event.key === "ArrowUp") choose(dialog, items[(at <= 0 ? items.length : at) - 1]);
  else if (event.key === "Enter" && !event.isComposing) items[at]?.click();
  else return;
  event.preventDefault();
};

pult.behavior("palette", {
  connect(dialog, signal) {
    addActions(dialog);
    narrow(dialog);
    dialog.addEventListener("input", () => narrow(dialog), { signal });
    dialog.addEventListener("keydown", (event) => onKey(dialog, event), { signal });
    dialog.addEventListener("htmx:after:swap", () => narrow(dialog), { signal });
  },
});
