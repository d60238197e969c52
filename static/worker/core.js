/*
  The worker that all pages of a browser share: it holds the one connection over which the desk says what moved. A browser allows
  six connections to a server, so twelve windows must not hold one each. As everywhere, files are plain scripts in blocks of their own;
  what has to be seen by other files hangs on the one global, pult.
*/
const shared = new Map();

globalThis.pult = Object.freeze({
  share(name, value) { shared.set(name, value); },
  use(name) {
    if (!shared.has(name)) throw new Error(`nothing is shared as ${name}`);
    return shared.get(name);
  },
});
