/** Icons, drawn as strokes in a 24 by 24 box. */

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const SHAPES = {
  plus: "M12 5v14M5 12h14",
  send: "M12 19.5V5M5.5 11.5 12 5l6.5 6.5",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h10",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  copy: "M9 9h10.5v11.5H9zM15 9V3.5H4.5V15H9",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  upload: "M12 16V5M7 9.5l5-5 5 5M5 20h14",
  trash: "M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5",
  shield: "M12 3.5l7 2.6v5.4c0 4.4-2.9 7.4-7 9-4.1-1.6-7-4.6-7-9V6.1zM8.8 12l2.4 2.4 4.2-4.6",
  book: "M12 6.5C10 5 7 4.6 4 5v13.5c3-.4 6 0 8 1.5 2-1.5 5-1.9 8-1.5V5c-3-.4-6 0-8 1.5zM12 6.5V20",
  up: "M7.5 11 11.5 3.8c1.5 0 2.5 1.2 2.2 2.7L13 10h5.8c1.1 0 1.9 1 1.6 2.1l-1.7 6.6c-.2.8-.9 1.3-1.7 1.3H7.5zM7.5 11v9H4v-9z",
  down: "M7.5 13 11.5 20.2c1.5 0 2.5-1.2 2.2-2.7L13 14h5.8c1.1 0 1.9-1 1.6-2.1l-1.7-6.6c-.2-.8-.9-1.3-1.7-1.3H7.5zM7.5 13V4H4v9z",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  again: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4h-4",
};

/**
 * @param {string} name
 * @returns {SVGSVGElement} hidden from screen readers: the button around it has the label.
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Give the buttons of the static page their icons. */
export function drawIcons() {
  for (const button of document.querySelectorAll("[data-icon]")) {
    button.prepend(icon(/** @type {HTMLElement} */ (button).dataset.icon ?? ""));
  }
}

/**
 * Change the icon that `button` begins with.
 * @param {Element} button
 * @param {string} name
 */
export function swapIcon(button, name) {
  button.querySelector("svg")?.replaceWith(icon(name));
}
