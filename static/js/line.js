/*
  The connection to the desk, over which it says what moved: an EventSource that is never believed to be alive. The desk speaks
  every ten seconds at least; when it has been silent for two such beats the connection is dead, whatever the browser says of it (a lid
  was closed, the Wi-Fi changed), and another is opened that goes on at the last number. The shared worker runs this file, and
  pages where there is none.

    const line = pult.use("line")("/live", (news) => …);
    line.open(number); line.check(); line.close();

  News is { type: "moved", number, moved }, { type: "counts", waiting }, { type: "at", number }, or one of the types up, down,
  reload and signin.
*/
const beat = 10_000;
const deaf = 2 * beat + 2_000;
const mute = 6_000; // a connection that is not answered by then never will be
const lookEvery = 2_000;
const doubtful = beat + 2_000; // silent for so long when somebody comes back: better ask anew than wait
const justNow = 1_000; // twelve pages come back at once
const longestPause = 4_000;
const signedOutFor = 5_000;

// pause is pure: how long to wait before a try, in ms. A little differs by chance, so that a restarted desk is not met by all at once.
const pause = (tries, chance) => Math.min(250 * 2 ** tries, longestPause) * (0.75 + chance / 2);

pult.share("line-pause", pause);

pult.share("line", (address, tell) => {
  let source = null, number = 0, waiting = -1, up = false, heardAt = 0, triedAt = -Infinity, turnedAwayAt = -Infinity, tries = 0, retry = 0, watch = 0;

  const silent = () => Math.abs(Date.now() - heardAt); // a clock that was put back must not make the connection immortal

  const hear = (event) => {
    heardAt = Date.now();
    if (event?.lastEventId) number = Math.max(number, Number(event.lastEventId));
    if (up) return;
    up = true;
    tell({ type: "up", number });
  };

  const fall = () => {
    source?.close();
    source = null;
    if (up) { up = false; tell({ type: "down" }); }
  };

  const connect = () => {
    clearTimeout(retry);
    fall();
    heardAt = Date.now();
    triedAt = performance.now(); // which no clock that is set moves
    const mine = source = new EventSource(number > 0 ? `${address}?after=${number}` : address);
    const on = (name, act) => mine.addEventListener(name, (event) => { if (mine === source) act(event); });
    on("open", () => hear());
    on("error", again);
    on("ping", (event) => { tries = 0; hear(event); tell({ type: "at", number }); });
    on("moved", (event) => {
      tries = 0;
      hear(event);
      const { n, moved } = JSON.parse(event.data);
      number = Math.max(number, n);
      tell({ type: "moved", number: n, moved });
    });
    on("counts", (event) => { hear(event); waiting = Number(event.data); tell({ type: "counts", waiting }); });
    // What was missed is no longer known: pages load themselves again when they are seen, and until then hear what happens now.
    on("reload", () => { number = 0; tell({ type: "reload" }); connect(); });
    // A session that ended may have been followed by another: only who is turned away again has to sign in.
    on("signin", () => {
      if (performance.now() - turnedAwayAt < signedOutFor) { tell({ type: "signin" }); return close(); }
      turnedAwayAt = performance.now();
      return connect();
    });
  };

  const again = () => {
    fall();
    clearTimeout(retry);
    retry = setTimeout(connect, pause(tries++, Math.random()));
  };

  const look = () => { if (source && silent() > (up ? deaf : mute)) connect(); };

  const close = () => {
    clearTimeout(retry);
    clearInterval(watch);
    watch = 0;
    source?.close();
    source = null;
    up = false;
  };

  return {
    // open begins after the event with a number; it does nothing while the connection is open.
    open(after) {
      if (watch) return;
      number = after;
      waiting = -1;
      tries = 0;
      watch = setInterval(look, lookEvery);
      connect();
    },
    // check is for whoever comes back: network means that it has just changed, so what was open is not any more.
    check(network = false) {
      if (watch && performance.now() - triedAt > justNow && (network || !source || silent() > doubtful)) connect();
    },
    close,
    state: () => ({ up, number, waiting, open: watch !== 0 }),
  };
});
