// The line under the visitor's last message: on its way, sent, read, or not sent.
const { $, words } = panel.use("page");
const { messages } = panel.use("thread");

let seen = ""; // the newest message that was read
let retry = null; // while sending does not succeed: what tries again

const mark = () => {
  $("state")?.remove();
  const last = [...messages().querySelectorAll(".msg[data-from=you]")].at(-1);
  if (!last) return;
  const line = document.createElement("p");
  line.id = "state";
  line.className = "state";
  line.textContent = retry ? words.failed : "pending" in last.dataset ? words.sending : last.dataset.said === seen ? words.seen : words.sent;
  if (retry) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = words.again;
    again.addEventListener("click", () => { const act = retry; fail(null); act(); });
    line.append(again);
  }
  last.after(line);
};
const fail = (again) => { retry = again; mark(); };

panel.share("state", { mark, fail, see: (said) => { seen = said; } });
