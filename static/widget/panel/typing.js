// Typing, told at most every four seconds.
const { text } = panel.use("page");
const { call, store } = panel.use("visitor");

let toldAt = 0, hush = 0;
const typing = (on) => {
  clearTimeout(hush);
  if (!store.get("begun") || !on && !toldAt) return;
  if (on) hush = setTimeout(() => typing(false), 5000);
  if (on && Date.now() - toldAt < 4000) return;
  toldAt = on ? Date.now() : 0;
  call("typing", { method: "POST", body: new URLSearchParams({ on: on ? "1" : "" }) }).catch(() => {});
};
text.addEventListener("input", () => typing(text.value !== ""));

panel.share("typing", { typing });
