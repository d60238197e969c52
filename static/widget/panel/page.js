// The page: its elements, its words, and the shop's page around it.
const $ = (id) => document.getElementById(id);
const { key, origin, ...words } = document.body.dataset;
document.documentElement.dataset.script = "";

panel.share("page", {
  $, key, origin, words,
  lang: document.documentElement.lang,
  form: $("say"), text: $("text"), talk: $("talk"),
  framed: window.parent !== window,
  parse: (html) => new DOMParser().parseFromString(html, "text/html").body.firstElementChild,
  news: (words) => { $("news").textContent = words; },
  // tell speaks to the page around this one, which may be nobody but the shop that the server named.
  tell: (message) => { if (origin && window.parent !== window) window.parent.postMessage({ pult: 1, ...message }, origin); },
});
