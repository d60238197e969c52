/*
  The registry of behaviours, and nothing else. The files of this folder are plain scripts: the server wraps each one in
  a strict block and joins them in the order declared in static.go, so what a file declares stays in that file.
  What has to be seen by other files hangs on the one global, pult.

  A behaviour is bound by name: <form data-behavior="composer draft">.

    pult.behavior("composer", {
      connect(el, signal) { el.addEventListener("submit", send, { signal }); },  // once per element
      disconnect(el) {},                                                         // optional, after it left the page
    });

  The signal is aborted when the element leaves the page, so listeners added with it need no clean-up. The page is
  watched with a MutationObserver: what a swap, a live event or a script adds is connected before the next paint, and
  a morph that keeps an element does not connect it again. Words for people are never written in a script: they come
  from the page, in data- attributes or a <template>.

  Not every page loads every part of the scripts and styles. A page names its own in its head; an element that comes into a page
  later names what it needs, and is connected, with all in it, once that is there:

    <dialog data-behavior="dialog palette" data-part="palette.js">

  htmx runs under a policy without eval and without inline style. Every page that loads it carries exactly

    <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":"reload","noSwap":[204,304,"5xx"],"mode":"same-origin"}'>

  includeIndicatorCSS false: the style element htmx would add is forbidden by the policy, button.css has its rules.
  history "reload": going back loads the page anew, because a page restored from a fragment would have a dead stream.
  noSwap 5xx: an error page must not replace a pane; a behaviour tells it in a toast instead (htmx:response:error).
  Neither hx-on, nor js: values, nor filters in hx-trigger work here: they need eval.
*/
const definitions = new Map();
const shared = new Map();
const bound = new Map(); // element -> Map(behaviour name -> AbortController)

// base is the folder of this script and of all parts.
const base = document.currentScript.src.slice(0, -"desk.js".length);
const pending = new Map(); // file name of a part -> promise that it was loaded, or could not be

// insertPart loads a part. When it cannot be loaded what is in the page works as far as it can, and the next element that needs
// the part tries again.
const insertPart = (name) => new Promise((done) => {
  const sheet = name.endsWith(".css");
  const el = document.createElement(sheet ? "link" : "script");
  Object.assign(el, sheet ? { rel: "stylesheet", href: base + name } : { src: base + name, async: false });
  el.addEventListener("load", done);
  el.addEventListener("error", () => {
    el.remove();
    reportError(new Error(`the part ${name} could not be loaded`));
    done();
  });
  document.head.append(el);
});

const isInserted = (name) => [...document.head.querySelectorAll("link[rel='stylesheet'], script")]
  .some((el) => (el.href ?? el.src) === base + name);

// loadPart is the promise of a part that is on its way; undefined for one that is there.
const loadPart = (name) => {
  if (!isInserted(name)) pending.set(name, insertPart(name).then(() => pending.delete(name)));
  return pending.get(name);
};

// missing are the promises of the parts that an element needs and that are not there yet.
const missing = (el) => (el.closest("[data-part]")?.dataset.part ?? "").split(/\s+/).filter(Boolean).map(loadPart).filter(Boolean);

const namesOf = (el) => (el.getAttribute("data-behavior") ?? "").split(/\s+/).filter(Boolean);

const connect = (el) => {
  const wanted = missing(el);
  if (wanted.length === 0) return bind(el);
  Promise.all(wanted).then(() => { if (el.isConnected) bind(el); });
};

const bind = (el) => {
  for (const name of namesOf(el)) {
    const definition = definitions.get(name);
    if (!definition || bound.get(el)?.has(name)) continue;
    const controller = new AbortController();
    if (!bound.has(el)) bound.set(el, new Map());
    bound.get(el).set(name, controller);
    try {
      definition.connect(el, controller.signal);
    } catch (error) {
      reportError(error); // one broken behaviour must not keep the others from being bound
    }
  }
};

const disconnect = (el, keep = []) => {
  const controllers = bound.get(el);
  if (!controllers) return;
  for (const [name, controller] of controllers) {
    if (keep.includes(name)) continue;
    controllers.delete(name);
    controller.abort();
    try {
      definitions.get(name).disconnect?.(el);
    } catch (error) {
      reportError(error);
    }
  }
  if (controllers.size === 0) bound.delete(el);
};

const each = (root, visit) => {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  if (root.hasAttribute("data-behavior")) visit(root);
  for (const el of root.querySelectorAll("[data-behavior]")) visit(el);
};

// A morph moves elements by taking them out and putting them back: only what is gone at the end is disconnected.
const observe = (records) => {
  for (const record of records) {
    for (const node of record.removedNodes) each(node, (el) => { if (!el.isConnected) disconnect(el); });
  }
  for (const record of records) {
    for (const node of record.addedNodes) each(node, (el) => { if (el.isConnected) connect(el); });
    if (record.type !== "attributes" || !record.target.isConnected) continue;
    disconnect(record.target, namesOf(record.target));
    connect(record.target);
  }
};

const start = () => {
  each(document.documentElement, connect);
  new MutationObserver(observe).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-behavior"],
  });
};

globalThis.pult = Object.freeze({
  // behavior defines what elements with this name in data-behavior do.
  behavior(name, definition) {
    if (definitions.has(name)) throw new Error(`behavior ${name} is defined twice`);
    definitions.set(name, definition);
  },
  // share offers functions of one file to the files after it; use takes them.
  share(name, value) {
    if (shared.has(name)) throw new Error(`${name} is shared twice`);
    shared.set(name, value);
  },
  use(name) {
    if (!shared.has(name)) throw new Error(`nothing is shared as ${name}`);
    return shared.get(name);
  },
});

// The parts that the page's head names come after this one: their behaviours are defined when the document is ready, not before.
if (document.readyState === "complete") queueMicrotask(start);
else document.addEventListener("DOMContentLoaded", start, { once: true });
