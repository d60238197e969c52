/*
  Files on their way: chosen, dropped on the thread or pasted, checked against what the channel takes, sent at once with
  their progress, shown as chips that can be taken away. The desk checks them again.
*/
const say = (sentence, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);

// refusal is pure: which sentence speaks against a file, or "".
const refusal = (file, rules) => {
  const rule = rules.find(({ mime }) => mime.includes(file.type) || mime.includes("*/*"));
  if (!rule) return { sentence: "sayType", size: "" };
  return file.size > rule.max ? { sentence: "saySize", size: rule.size } : null;
};

pult.share("uploads", { refusal });

const chip = (name) => {
  const el = document.getElementById("upload-template").content.firstElementChild.cloneNode(true);
  el.querySelector(".upload-name").textContent = name;
  return el;
};

const send = (box, file, el, done) => {
  const { reader, back, hasEnded } = pult.use("session");
  const request = new XMLHttpRequest(); // fetch cannot tell how far an upload is
  const form = new FormData();
  form.append("file", file, file.name || "image.png");
  request.open("POST", `/chats/${box.dataset.conversation}/uploads`);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("Pult-Reader", reader());
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) el.querySelector("progress").value = event.loaded / event.total;
  });
  request.addEventListener("load", () => {
    if (hasEnded(request.status, request.getResponseHeader("Pult-Session"))) back().then(() => { if (el.isConnected) send(box, file, el, done); });
    else done(request.status === 200 ? request.responseText : "", request.status === 422 ? request.responseText : "");
  });
  request.addEventListener("error", () => done("", ""));
  el.addEventListener("upload:cancel", () => request.abort());
  request.send(form);
};

const uploader = (box) => {
  const place = box.querySelector("#uploads");
  const rules = JSON.parse(box.dataset.rules || "[]") ?? [];
  const changed = () => box.dispatchEvent(new CustomEvent("composer:files", { bubbles: true }));
  const failed = (el, sentence) => {
    el.dataset.state = "failed";
    el.querySelector("progress")?.remove();
    el.querySelector(".upload-name").textContent = sentence;
    el.title = sentence;
    el.setAttribute("role", "alert");
    changed();
  };
  const one = (file) => {
    const el = chip(file.name || "image.png");
    place.append(el);
    const against = refusal(file, rules);
    if (against) return failed(el, say(box.dataset[against.sentence], { name: file.name, size: against.size }));
    send(box, file, el, (html, sentence) => {
      if (!el.isConnected) return undefined;
      if (!html) return failed(el, sentence || say(box.dataset.sayFailed, { name: file.name }));
      return htmx.swap({ text: html, sourceElement: box, target: el, swap: "outerHTML" }).then(changed);
    });
    return changed();
  };
  return (list) => {
    const files = [...list];
    const most = Number(box.dataset.maxFiles);
    const room = most - place.querySelectorAll("[data-file], [data-state='sending']").length;
    for (const file of files.slice(0, room)) one(file);
    if (files.length > room) pult.use("toast")(box.dataset.sayMany, { tone: "red" });
  };
};

const remove = (box, el) => {
  el.dispatchEvent(new CustomEvent("upload:cancel"));
  const id = el.dataset.file;
  if (id) fetch(`/chats/${box.dataset.conversation}/uploads/${id}/remove`, { method: "POST", headers: { "HX-Request": "true" } }).catch(() => {});
  el.remove();
  box.dispatchEvent(new CustomEvent("composer:files", { bubbles: true }));
  box.querySelector("textarea")?.focus();
};

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

pult.behavior("uploads", {
  connect(box, signal) {
    const take = uploader(box);
    const area = document.getElementById("messages-pane");
    const input = box.querySelector("[data-attach]");
    input?.addEventListener("change", () => { // a channel that takes no files has none
      take(input.files);
      input.value = "";
    }, { signal });
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-upload-remove]");
      if (!button) return;
      event.preventDefault();
      remove(box, button.closest(".upload"));
    }, { signal });
    box.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    }, { signal });
    let depth = 0;
    const leave = () => { depth = 0; delete area.dataset.draggingFiles; };
    area.addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; area.dataset.draggingFiles = ""; } }, { signal });
    area.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) leave(); }, { signal });
    area.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); }, { signal });
    area.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      leave();
      if (!box.querySelector(".composer").hidden) take(event.dataTransfer.files);
    }, { signal });
  },
});
