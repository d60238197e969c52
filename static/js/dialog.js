/*
  Native dialogs. <button data-dialog-open="id"> opens; <button data-dialog-close> closes the dialog it is in.
  A button with data-dialog-from="/path" fetches a dialog that is not in the page yet into the element "<id>-place".
    <dialog id="…" class="dialog" data-behavior="dialog" data-open data-light data-once>
  data-open: open it when it arrives in the page. data-light: a click beside it closes it (never for a form, words would be
  lost). data-once: take it out of the page when it is closed.
*/
const fetching = new Set();

// fetchDialog puts a dialog with data-open into its place, and asks once however often one clicks.
const fetchDialog = async (id, path) => {
  if (fetching.has(id)) return;
  fetching.add(id);
  try {
    await htmx.ajax("GET", path, { target: `#${id}-place`, swap: "innerHTML" });
  } finally {
    fetching.delete(id);
  }
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog && !dialog.open) dialog.showModal();
    if (!dialog && opener.dataset.dialogFrom) fetchDialog(opener.dataset.dialogOpen, opener.dataset.dialogFrom);
    return;
  }
  event.target.closest?.("[data-dialog-close]")?.closest("dialog")?.close();
});

const beside = (dialog, event) => {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
};

pult.behavior("dialog", {
  connect(dialog, signal) {
    if (dialog.hasAttribute("data-open") && !dialog.open) dialog.showModal();
    // Enter in a field sends a click from a button whose place is 0,0: only clicks on the dialog itself count.
    dialog.addEventListener("click", (event) => {
      if (dialog.hasAttribute("data-light") && event.target === dialog && beside(dialog, event)) dialog.close();
    }, { signal });
    dialog.addEventListener("close", () => {
      if (dialog.hasAttribute("data-once")) dialog.remove();
    }, { signal });
  },
});
