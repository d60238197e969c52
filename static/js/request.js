/*
  The list of requests fetches itself again when the stream says that one of them changed, with the filter the reader has
  set; and tags are written one by one, each a mark that can be taken away.
*/
pult.behavior("requests-filter", {
  connect(form, signal) {
    let timer = 0;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => htmx.trigger(form, "refresh"), 150); // several changes, one request
    };
    const watcher = new MutationObserver(again);
    watcher.observe(document.getElementById("requests-stale").parentElement, { childList: true });
    signal.addEventListener("abort", () => { watcher.disconnect(); clearTimeout(timer); });
  },
});

// split is pure: a text of tags separated by commas, without empty and repeated ones.
const split = (text) => {
  const seen = new Set();
  return text.split(",").map((tag) => tag.trim().replace(/\s+/g, " ")).filter((tag) => {
    const key = tag.toLowerCase();
    if (!tag || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

pult.share("tags", { split });

const mark = (tag, remove) => {
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.dataset.tone = "blue";
  const name = document.createElement("bdi");
  name.textContent = tag;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "badge-remove";
  button.dataset.tag = tag;
  button.setAttribute("aria-label", `${remove}: ${tag}`);
  button.textContent = "×";
  badge.append(name, button);
  return badge;
};

pult.behavior("tags", {
  connect(field, signal) {
    const typed = field.querySelector("input");
    const marks = field.querySelector("[data-tags]");
    const kept = document.createElement("input"); // what the form sends; the visible field only takes the next tag
    kept.type = "hidden";
    kept.name = typed.name;
    typed.name = "";
    typed.after(kept);
    let tags = split(typed.value);
    typed.value = "";

    const show = () => {
      kept.value = tags.join(", ");
      marks.replaceChildren(...tags.map((tag) => mark(tag, field.dataset.remove)));
    };
    const take = () => {
      tags = split([...tags, typed.value].join(","));
      typed.value = "";
      show();
    };
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && typed.value.trim()) {
        event.preventDefault();
        take();
      } else if (event.key === "Backspace" && !typed.value && tags.length > 0) {
        tags = tags.slice(0, -1);
        show();
      }
    }, { signal });
    typed.addEventListener("input", () => { if (typed.value.includes(",")) take(); }, { signal });
    typed.addEventListener("change", take, { signal });
    typed.form?.addEventListener("submit", take, { signal, capture: true });
    // The suggestions are asked with what is typed, under the name the desk knows.
    typed.addEventListener("htmx:config:request", (event) => {
      event.detail.ctx.request.action = event.detail.ctx.request.action.split("?")[0] + `?tags=${encodeURIComponent(typed.value)}`;
    }, { signal });
    marks.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tag]");
      if (!button) return;
      tags = tags.filter((tag) => tag !== button.dataset.tag);
      show();
      typed.focus();
    }, { signal });
    show();
  },
});
