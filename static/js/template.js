// The form of a message template: it can be sent once every value is there.
pult.behavior("template-form", {
  connect(form, signal) {
    const button = form.querySelector(".btn-primary");
    const check = () => { button.disabled = [...form.querySelectorAll("[required]")].some((field) => !field.value.trim()); };
    form.addEventListener("input", check, { signal });
    form.addEventListener("change", check, { signal });
    check();
  },
});
