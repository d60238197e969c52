/*
  The button on a shop's page. It costs one small file: the panel is only loaded when somebody means to use it. Everything of ours
  lives in one element with a closed shadow, so that neither the shop's style sheets nor ours reach the other side, and styles are
  set by script alone, which every content security policy allows.

  The server writes CONFIG: key, colour, ink, left, origins, and words by language. The shop may add data-lang, data-user,
  data-name, data-email, data-expires and data-signature to the script element, or call pult("open"), pult("close"),
  pult("identify", { user, name, email, expires, signature }) and pult("forget") at any time.
*/
((config) => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  if (window.pult?.loaded) return;
  if (!config.origins.includes(location.origin)) {
    console.warn(`pult: ${location.origin} is not among the sites of this chat`);
    return;
  }
  const spoken = [script.dataset.lang, ...navigator.languages].map((l) => (l ?? "").slice(0, 2).toLowerCase());
  const lang = spoken.find((l) => config.words[l]) ?? "en";
  const words = config.words[lang];
  const mark = `pult.${config.key}`; // there is a conversation: later pages connect by themselves
  const remember = (store, value) => { try { value ? store.setItem(mark, value) : store.removeItem(mark); } catch { /* no storage: nothing to remember */ } };
  const recall = (store) => { try { return store.getItem(mark); } catch { return null; } };

  const host = document.createElement("pult-chat");
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  const side = config.left ? "left" : "right";
  sheet.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; ${side}: 1.25rem; bottom: 1.25rem; color-scheme: light dark; }
    button { display: flex; place-content: center; align-items: center; width: 3.5rem; height: 3.5rem; padding: 0; border: 2px solid ${config.ink}; border-radius: 50%; background: ${config.colour}; color: ${config.ink}; cursor: pointer; box-shadow: 0 .25rem 1rem #0005; }
    button:focus-visible { outline: 3px solid ${config.colour}; outline-offset: 3px; }
    svg { width: 1.75rem; height: 1.75rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    b { position: absolute; top: -.25rem; right: -.25rem; min-width: 1.25rem; padding: 0 .25rem; box-sizing: border-box; border-radius: 1rem; background: #b3261e; color: #fff; font: 700 .75rem/1.25rem system-ui, sans-serif; text-align: center; }
    [hidden] { display: none; }
    iframe { position: fixed; ${side}: 1.25rem; bottom: 5.5rem; width: min(24rem, calc(100vw - 2.5rem)); height: min(40rem, calc(100dvh - 7rem)); border: 0; border-radius: 1rem; background: Canvas; box-shadow: 0 .5rem 2rem #0006; }
    a { position: fixed; ${side}: 1.25rem; bottom: 5.5rem; padding: .75rem 1rem; border-radius: .5rem; background: Canvas; color: LinkText; font: 1rem system-ui, sans-serif; box-shadow: 0 .5rem 2rem #0006; }
    @media (max-width: 30em) { iframe { inset: 0; width: 100%; height: 100dvh; border-radius: 0; } }`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  const drawn = (name, attributes) => {
    const el = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    return el;
  };
  const icon = drawn("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  icon.append(drawn("path", { d: "M21 12a8 8 0 0 1-11.5 7.2L4 21l1.8-5.2A8 8 0 1 1 21 12z" }));
  button.append(icon);
  const count = document.createElement("b");
  count.hidden = true;
  count.setAttribute("aria-hidden", "true");
  button.append(count);
  root.append(button);

  let frame, ready, open = false, wanted = false, unread = 0, wait = 0, person = null;
  const page = () => ({ url: location.origin + location.pathname + location.search, title: document.title });
  const post = (message) => ready && frame.contentWindow.postMessage({ pult: 1, ...message }, base);
  const label = () => {
    button.setAttribute("aria-label", open ? words.close : unread ? words.unread.replace("#", unread) : words.open);
    button.setAttribute("aria-expanded", open);
    count.textContent = unread;
    count.hidden = !unread || open;
  };

  const load = () => {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = words.title;
    frame.hidden = true;
    frame.src = `${base}/chat/${config.key}?lang=${lang}&origin=${encodeURIComponent(location.origin)}`;
    root.prepend(frame);
  };
  // A page that a policy keeps from showing the panel still leads to it.
  const strand = () => {
    if (ready || !open) return;
    const link = document.createElement("a");
    link.href = `${base}/chat/${config.key}?lang=${lang}`;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words.elsewhere;
    frame.replaceWith(link);
  };
  const show = (yes, focus = true) => {
    load();
    open = yes;
    frame.hidden = !yes;
    remember(sessionStorage, yes && "open");
    wanted = focus;
    post(yes ? { type: "open", page: page(), person, focus } : { type: "close" });
    clearTimeout(wait);
    if (yes) wait = setTimeout(strand, 10000);
    else if (focus) button.focus();
    label();
  };

  const heard = {
    ready() {
      ready = true;
      clearTimeout(wait);
      post({ type: open ? "open" : "wait", page: page(), person, focus: wanted });
    },
    close: () => show(false),
    unread({ n }) { unread = Number(n) || 0; label(); },
    begun: () => remember(localStorage, "1"),
    forgot: () => remember(localStorage),
  };
  addEventListener("message", (e) => {
    if (frame && e.origin === base && e.source === frame.contentWindow && e.data?.pult === 1 && Object.hasOwn(heard, e.data.type)) heard[e.data.type](e.data);
  });
  button.addEventListener("click", () => show(!open));
  for (const sign of ["pointerenter", "focus"]) button.addEventListener(sign, load, { once: true });

  const commands = {
    open: () => show(true),
    close: () => open && show(false),
    identify(who) { person = who; load(); post({ type: "identify", person }); },
    forget() { person = null; load(); post({ type: "forget" }); },
  };
  const queue = window.pult?.q ?? [];
  window.pult = (name, value) => commands[name]?.(value);
  window.pult.loaded = true;
  const start = () => {
    document.body.append(host);
    label();
    const { user, name = "", email = "", expires, signature } = script.dataset;
    if (user) person = { user, name, email, expires, signature };
    for (const call of queue) window.pult(...call);
    if (recall(sessionStorage) && matchMedia("(min-width: 30em)").matches) show(true, false); // follows from page to page, and leaves the reader where they are
    else if (recall(localStorage) || person) load();
  };
  document.body ? start() : addEventListener("DOMContentLoaded", start);
})(CONFIG);
