// A handful of emoji to choose from.
const { $, text } = panel.use("page");
const { low, down } = panel.use("thread");

const faces = "😀 😄 😂 🙂 😉 😊 😍 😘 🤔 😐 😕 😢 😭 😡 😱 😴 👍 👎 👌 👏 🙏 💪 👋 🤝 ❤️ 💔 🎉 🎁 🔥 ⭐ ✅ ❌ ❓ ❗ ⏰ 📦 🚲 📷 💶 🛒".split(" ");
const box = $("emojis");
const show = (on) => {
  const follow = low();
  box.hidden = !on;
  $("emoji").setAttribute("aria-expanded", on);
  if (on && !box.childElementCount) {
    box.append(...faces.map((face) => {
      const b = document.createElement("button");
      b.type = "button";
      b.textContent = face;
      return b;
    }));
  }
  (on ? box.firstElementChild : $("emoji")).focus();
  if (follow) down();
};
$("emoji").addEventListener("click", () => show(box.hidden));
box.addEventListener("click", (e) => {
  if (!e.target.closest("button")) return;
  text.setRangeText(e.target.textContent, text.selectionStart, text.selectionEnd, "end");
  show(false);
  text.focus();
});

panel.share("emoji", {
  // close reports whether there was anything to close.
  close: () => {
    if (box.hidden) return false;
    show(false);
    return true;
  },
});
