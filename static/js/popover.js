/*
  Places an open popover beside the button that opened it, inside the window, above it when there is no room below.
    <button popovertarget="m1">…</button> <div id="m1" class="popover" popover data-behavior="popover" data-place="end">
  data-from="/path": what is in it is fetched at each opening, for the page's address as it is then.
  data-place="end" aligns the right edges. A popover opened by script may name its button with data-anchor="#id".
  The position is set through the style object: the policy forbids style attributes in HTML, not this.
*/
const gap = 4;
const margin = 8;

const anchorOf = (popover) => {
  if (popover.dataset.anchor) return document.querySelector(popover.dataset.anchor);
  const buttons = [...document.querySelectorAll(`[popovertarget="${CSS.escape(popover.id)}"]`)];
  return buttons.find((button) => button === document.activeElement) ?? buttons.find((button) => button.offsetParent) ?? null;
};

// place is pure: three rectangles in, the corner of the popover out.
const place = (anchor, box, view, end) => {
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - box.height;
  const fits = below + box.height <= view.height - margin || above < margin;
  const left = end ? anchor.right - box.width : anchor.left;
  const clamp = (value, most) => Math.max(margin, Math.min(value, most));
  return {
    left: clamp(left, view.width - margin - box.width),
    top: clamp(fits ? below : above, view.height - margin - box.height),
  };
};

const move = (popover, anchor) => {
  const box = popover.getBoundingClientRect();
  const view = { width: document.documentElement.clientWidth, height: innerHeight };
  const corner = place(anchor.getBoundingClientRect(), box, view, popover.dataset.place === "end");
  popover.style.left = `${corner.left}px`;
  popover.style.top = `${corner.top}px`;
};

// fetchInto fills a popover. What cannot be fetched is told by a toast, and the popover closes: the next click tries again.
const fetchInto = async (popover) => {
  try {
    await htmx.ajax("GET", popover.dataset.from + location.search, { source: popover, target: popover, swap: "innerHTML" });
  } finally {
    if (!popover.childElementCount && popover.matches(":popover-open")) popover.hidePopover();
  }
};

pult.share("popover", { place });

pult.behavior("popover", {
  connect(popover, signal) {
    let anchor = null;
    const follow = () => { if (anchor?.isConnected && popover.matches(":popover-open")) move(popover, anchor); };
    popover.addEventListener("toggle", (event) => {
      const open = event.newState === "open";
      if (open) anchor = anchorOf(popover);
      anchor?.setAttribute("aria-expanded", String(open));
      follow();
      if (!popover.dataset.from) return;
      popover.replaceChildren();
      if (open) fetchInto(popover).then(follow);
    }, { signal });
    addEventListener("resize", follow, { signal });
    addEventListener("scroll", follow, { signal, capture: true, passive: true });
  },
});
