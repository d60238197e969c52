/*
  News in the thread: what a customer just wrote is said aloud, and the desk learns that the reader has it in sight.
*/
const { panes, address, textOf, watchMessages } = pult.use("conversation");

const tell = (message) => {
  const voice = document.getElementById("announce");
  if (voice) voice.textContent = `${panes().dataset.news}: ${textOf(message)}`;
};

const seen = () => {
  if (!document.hidden) fetch(`${address()}/open`, { method: "POST", headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
};

pult.behavior("thread-news", {
  connect(el, signal) {
    document.addEventListener("visibilitychange", seen, { signal });
    watchMessages(signal, (came) => {
      if (!came) return;
      tell(came);
      seen();
    });
  },
});
