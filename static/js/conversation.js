/*
  What the behaviours of a conversation's page have in common: where its parts are. The page says everything in words and ids; see
  views/conversation.html.
*/
const panes = () => document.getElementById("panes");
const lastOfCustomer = () => document.getElementById(`m-${document.getElementById("after-last")?.dataset.of}`);

pult.share("conversation", {
  panes, lastOfCustomer,
  address: () => `/chats/${panes().dataset.conversation}`,
  idOf: (message) => message.dataset.message,
  focused: () => document.activeElement?.closest?.("#messages .msg") ?? null,
  textOf: (message) => message.querySelector("[data-copy]")?.textContent ?? "",
  choosePane: (name) => {
    const choice = document.querySelector(`.panes-switch input[value='${name}']`);
    if (choice) choice.checked = true;
  },
  // watchMessages calls back when lines come and go, with the customer's last message if it is among those that came.
  watchMessages: (signal, changed) => {
    const watcher = new MutationObserver((records) => {
      const last = lastOfCustomer();
      const came = last?.matches(".msg[data-from='them']") && records.some((record) => [...record.addedNodes].includes(last));
      changed(came ? last : null);
    });
    watcher.observe(document.getElementById("messages"), { childList: true });
    signal.addEventListener("abort", () => watcher.disconnect());
  },
});
