/** One question and its answer, as they come and when they are complete. */

import { el } from "./dom.js";
import { answerTools } from "./answer_tools.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Place} Place */

/**
 * @typedef {(place: Place, title: string, open: boolean, from: HTMLElement) => void} ShowPlace
 *   `open`: bring the article to the front where it is hidden; `from` gets the focus back.
 */

export class ExchangeView {
  /**
   * @param {string} question
   * @param {ShowPlace} showPlace
   */
  constructor(question, showPlace) {
    this.showPlace = showPlace;
    /** @type {Citation[]} */
    this.citations = [];
    this.statements = el("div", { class: "statements" });
    this.rest = el("div", { class: "rest" });
    this.working = el("p", { class: "working" }, el("span", { class: "pulse", "aria-hidden": "true" }), "Reading the articles…");
    this.node = el(
      "article",
      { class: "exchange" },
      el("h2", { class: "question", dir: "auto" }, question),
      el("div", { class: "answer" }, this.statements, this.working, this.rest),
    );
  }

  /** @param {Citation} citation */
  addEvidence(citation) {
    if (!this.citations.some(({ number }) => number === citation.number)) this.citations.push(citation);
  }

  /** @param {import("./types.js").Statement} statement proven by evidence that was added before */
  addStatement(statement) {
    const markers = statement.citations.map((number) => this.#marker(number));
    this.statements.append(el("p", { class: "statement", dir: "auto" }, ...tied(statement.text, markers)));
    this.working.lastChild?.replaceWith("Checking the next sentence…");
  }

  /** @param {Answer} answer */
  finish(answer) {
    this.working.remove();
    this.citations = answer.citations;
    this.statements.replaceChildren();
    answer.statements.forEach((statement) => this.addStatement(statement));
    if (!answer.statements.length) this.#say(answer.text, answer.status);
    const open = (answer.unanswered ?? []).map((part) =>
      el("p", { class: "said unsaid", dir: "auto" }, "The articles do not say: ", el("bdi", {}, part)),
    );
    this.statements.append(...open);
    const understood = sameWords(answer.question, answer.standalone_question) ? [] : [understoodLine(answer)];
    const notes = answer.citations.length ? [this.#notes()] : [];
    const nearest = answer.nearest.length ? [this.#nearest(answer)] : [];
    this.rest.replaceChildren(...understood, ...notes, ...nearest, answerTools(answer));
  }

  /**
   * What is shown of an exchange whose receipt was not kept.
   * @param {string} text
   */
  finishText(text) {
    this.working.remove();
    this.#say(text, "answered");
  }

  /**
   * @param {string} text
   * @param {string} label of the button
   * @param {(() => void) | null} act null for no button
   */
  fail(text, label, act) {
    this.working.remove();
    const button = act ? [el("button", { type: "button", class: "button small", onclick: act }, label)] : [];
    this.rest.replaceChildren(el("div", { class: "trouble" }, el("p", {}, text), ...button));
  }

  /**
   * @param {string} text
   * @param {string} status
   */
  #say(text, status) {
    const lines = text.split("\n").filter((line) => line.trim());
    const kind = status === "not_in_articles" ? "said unsaid" : "said";
    this.statements.replaceChildren(...lines.map((line) => el("p", { class: kind, dir: "auto" }, line)));
  }

  /** @param {number} number */
  #marker(number) {
    const citation = this.citations.find((each) => each.number === number);
    if (!citation) return el("span", { class: "marker lost", title: "This footnote is missing" }, String(number));
    const label = `Footnote ${number}: ${citation.quote}`;
    const marker = el("button", { type: "button", class: "marker", "aria-label": label, "data-note": number }, String(number));
    this.#leadsTo(marker, citation);
    return marker;
  }

  #notes() {
    const rows = this.citations.map((citation) => {
      const { number, quote, document, start, end } = citation;
      const row = el(
        "button",
        { type: "button", class: "note", "data-note": number },
        el("span", { class: "note-number" }, String(number)),
        el("span", { class: "note-quote", dir: "auto" }, `“${quote}”`),
        el(
          "span",
          { class: "note-place" },
          el("bdi", { class: "note-title" }, document.title),
          el("span", {}, `characters ${start}–${end}`),
        ),
      );
      this.#leadsTo(row, citation);
      return el("li", {}, row);
    });
    return el("section", { class: "notes" }, el("h3", {}, "Footnotes"), el("ol", {}, ...rows));
  }

  /**
   * Hovering and focusing show the place; activating also brings the article to the front.
   * @param {HTMLElement} control
   * @param {Citation} citation
   */
  #leadsTo(control, { number, document, start, end, quote }) {
    /** @type {Place} */
    const place = { documentId: document.id, source: document.source, start, end, quote, kind: "active" };
    /** @type {(open: boolean) => void} */
    const show = (open) => {
      this.#select(number);
      this.showPlace(place, document.title, open, control);
    };
    let waiting = 0;
    control.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") waiting = window.setTimeout(() => show(false), 90);
    });
    control.addEventListener("pointerleave", () => window.clearTimeout(waiting));
    control.addEventListener("focus", () => control.matches(":focus-visible") && show(false));
    control.addEventListener("click", () => show(true));
  }

  /** @param {number} number of the footnote whose place is shown */
  #select(number) {
    for (const each of document.querySelectorAll("[data-note]")) {
      const chosen = this.node.contains(each) && each.getAttribute("data-note") === String(number);
      each.classList.toggle("chosen", chosen);
    }
  }

  /** @param {Answer} answer */
  #nearest(answer) {
    const rows = answer.nearest.map((near) => {
      const place = placeOf(near);
      const button = el(
        "button",
        { type: "button", class: "near", disabled: !place, onclick: () => place && this.showPlace(place, near.document, true, button) },
        el("span", { class: "near-text", dir: "auto" }, near.text),
        el("span", { class: "note-place" }, el("bdi", {}, near.document)),
      );
      return el("li", {}, button);
    });
    const title = answer.status === "not_in_articles" ? "The nearest passages" : "Nearby passages";
    return el("section", { class: "nearest" }, el("h3", {}, title), el("ul", {}, ...rows));
  }
}

/**
 * A sentence and its markers, the last word kept on one line with them.
 * @param {string} text
 * @param {HTMLElement[]} markers
 */
function tied(text, markers) {
  const [, last] = /(\S{1,24})\s*$/.exec(text) ?? ["", ""];
  const head = text.trimEnd().slice(0, text.trimEnd().length - last.length);
  return [head, el("span", { class: "tied" }, last, " ", el("span", { class: "markers" }, ...markers))];
}

/**
 * A passage's id says where it stands: document, start and end.
 * @param {import("./types.js").Nearest} near
 * @returns {Place | null}
 */
function placeOf(near) {
  const [, documentId, start, end] = /^(.+):(\d+)-(\d+)$/.exec(near.passage_id) ?? [];
  if (!documentId) return null;
  return { documentId, source: null, start: Number(start), end: Number(end), quote: near.text, kind: "near" };
}

/** @param {Answer} answer */
function understoodLine(answer) {
  return el("p", { class: "understood" }, "Understood as: ", el("bdi", {}, answer.standalone_question));
}

/**
 * @param {string} a
 * @param {string} b
 */
function sameWords(a, b) {
  const plain = (/** @type {string} */ text) => text.trim().replace(/\s+/g, " ");
  return plain(a) === plain(b);
}
