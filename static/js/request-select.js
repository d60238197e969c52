/*
  The selected request: the list on the left is where the selection is kept, the thread shows which messages belong to it, and the
  right pane has the request or the form of a new one.
*/
const thread = pult.use("thread");
const { panes, lastOfCustomer, address, idOf, choosePane, watchMessages } = pult.use("conversation");

const list = () => document.getElementById("requests");
const selected = () => list()?.dataset.selected ?? "";
const code = () => list()?.dataset.code ?? "";
const filed = (message) => (message.dataset.requests ?? "").split(" ").includes(selected());

// side fetches the right pane; the list beside it keeps its filter.
const side = (id) => {
  const values = { ...Object.fromEntries(new FormData(document.getElementById("requests-filter"))), new: id };
  return htmx.ajax("GET", `${address()}/side`, { source: panes(), target: "#side", swap: "outerHTML", values });
};

// create opens the form of a new request, made from the message with the id if there is one.
const create = (id) => {
  choosePane("request");
  return side(id).then(() => document.getElementById("request-title")?.focus());
};

// The form of a new request speaks of the customer's last message as long as nobody has begun to fill it in.
const refreshForm = () => {
  const form = document.getElementById("request-form");
  const touched = [...form?.elements ?? []].some((el) => el.matches("input:not([type='hidden']), textarea") && el.value !== el.defaultValue);
  if (form && !selected() && !touched && !form.contains(document.activeElement)) side("");
};

// paint shows which messages belong to the selected request.
const paint = () => {
  const box = document.getElementById("messages");
  const id = selected();
  if (!box) return;
  if (id) box.dataset.requestSelected = id;
  else delete box.dataset.requestSelected;
  for (const message of box.querySelectorAll(".msg")) message.toggleAttribute("data-in-request", Boolean(id) && filed(message));
  paintAfter(id);
  const label = document.querySelector("[data-side-label]");
  if (label) label.textContent = id ? label.dataset.open : label.dataset.new;
};

const paintAfter = (id) => {
  const form = document.querySelector("[data-file-last]");
  if (!form) return;
  form.hidden = !id;
  form.elements.request.value = id;
  form.querySelector("[data-code]").textContent = code();
  const last = lastOfCustomer();
  form.elements.on.checked = Boolean(id && last && filed(last));
};

// showFirst leads to the first message in sight that belongs to a request.
const showFirst = (event, request) => {
  const message = document.querySelector(`#messages .msg[data-requests~='${CSS.escape(request)}']`);
  choosePane("messages");
  if (message && thread.show(idOf(message))) event.preventDefault();
};

const onClick = (event) => {
  const first = event.target.closest("[data-jump-request]");
  if (first) return showFirst(event, first.dataset.jumpRequest);
  const chip = event.target.closest("[data-select-request]");
  const line = chip && document.getElementById(`request-${chip.dataset.selectRequest}`);
  if (line) {
    event.preventDefault();
    return line.click();
  }
  const fresh = event.target.closest("[data-new-request]");
  if (!fresh) return undefined;
  event.preventDefault();
  return create(fresh.dataset.newRequest);
};

pult.share("request-select", { selected, code, filed, create });

pult.behavior("request-select", {
  connect(el, signal) {
    document.addEventListener("click", onClick, { signal });
    document.addEventListener("htmx:finally:swap", paint, { signal });
    watchMessages(signal, (came) => {
      if (came) refreshForm();
      paint();
    });
    paint();
  },
});
