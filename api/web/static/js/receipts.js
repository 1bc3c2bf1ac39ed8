/** Receipts: an Answer as a file, and what proving one again gave. */

import { friendly, request } from "./api.js";
import { openDialog } from "./dialogs.js";
import { download, el } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Verification} Verification */

/** @param {Answer} answer */
export function receiptOf(answer) {
  const { session_id: _, ...receipt } = answer; // who has the session's id can read the session
  return JSON.stringify(receipt, null, 1);
}

/** @param {Answer} answer */
export function downloadReceipt(answer) {
  download(new Blob([receiptOf(answer)], { type: "application/json" }), `footnote-${answer.id.slice(0, 8)}.json`);
}

/**
 * Verify a file and show the result.
 * @param {File} file
 */
export async function verifyFile(file) {
  await verifyText(await file.text(), file.name);
}

/**
 * @param {string} text JSON, sent as it is: parsing would round its numbers.
 * @param {string} name shown above the result
 */
export async function verifyText(text, name) {
  try {
    JSON.parse(text);
  } catch {
    return showProblem(name, "This file is not JSON, so it is no receipt.");
  }
  try {
    const response = await request("/v1/verify", { method: "POST", body: text });
    return showResult(name, await response.json());
  } catch (error) {
    const status = /** @type {{status?: number}} */ (error).status;
    return showProblem(name, status === 422 || status === 400 ? "This JSON is not a receipt." : friendly(error));
  }
}

/**
 * @param {string} name
 * @param {Verification} result
 */
function showResult(name, { verified, checks }) {
  const failed = checks.filter((check) => !check.verified).length;
  const all = checks.length;
  const claims = all === 0 ? "This answer claims nothing, so there is nothing to check." : `All ${all} checks hold.`;
  const said = verified ? claims : `${failed} of ${all} checks ${failed === 1 ? "does" : "do"} not hold.`;
  return openDialog(
    verified ? "Verified" : "Not verified",
    () => [verdict(verified, said), fileName(name), el("ul", { class: "checks" }, ...checks.map(checkRow))],
    "result",
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function showProblem(name, text) {
  return openDialog("Not verified", () => [verdict(false, text), fileName(name)], "result");
}

/** @param {string} name */
function fileName(name) {
  return el("p", { class: "file-name", dir: "auto" }, name);
}

/**
 * @param {boolean} good
 * @param {string} text
 */
function verdict(good, text) {
  return el("p", { class: `verdict ${good ? "good" : "bad"}` }, icon(good ? "check" : "close"), text);
}

/** @param {import("./types.js").Check} check */
function checkRow({ subject, verified, problem }) {
  const state = verified ? "holds" : "does not hold";
  const name = el("span", { class: "check-subject", dir: "auto" }, subject);
  const mark = el("span", { class: "check-state" }, icon(verified ? "check" : "close"), state);
  const why = problem ? [el("p", { class: "check-problem", dir: "auto" }, problem)] : [];
  return el("li", { class: verified ? "good" : "bad" }, el("div", {}, name, mark), ...why);
}
