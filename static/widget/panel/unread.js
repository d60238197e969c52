// Unread and read: what the visitor can see is read.
const { framed, tell } = panel.use("page");
const { call } = panel.use("visitor");
const { messages } = panel.use("thread");

let shown = !framed, unread = 0;
const visible = () => shown && !document.hidden;
const look = () => {
  if (!visible()) return;
  if (unread) tell({ type: "unread", n: unread = 0 });
  if (messages().querySelector(".msg[id^=m-][data-from=us]")) call("read", { method: "POST" }).catch(() => {});
};
document.addEventListener("visibilitychange", look);

panel.share("unread", {
  look,
  show: (yes) => { shown = yes; },
  arrived: () => {
    if (visible()) return look();
    tell({ type: "unread", n: ++unread });
  },
});
