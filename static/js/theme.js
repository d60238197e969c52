/*
  The theme, chosen before the first paint: this file alone is loaded in the head without defer.
  The choice is kept in the cookie "pult_theme" (light or dark; no cookie: follow the system), so the server may set
  data-theme on <html> by itself. A click on [data-theme-choice="light|dark|system"] changes it; aria-pressed follows.
*/
"use strict";
{
  const cookie = "pult_theme";
  const year = 60 * 60 * 24 * 365;
  const root = document.documentElement;

  const chosen = () => {
    const kept = document.cookie.match(/(?:^|; )pult_theme=(light|dark)(?:;|$)/);
    return kept ? kept[1] : "system";
  };

  const apply = (choice) => {
    if (choice === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", choice);
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  };

  const keep = (choice) => {
    const age = choice === "system" ? 0 : year;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${cookie}=${choice}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };

  apply(chosen());
  document.addEventListener("DOMContentLoaded", () => apply(chosen()));
  document.addEventListener("htmx:after:swap", () => apply(chosen()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-choice]");
    if (!button) return;
    keep(button.dataset.themeChoice);
    apply(chosen());
  });
}
