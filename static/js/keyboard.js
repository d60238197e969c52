/*
  Shortcuts. A page says what it offers where it offers it:

    <button data-key="r" data-key-label="Reply">      a character, as it is produced: layouts differ in where it is
    <input  data-key="/ s">                           several, separated by spaces; a field is focused, all else is clicked
    data-key="Shift+c" "mod+Shift+m" "g-c" "Escape"   with Shift; with Ctrl or Cmd; one after the other; a named key

  A hidden or disabled element offers nothing, unless it says data-key-hidden: then it exists for the keyboard alone.
  No key without Ctrl or Cmd works while one types, or a dialog or menu is open, or when the reader switched them off
  (data-single-keys="off" on the body); arrows, Enter, Escape and F6 are not characters and stay.
  Ctrl+Alt is never used: on many keyboards it is AltGr and types a character.
*/
const sequenceTime = 1200;

// nameOf is pure: what a key press is called in data-key, "" for one that is none of our business.
const nameOf = (event) => {
  if (event.altKey || event.getModifierState?.("AltGraph")) return "";
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  const key = letter ? event.key.toLowerCase() : event.key;
  const shift = event.shiftKey && (letter || event.key.length > 1) ? "Shift+" : ""; // "?" needs Shift on some keyboards only
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + shift + key;
};

// isCharacter tells the keys that a reader can switch off from those that they cannot type by accident.
const isCharacter = (name) => name.replace("Shift+", "").length === 1;

const typing = (el) => Boolean(el?.closest?.("input:not([type='checkbox'], [type='radio'], [type='button'], [type='submit']), textarea, select, [contenteditable='true'], [contenteditable='']"));

const busy = () => Boolean(document.querySelector("dialog[open], [popover]:popover-open"));

const usable = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true" && !el.closest("[inert]") && (el.hasAttribute("data-key-hidden") || el.checkVisibility());

const offered = () => [...document.querySelectorAll("[data-key]")].filter(usable);

const keysOf = (el) => el.dataset.key.split(/\s+/).filter(Boolean);

const labelOf = (el) => el.dataset.keyLabel || el.getAttribute("aria-label") || el.title || el.textContent.trim();

const run = (el) => {
  if (el.matches("input, textarea, select")) {
    el.focus();
    el.select?.();
  } else el.click();
};

const follow = (path) => {
  const link = document.querySelector(`.rail a[href='${path}'], .tabs a[href='${path}'], main a[href='${path}']`);
  if (link) link.click(); else location.assign(path);
  return true;
};

const openHelp = () => {
  const opener = document.querySelector("[data-dialog-open='help']");
  opener?.click();
  return Boolean(opener);
};

const openPalette = () => {
  if (document.getElementById("palette") || document.querySelector("dialog[open]")) return true;
  htmx.ajax("GET", "/palette", { target: "#palette-place", swap: "innerHTML" });
  return true;
};

// paneStep goes round the panes of the page: the parts with data-pane, by their number.
const paneStep = (by) => {
  const panes = [...document.querySelectorAll("[data-pane]")].filter((pane) => pane.checkVisibility());
  panes.sort((a, b) => Number(a.dataset.pane) - Number(b.dataset.pane));
  if (panes.length === 0) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  focusPane(panes[at < 0 ? 0 : (at + by + panes.length) % panes.length]);
  return true;
};

const focusPane = (pane) => (pane.querySelector("[data-pane-focus]") ?? pane).focus();

const pane = (number) => {
  const el = document.querySelector(`[data-pane='${number}']`);
  if (!el?.checkVisibility()) return false;
  focusPane(el);
  return true;
};

// What every page offers; what the page itself says with data-key comes before it.
const everywhere = {
  "?": openHelp,
  "/": () => follow("/search"),
  s: () => follow("/search"),
  j: () => pult.use("rows").step(1),
  k: () => pult.use("rows").step(-1),
  "Shift+w": () => pult.use("tabs").close(),
  "Shift+ArrowRight": () => pult.use("tabs").go(1),
  "Shift+ArrowLeft": () => pult.use("tabs").go(-1),
  Escape: () => Boolean(document.querySelector(".tab[data-tab] [aria-current]")) && follow("/chats"),
  F6: () => paneStep(1),
  "Shift+F6": () => paneStep(-1),
  "g-c": () => follow("/chats"),
  "g-f": () => follow("/search"),
  "g-o": () => follow("/operators"),
  "g-p": () => follow("/profile"),
  "g-s": () => Boolean(document.querySelector(".rail a[href='/settings/journal']")) && follow("/settings/journal"),
  "F6-1": () => pane(1),
  "F6-2": () => pane(2),
  "F6-3": () => pane(3),
};

const perform = (name) => {
  const el = offered().find((candidate) => keysOf(candidate).includes(name));
  if (el) {
    run(el);
    return true;
  }
  return everywhere[name]?.() ?? false;
};

let pending = ""; // the first key of a sequence
let timer = 0;

const begin = (name) => {
  pending = name;
  clearTimeout(timer);
  timer = setTimeout(() => { pending = ""; }, sequenceTime);
};

const starts = (name) => name === "g" || name === "F6";

const press = (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const name = nameOf(event);
  if (!name || ["Shift", "Control", "Alt", "Meta", "CapsLock"].includes(event.key)) return;
  if (name === "mod+k" && openPalette()) return event.preventDefault();
  if (name.startsWith("mod+")) {
    if (!document.querySelector("dialog[open]") && perform(name)) event.preventDefault();
    return;
  }
  if (busy() || (typing(event.target) && name !== "F6" && name !== "Shift+F6")) return;
  if (isCharacter(name) && document.body.dataset.singleKeys === "off" && pending !== "F6") return;
  const sequence = pending ? `${pending}-${name}` : "";
  pending = "";
  if (sequence && perform(sequence)) return event.preventDefault();
  if (starts(name)) begin(name);
  if (perform(name)) event.preventDefault();
};

pult.behavior("shortcuts", {
  connect(body, signal) {
    document.addEventListener("keydown", press, { signal });
  },
});

pult.share("keyboard", { nameOf, offered, keysOf, labelOf, run, isCharacter });
