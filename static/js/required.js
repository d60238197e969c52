/*
  A form whose button waits until everything that is required is filled in: <form data-behavior="required">, the button has
  data-when-filled. The browser's own check, and the desk's, stay.
*/
const filled = (input) => (input.type === "checkbox" ? input.checked : input.value.trim() !== "");

pult.behavior("required", {
  connect(form, signal) {
    const button = form.querySelector("[data-when-filled]");
    const judge = () => { button.disabled = ![...form.querySelectorAll("[required]")].every(filled); };
    judge();
    for (const event of ["input", "change", "htmx:after:settle", "htmx:after:swap"]) form.addEventListener(event, judge, { signal });
    const watcher = new MutationObserver(judge); // a field that was generated, or another product's fields
    watcher.observe(form, { childList: true, subtree: true });
    signal.addEventListener("abort", () => watcher.disconnect());
  },
});

pult.share("required", { filled });
