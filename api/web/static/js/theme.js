/** Light or dark: the system's choice until the button is used. */

import { byId } from "./dom.js";
import { swapIcon } from "./icons.js";
import { keep } from "./storage.js";

const systemDark = matchMedia("(prefers-color-scheme: dark)");

export function startTheme() {
  const button = byId("theme");
  button.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    keep("localStorage", "theme", chosen);
    draw(button);
  });
  systemDark.addEventListener("change", () => draw(button));
  draw(button);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : systemDark.matches;
}

/** @param {HTMLElement} button */
function draw(button) {
  byId("theme-label").textContent = isDark() ? "Light theme" : "Dark theme";
  swapIcon(button, isDark() ? "sun" : "moon");
}
