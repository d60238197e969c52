/*
  The pages of the browser, and the connection they share. A page says hello with the number of the newest event it shows, looks when it
  becomes visible or hidden, checks when it comes back from wherever it was, and says bye. It hears the news of the connection as
  they are (see js/line.js), first of all the state of it; a sound is made by one page only.
*/
const idle = 5_000; // between two pages, while one is being loaded, the connection stays

const pages = new Map(); // port -> { visible, sounds }
let reader = "";
let shown = null; // the port of the page that was looked at last
let closing = 0;

const tell = (news) => {
  for (const port of pages.keys()) port.postMessage(news);
  if (news.type === "moved" && news.moved.some((m) => m.fresh)) sound();
};

const line = pult.use("line")(self.name, tell); // named after the stream

// sound is made where the person is, if that page may make one, else by any that may.
const sound = () => {
  const able = [...pages.keys()].filter((port) => pages.get(port).sounds);
  const port = able.includes(shown) ? shown : able.find((one) => pages.get(one).visible) ?? able[0];
  port?.postMessage({ type: "sound" });
};

const look = (port, visible) => {
  pages.get(port).visible = visible;
  if (visible) shown = port;
};

const heard = {
  hello(port, { who, number, visible, sounds }) {
    clearTimeout(closing);
    pages.set(port, { visible, sounds });
    if (reader !== who) line.close();
    reader = who;
    look(port, visible);
    line.open(number);
    line.check();
    port.postMessage({ type: "state", ...line.state() });
  },
  look(port, { visible }) { look(port, visible); },
  sounds(port) { pages.get(port).sounds = true; },
  check(port, { network }) {
    line.check(network);
    port.postMessage({ type: "state", ...line.state() });
  },
  bye(port) {
    pages.delete(port);
    if (shown === port) shown = null;
    clearTimeout(closing);
    if (pages.size === 0) closing = setTimeout(() => line.close(), idle);
  },
};

addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.addEventListener("message", ({ data }) => {
    if (data.type === "hello" || pages.has(port)) heard[data.type]?.(port, data);
  });
  port.start();
});
