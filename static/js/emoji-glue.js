// The one emoji picker of a conversation writes into the text that is being written, or reacts to a message.
const picker = () => document.getElementById("emoji");
const reacting = { message: null, target: "" };

pult.share("reaction", {
  // pick opens the picker for a reaction to the message.
  pick(message, button) {
    reacting.message = message;
    reacting.target = picker().dataset.emojiTarget;
    delete picker().dataset.emojiTarget;
    button.id ||= `react-to-${message.dataset.message}`;
    picker().dataset.anchor = `#${CSS.escape(message.id)}`;
    picker().showPopover();
  },
});

document.addEventListener("pult:emoji", (event) => {
  const { message } = reacting;
  if (!message) return;
  htmx.ajax("POST", `/messages/${message.dataset.message}/react`, {
    source: document.getElementById("panes"), target: `#${message.id}`, swap: "outerMorph", values: { emoji: event.detail.sign },
  });
});

document.addEventListener("toggle", (event) => {
  if (event.target.id !== "emoji" || event.newState !== "closed" || !reacting.message) return;
  picker().dataset.emojiTarget = reacting.target;
  delete picker().dataset.anchor;
  setTimeout(() => { reacting.message = null; }); // after the sign was told
}, { capture: true });
