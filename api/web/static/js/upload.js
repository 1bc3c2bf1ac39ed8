/** Adding articles: a file dialog or a drop, progress while they are sent and indexed, and what became of each. */

import { friendly, keyHeader, Problem, renewKey } from "./api.js";
import { byId, el, iconButton } from "./dom.js";

/** @typedef {import("./types.js").UploadReport} UploadReport */

/**
 * @param {File[]} files
 * @param {(documentId: string | undefined) => Promise<void>} done called with an article to show, once they are indexed.
 */
export async function upload(files, done) {
  const card = new Card(files);
  try {
    const report = await send(files, (share) => card.progress(share));
    card.finish(linesOf(report));
    await done((report.added[0] ?? report.updated[0] ?? report.unchanged[0])?.id);
  } catch (error) {
    card.finish([{ good: false, text: friendly(error) }], () => upload(files, done));
  }
}

/** One upload in the article pane. */
class Card {
  /** @param {File[]} files */
  constructor(files) {
    const what = files.length === 1 ? files[0].name : `${files.length} files`;
    this.bar = el("progress", { max: 1, value: 0, "aria-label": `Sending ${what}` });
    this.state = el("span", { class: "upload-state" }, "Sending…");
    this.name = el("span", { class: "upload-name", dir: "auto" }, what);
    this.node = el("div", { class: "upload", role: "status" }, el("p", {}, this.name, this.state), this.bar);
    byId("uploads").append(this.node);
  }

  /** @param {number} share of the bytes that were sent, 0 to 1 */
  progress(share) {
    if (share < 1) {
      this.bar.setAttribute("value", String(share));
      return;
    }
    this.bar.removeAttribute("value");
    this.state.textContent = "Indexing…";
  }

  /**
   * @param {{good: boolean, text: string}[]} lines
   * @param {() => void} [again]
   */
  finish(lines, again) {
    const close = iconButton("close", "Dismiss", () => this.node.remove());
    const items = lines.map(({ good, text }) => el("li", { class: good ? "good" : "bad", dir: "auto" }, text));
    const retry = () => {
      this.node.remove();
      again?.();
    };
    const buttons = again ? [el("button", { type: "button", class: "button small", onclick: retry }, "Try again")] : [];
    this.node.replaceChildren(el("ul", {}, ...items), ...buttons, close);
    if (lines.every(({ good }) => good)) setTimeout(() => this.node.remove(), 8000);
  }
}

/** @param {UploadReport} report */
function linesOf(report) {
  /** @type {(word: string) => (document: {title: string, source: string}) => {good: boolean, text: string}} */
  const say = (word) => (document) => ({ good: true, text: `${word}: ${document.title || document.source}` });
  return [
    ...report.added.map(say("Added")),
    ...report.updated.map(say("Updated")),
    ...report.unchanged.map(say("Already here")),
    ...report.failed.map(({ name, problem }) => ({ good: false, text: problem.includes(name) ? problem : `${name}: ${problem}` })),
  ];
}

/**
 * @param {File[]} files
 * @param {(share: number) => void} progress
 * @returns {Promise<UploadReport>}
 */
async function send(files, progress) {
  for (;;) {
    const { status, body, retryAfter } = await post(files, progress);
    if (status < 400 && status > 0) return body;
    if (status === 401 && (await renewKey())) continue;
    throw Problem.of(status, body, retryAfter);
  }
}

/**
 * XMLHttpRequest, because fetch does not tell how much of a body was sent.
 * @param {File[]} files
 * @param {(share: number) => void} progress
 * @returns {Promise<{status: number, body: any, retryAfter: string | null}>} status 0: not reached.
 */
function post(files, progress) {
  const form = new FormData();
  for (const file of files) form.append("file", file);
  return new Promise((resolve) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", "/v1/documents");
    for (const [name, value] of Object.entries(keyHeader())) sending.setRequestHeader(name, value);
    sending.responseType = "json";
    sending.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    sending.upload.onload = () => progress(1);
    sending.onloadend = () => {
      const retryAfter = sending.getResponseHeader("Retry-After");
      resolve({ status: sending.status, body: sending.response, retryAfter });
    };
    sending.send(form);
  });
}
