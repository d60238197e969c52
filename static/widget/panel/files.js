// Files: chosen, pasted or dropped, they are uploaded at once and go along with the next message.
const { $, words, text, news } = panel.use("page");
const { call } = panel.use("visitor");
const { fault, clear } = panel.use("faults");

let chosen = [];
const choose = (files) => {
  chosen = files;
  $("chosen").replaceChildren(...chosen.map((f) => {
    const li = document.createElement("li"), name = document.createElement("span"), drop = document.createElement("button");
    name.textContent = f.name;
    drop.type = "button";
    drop.textContent = "✕";
    drop.setAttribute("aria-label", words.remove.replace("#", f.name));
    drop.addEventListener("click", () => { choose(chosen.filter((o) => o !== f)); text.focus(); });
    li.append(name, drop);
    return li;
  }));
};
const upload = async (file) => {
  news(words.uploading);
  const body = new FormData();
  body.append("file", file);
  let added = [];
  try {
    const answer = await call("files", { method: "POST", body });
    if (answer.ok) added = [{ ...(await answer.json()), name: file.name }];
    else fault("files", (await answer.json()).sentence);
  } catch { fault("files", words.offline); }
  news("");
  choose([...chosen, ...added]);
};
const take = async (files) => { clear(); for (const file of files) await upload(file); };
$("files").addEventListener("change", async (e) => { await take([...e.target.files]); e.target.value = ""; text.focus(); });
addEventListener("paste", (e) => { if (e.clipboardData?.files.length) { e.preventDefault(); take([...e.clipboardData.files]); } });
addEventListener("dragover", (e) => e.preventDefault());
addEventListener("drop", (e) => { e.preventDefault(); take([...e.dataTransfer.files]); });

panel.share("files", { choose, chosen: () => chosen });
