/*
  The emoji picker: a popover that loads its list the first time it is opened.
    <div id="emoji" class="popover emoji" popover data-behavior="popover emoji" data-emoji-src="…/emoji/fr.json" data-emoji-target="#reply">
      <input class="input" type="search" data-emoji-query aria-label="…">
      <div class="emoji-groups"><button class="emoji-group" type="button" data-emoji-group="smileys" aria-label="…">😀</button> …</div>
      <div class="emoji-grid" data-emoji-grid role="group" aria-label="…"></div>
      <p class="emoji-name" data-emoji-name aria-hidden="true"></p> <p data-emoji-empty hidden>…</p>
    </div>
  Groups: recent smileys people animals food travel activities objects symbols flags.
  The chosen sign goes into data-emoji-target where the caret is; "pult:emoji" with detail.sign tells everybody else.
*/
const { read, find, remember } = pult.use("emoji-search");
const storage = "pult.emoji.recent";
const recentMost = 36;
const foundMost = 144;
const lists = new Map(); // address -> promise of entries

const load = (address) => {
  if (!lists.has(address)) {
    const list = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`emoji list: ${answer.status}`);
      return answer.json();
    }).then(read);
    list.catch(() => lists.delete(address)); // the next opening tries again
    lists.set(address, list);
  }
  return lists.get(address);
};

// Storage may be forbidden or hold anything: then there are simply no recent ones.
const recent = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(storage));
    return Array.isArray(kept) ? kept.filter((sign) => typeof sign === "string") : [];
  } catch {
    return [];
  }
};

const keep = (sign) => {
  try {
    localStorage.setItem(storage, JSON.stringify(remember(recent(), sign, recentMost)));
  } catch { /* not kept, the sign was written all the same */ }
};

const button = (entry) => {
  const item = document.createElement("button");
  item.type = "button";
  item.className = "emoji-item";
  item.tabIndex = -1;
  item.dataset.emoji = entry.sign;
  item.textContent = entry.sign;
  item.setAttribute("aria-label", entry.name);
  return item;
};

const write = (picker, sign) => {
  const field = picker.dataset.emojiTarget ? document.querySelector(picker.dataset.emojiTarget) : null;
  if (field) {
    field.setRangeText(sign, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
  picker.dispatchEvent(new CustomEvent("pult:emoji", { bubbles: true, detail: { sign } }));
};

// columns counts the items of the first line, whatever the width of the window made of it.
const columns = (items) => {
  const top = items[0]?.offsetTop;
  const second = items.findIndex((item) => item.offsetTop !== top);
  return second < 0 ? items.length : second;
};

const walk = (grid, event) => {
  const items = [...grid.children];
  const from = items.indexOf(document.activeElement);
  const steps = new Map([["ArrowRight", 1], ["ArrowLeft", -1], ["ArrowDown", columns(items)], ["ArrowUp", -columns(items)]]);
  const step = steps.get(event.key);
  if (from < 0 || !step) return false;
  event.preventDefault();
  items[from + step]?.focus();
  return from + step < 0;
};

pult.behavior("emoji", {
  connect(picker, signal) {
    const part = (name) => picker.querySelector(`[data-emoji-${name}]`);
    const grid = part("grid");
    const query = part("query");
    let entries = [];

    const show = (list) => {
      grid.replaceChildren(...list.map(button));
      grid.scrollTop = 0;
      if (grid.firstElementChild) grid.firstElementChild.tabIndex = 0;
      part("empty").hidden = list.length > 0;
    };
    const press = (group) => {
      for (const other of picker.querySelectorAll("[data-emoji-group]")) {
        other.setAttribute("aria-pressed", String(other.dataset.emojiGroup === group));
      }
    };
    const showGroup = (group) => {
      press(group);
      if (group !== "recent") return show(entries.filter((entry) => entry.group === group));
      const bySign = new Map(entries.map((entry) => [entry.sign, entry]));
      show(recent().map((sign) => bySign.get(sign)).filter(Boolean));
    };
    const search = () => {
      if (!query.value.trim()) return showGroup(recent().length ? "recent" : "smileys");
      press("");
      show(find(entries, query.value, foundMost));
    };
    const choose = (sign) => {
      keep(sign);
      picker.hidePopover();
      write(picker, sign);
    };

    picker.addEventListener("toggle", async (event) => {
      if (event.newState !== "open") return;
      query.value = "";
      query.focus();
      entries = await load(picker.dataset.emojiSrc).catch((error) => { reportError(error); return []; });
      search();
    }, { signal });
    query.addEventListener("input", search, { signal });
    query.addEventListener("keydown", (event) => {
      const first = grid.firstElementChild;
      if (!first || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
      event.preventDefault(); // Enter would send the form the picker stands in
      if (event.key === "Enter" && query.value.trim()) choose(first.dataset.emoji);
      else first.focus();
    }, { signal });
    grid.addEventListener("keydown", (event) => { if (walk(grid, event)) query.focus(); }, { signal });
    picker.addEventListener("click", (event) => {
      const item = event.target.closest("[data-emoji]");
      if (item) return choose(item.dataset.emoji);
      const group = event.target.closest("[data-emoji-group]");
      if (!group) return;
      query.value = "";
      showGroup(group.dataset.emojiGroup);
    }, { signal });
    for (const name of ["focusin", "pointerover"]) {
      grid.addEventListener(name, (event) => {
        part("name").textContent = event.target.closest("[data-emoji]")?.getAttribute("aria-label") ?? "";
      }, { signal });
    }
  },
});
