// The visitor is known by a token that this page makes and keeps in its own storage, which browsers keep apart for every shop.
const { key, lang } = panel.use("page");

const memory = {}; // stands in where the browser gives no storage
const store = {
  get: (name) => { try { return localStorage.getItem(`pult.${key}.${name}`) ?? memory[name]; } catch { return memory[name]; } },
  set: (name, value) => { memory[name] = value; try { localStorage.setItem(`pult.${key}.${name}`, value); } catch { /* kept in memory */ } },
  drop: (name) => { delete memory[name]; try { localStorage.removeItem(`pult.${key}.${name}`); } catch { /* nothing was kept */ } },
};
const random = (bytes) => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const headers = () => {
  if (!store.get("token")) store.set("token", random(32));
  return { Authorization: `Bearer ${store.get("token")}` };
};

panel.share("visitor", {
  store, random, headers,
  call: (path, options = {}) => fetch(`/chat/${key}/${path}?lang=${lang}`, { ...options, headers: { ...options.headers, ...headers() } }),
});
