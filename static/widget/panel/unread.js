// Unread, delivered and read: what the page has is delivered, what the visitor can see is read. The desk learns of both by the last
// of its messages that is here: what is still on its way is neither.
const { framed, tell } = panel.use("page");
const { call } = panel.use("visitor");
const { messages } = panel.use("thread");

let shown = !framed, unread = 0, told = "";
const visible = () => shown && !document.hidden;
const report = async (what) => {
  const last = [...messages().querySelectorAll(".msg[id^=m-][data-from=us]")].at(-1);
  const word = last && `${what} ${last.id}`;
  if (!last || told === word) return;
  told = word;
  const answer = await call(what, { method: "POST", body: new URLSearchParams({ id: last.id.slice(2) }) }).catch(() => null);
  if (!answer?.ok && told === word) told = ""; // the next occasion tells it again
};
const look = () => {
  if (!visible()) return report("delivered");
  if (unread) tell({ type: "unread", n: unread = 0 });
  return report("read");
};
document.addEventListener("visibilitychange", look);

panel.share("unread", {
  look,
  show: (yes) => { shown = yes; },
  arrived: () => {
    if (!visible()) tell({ type: "unread", n: ++unread });
    look();
  },
});
