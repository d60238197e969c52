// The details that a shop asks for before the first message: name and e-mail address.
const { form } = panel.use("page");

const inputs = (which = "") => [...form.querySelectorAll(`[data-detail]${which} input`)];

panel.share("details", {
  ask: (name, email) => {
    for (const [detail, asked] of Object.entries({ name, email })) {
      const field = form.querySelector(`[data-detail=${detail}]`);
      if (field) field.hidden = !asked;
    }
  },
  asked: () => inputs(":not([hidden])"),
  values: () => Object.fromEntries(inputs().map((i) => [i.name, i.value])),
});
