/*
  Values that are known of a company, written into the form when it is chosen, or when the address says which it is:
    <div data-behavior="preset" data-by="field-address"><select>
      <option value="Name" data-domains="a.example b.example" data-values='{"host":"…"}' data-note="…">…
  What a person typed stays; only empty inputs and those this script filled are written.
*/
const fillIn = (box, option, filled) => {
  const form = box.closest("form");
  const values = option?.dataset.values ? JSON.parse(option.dataset.values) : {};
  for (const name of new Set([...filled.keys(), ...Object.keys(values)])) {
    const input = form.elements[`f_${name}`];
    if (!input || (input.value !== "" && input.value !== filled.get(name))) continue;
    input.value = values[name] ?? "";
    filled.set(name, input.value);
  }
  box.querySelector("[role=status]").textContent = option?.dataset.note ?? "";
};

pult.behavior("preset", {
  connect(box, signal) {
    const select = box.querySelector("select");
    const address = document.getElementById(box.dataset.by);
    const filled = new Map();
    select.addEventListener("change", () => fillIn(box, select.selectedOptions[0], filled), { signal });
    address?.addEventListener("change", () => {
      const domain = address.value.trim().toLowerCase().split("@")[1];
      const found = [...select.options].find((o) => domain && o.dataset.domains?.split(" ").includes(domain));
      if (!found) return;
      select.value = found.value;
      fillIn(box, found, filled);
    }, { signal });
  },
});
