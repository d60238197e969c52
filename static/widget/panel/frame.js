// The page around us. Only the shop that the server named is listened to.
const { $, origin, framed, tell } = panel.use("page");
const { down } = panel.use("thread");
const { look, show } = panel.use("unread");
const { identify, forget } = panel.use("person");
const form = panel.use("form");

const heard = {
  open(m) {
    form.setPage(m.page);
    show(true);
    if (m.focus !== false) form.focus();
    down();
    look();
    if (m.person) identify(m.person);
  },
  wait(m) { form.setPage(m.page); show(false); if (m.person) identify(m.person); },
  close() { show(false); },
  identify(m) { if (m.person) identify(m.person); },
  forget,
};
addEventListener("message", (e) => {
  if (origin && e.origin === origin && e.source === window.parent && e.data?.pult === 1 && Object.hasOwn(heard, e.data.type)) heard[e.data.type](e.data);
});
addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !panel.use("emoji").close() && framed) tell({ type: "close" });
});
$("close").hidden = !framed;
$("close").addEventListener("click", () => tell({ type: "close" }));
panel.use("live").start().finally(() => tell({ type: "ready" }));
