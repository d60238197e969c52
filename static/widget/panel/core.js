/*
  The chat of a visitor. The page works without these files as a plain form; with them, messages are sent and come in without loading.

  As on the desk, the files are plain scripts: the server wraps each one in a strict block and joins them in the order declared in
  static.go, so what a file declares stays in that file, and the visitor loads one script. What has to be seen by other files hangs on
  the one global, panel. A file uses those before it; outbox.js alone calls live.js, which comes after it.
*/
const shared = new Map();

globalThis.panel = Object.freeze({
  // share offers functions of one file to the others; use takes them.
  share(name, value) { shared.set(name, value); },
  use(name) {
    if (!shared.has(name)) throw new Error(`nothing is shared as ${name}`);
    return shared.get(name);
  },
});
