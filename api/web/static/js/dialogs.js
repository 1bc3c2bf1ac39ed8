/** Dialogs. The native element keeps the focus inside, closes on Escape and gives the focus back. */

import { el, iconButton } from "./dom.js";

/**
 * Show a dialog until it is closed.
 * @param {string} title
 * @param {(close: (result: string | null) => void) => Node[]} fill makes what is in it
 * @param {string} [kind] a class
 * @returns {Promise<string | null>} what it was closed with; null for Escape and the cross.
 */
export function openDialog(title, fill, kind = "") {
  return new Promise((resolve) => {
    /** @type {string | null} */
    let result = null;
    const close = (/** @type {string | null} */ value) => {
      result = value;
      dialog.close();
    };
    const heading = el("h2", { id: "dialog-title", dir: "auto" }, title);
    const cross = iconButton("close", "Close", () => close(null));
    const head = el("header", {}, heading, cross);
    const properties = { class: `dialog ${kind}`, "aria-labelledby": "dialog-title" };
    const dialog = /** @type {HTMLDialogElement} */ (el("dialog", properties, head, ...fill(close)));
    dialog.addEventListener("click", (event) => event.target === dialog && close(null));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {{title: string, text: string, confirm: string, danger?: boolean}} what
 * @returns {Promise<boolean>}
 */
export async function confirmDialog({ title, text, confirm, danger = false }) {
  const answer = await openDialog(title, (close) => [
    el("p", { dir: "auto" }, text),
    buttons(
      el("button", { type: "button", class: "button", autofocus: true, onclick: () => close(null) }, "Cancel"),
      el("button", { type: "button", class: `button ${danger ? "danger" : "primary"}`, onclick: () => close("yes") }, confirm),
    ),
  ]);
  return answer === "yes";
}

/**
 * Ask for one line.
 * @param {{title: string, text?: string, label: string, value?: string, confirm: string, secret?: boolean,
 *   limit?: number}} what
 * @returns {Promise<string | null>} trimmed and not empty; null when it was dismissed.
 */
export function promptDialog({ title, text = "", label, value = "", confirm, secret = false, limit = 200 }) {
  return openDialog(title, (close) => {
    const type = secret ? "password" : "text";
    const input = /** @type {HTMLInputElement} */ (
      el("input", { type, value, maxlength: limit, autocomplete: "off", dir: "auto", autofocus: true })
    );
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) close(input.value.trim());
    };
    const field = el("label", { class: "field" }, el("span", {}, label), input);
    const row = buttons(
      el("button", { type: "button", class: "button", onclick: () => close(null) }, "Cancel"),
      el("button", { type: "submit", class: "button primary" }, confirm),
    );
    return [el("form", { onsubmit: submit }, ...(text ? [el("p", {}, text)] : []), field, row)];
  });
}

/** @param {...Node} nodes */
function buttons(...nodes) {
  return el("div", { class: "dialog-buttons" }, ...nodes);
}
