/*
  A popover that is a menu: the first item has the focus when it opens, arrows walk, letters jump, Tab leaves.
  Escape and the focus going back to the button are the browser's work.
    <div id="m1" class="menu" popover role="menu" data-behavior="popover menu"><button class="menu-item" role="menuitem">
*/
const selector = "[role^='menuitem']:not([aria-disabled='true'], :disabled, [hidden])";

const itemsOf = (menu) => [...menu.querySelectorAll(selector)];

// step is pure: from which item, how many items, which key; the item to go to, or -1 when the key is not ours.
const step = (from, count, key) => {
  switch (key) {
    case "ArrowDown": return (from + 1) % count;
    case "ArrowUp": return (from <= 0 ? count : from) - 1;
    case "Home": return 0;
    case "End": return count - 1;
    default: return -1;
  }
};

const byLetter = (items, from, letter) => {
  const begins = (item) => item.textContent.trim().toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
  const turned = [...items.slice(from + 1), ...items.slice(0, from + 1)];
  return items.indexOf(turned.find(begins));
};

const onKey = (menu, event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Tab") {
    menu.hidePopover();
    return;
  }
  const items = itemsOf(menu);
  const from = items.indexOf(document.activeElement);
  if (items.length === 0 || event.target.matches("input, textarea")) return;
  const letter = event.key.length === 1 && event.key !== " ";
  const to = letter ? byLetter(items, from, event.key) : step(from, items.length, event.key);
  if (to < 0) return;
  event.preventDefault();
  items[to].focus();
};

pult.behavior("menu", {
  connect(menu, signal) {
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "open") itemsOf(menu)[0]?.focus();
    }, { signal });
    menu.addEventListener("keydown", (event) => onKey(menu, event), { signal });
    menu.addEventListener("click", (event) => {
      if (event.target.closest("[role='menuitem'], [role='menuitemradio']")) menu.hidePopover();
    }, { signal });
  },
});
