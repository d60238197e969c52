/*
  A text with a button that copies it:
    <div class="copyline" data-behavior="copy" data-copied="Copied"><span data-copy-text>…</span><button data-copy-button>…</button></div>
  Where the browser gives no clipboard (a plain address on the network), the text is selected instead: one key then copies it.
*/
const select = (text) => {
  const range = document.createRange();
  range.selectNodeContents(text);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};

pult.behavior("copy", {
  connect(line, signal) {
    const text = line.querySelector("[data-copy-text]");
    line.querySelector("[data-copy-button]")?.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        pult.use("toast")(line.dataset.copied);
      } catch {
        select(text);
      }
    }, { signal });
  },
});
