// What is wrong with what was typed, said beside the fields. What was typed stays.
const { $, form, text } = panel.use("page");

const fault = (name, sentence) => {
  const place = $(`fault-${name}`) ?? $("fault-text"), field = $(name);
  place.textContent = sentence;
  field?.setAttribute("aria-invalid", "true");
  return field;
};

panel.share("faults", {
  fault,
  clear: () => {
    for (const el of form.querySelectorAll(".fault")) el.textContent = "";
    for (const el of form.querySelectorAll("[aria-invalid]")) el.removeAttribute("aria-invalid");
  },
  // tellFaults leads to the first of them.
  tellFaults: ({ faults, sentence }) => {
    const all = Object.entries(faults ?? {});
    if (!all.length && sentence) all.push(["text", sentence]);
    const fields = all.map(([name, words]) => {
      const detail = $(name)?.closest("[data-detail]");
      if (detail) detail.hidden = false;
      return fault(name, words);
    });
    (fields.find((f) => f && f.type !== "file") ?? text).focus();
  },
});
