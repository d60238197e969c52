/*
  The form of a web chat's appearance: <form data-behavior="widget-preview" data-preview="/…/preview">. What is typed is seen in the
  frame a moment later, before anything is saved, and the follow-up can only be written while details are asked for.
*/
const linger = 250;

pult.behavior("widget-preview", {
  connect(form, signal) {
    const frame = document.getElementById("widget-frame");
    const follow = form.querySelector("[data-when-asked]");
    const asked = () => { follow.disabled = form.elements.details.value === "none"; };
    let timer = 0;
    const draw = () => {
      const typed = new FormData(form);
      for (const text of follow.querySelectorAll("textarea")) typed.set(text.name, text.value);
      frame.contentWindow.location.replace(`${form.dataset.preview}?${new URLSearchParams(typed)}`); // no step in the history
    };
    const typing = () => {
      asked();
      clearTimeout(timer);
      timer = setTimeout(draw, linger);
    };
    form.addEventListener("input", typing, { signal });
    form.elements.spoken.addEventListener("input", typing, { signal }); // it stands beside the frame, outside the form
    form.addEventListener("submit", () => { follow.disabled = false; }, { signal }); // a disabled field would be forgotten
    signal.addEventListener("abort", () => clearTimeout(timer));
    asked();
  },
});
