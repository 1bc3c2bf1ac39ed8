/** Making and finding elements. Text enters as text nodes and in no other way. */

import { icon } from "./icons.js";

/**
 * Make an element. Strings among the children become text nodes.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `onclick` and the like add listeners; `true` and `false` set and leave
 *   out boolean attributes; the rest are attributes. Names come from this code, never from data.
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * @param {string} name of the icon
 * @param {string} label for screen readers and as the tooltip
 * @param {() => void} act
 * @param {Record<string, unknown>} [properties]
 * @returns {HTMLButtonElement}
 */
export function iconButton(name, label, act, properties = {}) {
  const all = { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: act, ...properties };
  return /** @type {HTMLButtonElement} */ (el("button", all, icon(name)));
}

/**
 * An element of the static page.
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (found);
}

/**
 * Say something briefly at the bottom of the page.
 * @param {string} text
 */
export function toast(text) {
  const node = el("p", { class: "toast", dir: "auto" }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), 4000);
}

/**
 * Let screen readers say something.
 * @param {string} text
 */
export function announce(text) {
  const log = byId("announcer");
  while (log.childElementCount > 20) log.firstElementChild?.remove();
  log.append(el("p", {}, text));
}

/**
 * Hand the person a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
