// The conversation as it is shown. It is drawn by the server; here times become local and pictures are fetched.
const { $, words, lang, talk, news } = panel.use("page");
const { headers } = panel.use("visitor");

const messages = () => $("messages");
const clock = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { hour: "2-digit", minute: "2-digit" });
const low = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;
const down = () => { talk.scrollTop = talk.scrollHeight; };

const open = async (link) => {
  const answer = await fetch(link.getAttribute("href"), { headers: headers() });
  if (!answer.ok) throw new Error(answer.status);
  return URL.createObjectURL(await answer.blob());
};
const picture = async (link) => {
  try {
    const img = new Image();
    img.alt = link.download;
    img.src = await open(link);
    await img.decode();
    const follow = low();
    link.firstElementChild.replaceWith(img);
    if (follow) down();
  } catch { /* its name stays, and can be pressed */ }
};
document.addEventListener("click", async (e) => {
  const link = e.target.closest?.("a.file[href^='/']");
  if (!link) return;
  e.preventDefault();
  try {
    const a = document.createElement("a");
    a.href = await open(link);
    a.download = link.download;
    a.click();
  } catch { news(words.offline); }
});

panel.share("thread", {
  messages, low, down,
  ownWords: (said) => said && messages().querySelector(`.msg[data-said="${CSS.escape(said)}"]`),
  dress: (el) => {
    for (const time of el.querySelectorAll("time")) if (time.dateTime) time.textContent = clock.format(new Date(time.dateTime));
    for (const link of el.querySelectorAll("a[data-image]")) picture(link);
  },
});
