// Who the visitor is: the shop may say so with a signature, and may say that it was somebody else.
const { tell } = panel.use("page");
const { store, call } = panel.use("visitor");
const live = panel.use("live");

const forget = () => {
  live.stop();
  for (const name of ["token", "out", "begun", "user"]) store.drop(name);
  tell({ type: "forgot" });
  location.reload();
};
const identify = async ({ user, name = "", email = "", expires = "", signature = "" } = {}) => {
  const before = store.get("user");
  if (!user || before === `${user} ${signature}`) return;
  if (before && !before.startsWith(`${user} `)) return forget(); // somebody else at this browser: nothing of theirs may follow
  const answer = await call("identify", { method: "POST", body: new URLSearchParams({ user, name, email, expires, signature }) }).catch(() => null);
  if (!answer?.ok) return console.warn("pult: the shop's signature was refused", answer?.status);
  store.set("user", `${user} ${signature}`);
  store.set("begun", "1");
  await live.restart();
};

panel.share("person", { identify, forget });
