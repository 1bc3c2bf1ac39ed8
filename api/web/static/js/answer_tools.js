/** What can be done with an answer: copy it, keep or verify its receipt, rate it. */

import { friendly, json } from "./api.js";
import { el, iconButton, toast } from "./dom.js";
import { downloadReceipt, receiptOf, verifyText } from "./receipts.js";

/** @typedef {import("./types.js").Answer} Answer */

/**
 * @param {Answer} answer
 * @returns {HTMLElement}
 */
export function answerTools(answer) {
  const proves = answer.citations.length > 0;
  const facts = el("p", { class: "facts" }, ...factsOf(answer));
  const buttons = el("div", { class: "tools", role: "group", "aria-label": "This answer" });
  buttons.append(iconButton("copy", "Copy the answer with its footnotes", () => copy(citedText(answer))));
  if (proves) {
    buttons.append(
      iconButton("shield", "Verify this answer again", () => verifyText(receiptOf(answer), "This answer")),
      iconButton("download", "Download the receipt", () => downloadReceipt(answer)),
    );
  }
  const comment = el("div", { class: "comment" });
  buttons.append(...rating(answer, comment));
  return el("footer", { class: "answer-foot" }, el("div", { class: "answer-bar" }, facts, buttons), comment);
}

/** @param {Answer} answer */
function factsOf(answer) {
  const seconds = answer.timings_ms.total / 1000;
  const time = seconds < 0.1 ? "under 0.1 s" : `${seconds.toFixed(1)} s`;
  if (answer.status !== "answered") return [time];
  const sure = `${Math.round(answer.confidence * 100)} %`;
  const why = "How likely it is that the articles answer this question";
  return [el("span", { title: why }, `Confidence ${sure}`), " · ", time];
}

/**
 * The answer as plain text with numbered footnotes.
 * @param {Answer} answer
 */
export function citedText(answer) {
  const notes = answer.citations.map(({ number, quote, document, start, end }) => {
    const flat = quote.replace(/\s+/g, " ");
    return `[${number}] “${flat}” ${document.title}, ${document.source}, characters ${start}-${end}`;
  });
  return [answer.text, notes.join("\n")].filter(Boolean).join("\n\n");
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyTheOldWay(text);
  }
  toast("Copied, with footnotes.");
}

/**
 * Without TLS, browsers have no clipboard interface but on this machine.
 * @param {string} text
 */
function copyTheOldWay(text) {
  const area = /** @type {HTMLTextAreaElement} */ (el("textarea", { class: "unseen" }, text));
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/**
 * @param {Answer} answer
 * @param {HTMLElement} place for the comment
 */
function rating(answer, place) {
  const good = iconButton("up", "Good answer", () => rate("up"), { "aria-pressed": "false" });
  const bad = iconButton("down", "Bad answer", () => rate("down"), { "aria-pressed": "false" });
  /** @param {"up" | "down"} value */
  const rate = async (value) => {
    if (!(await sendFeedback(answer.id, value, ""))) return;
    good.setAttribute("aria-pressed", String(value === "up"));
    bad.setAttribute("aria-pressed", String(value === "down"));
    place.replaceChildren(commentForm(answer.id, value, place));
    place.scrollIntoView({ block: "nearest" });
  };
  return [good, bad];
}

/**
 * @param {string} id of the answer
 * @param {"up" | "down"} value
 * @param {HTMLElement} place
 */
function commentForm(id, value, place) {
  const label = value === "up" ? "What was good?" : "What was wrong?";
  const input = /** @type {HTMLInputElement} */ (
    el("input", { type: "text", maxlength: 5000, placeholder: `${label} (optional)`, "aria-label": label, dir: "auto" })
  );
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const comment = input.value.trim();
    if (comment && !(await sendFeedback(id, value, comment))) return;
    place.replaceChildren(el("p", { class: "facts", role: "status" }, "Thank you."));
  };
  return el("form", { onsubmit: submit }, input, el("button", { type: "submit", class: "button small" }, "Send"));
}

/**
 * @param {string} id
 * @param {"up" | "down"} value
 * @param {string} comment
 * @returns {Promise<boolean>} whether it was kept
 */
async function sendFeedback(id, value, comment) {
  try {
    await json("/v1/feedback", { method: "POST", body: { answer_id: id, rating: value, comment } });
    return true;
  } catch (error) {
    toast(friendly(error));
    return false;
  }
}
