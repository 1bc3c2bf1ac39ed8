/**
 * The text of one article, and the places in it that are marked.
 *
 * The element's textContent is the document's text, character for character. Lines come in chunks that the browser
 * lays out only when they come into view (content-visibility), so a book scrolls as smoothly as a note.
 */

import { blocksOf, outline, pieces } from "./blocks.js";
import { el } from "./dom.js";
import { countBelow, utf16Offsets } from "./offsets.js";

/** @typedef {import("./types.js").DocumentText} DocumentText */
/** @typedef {import("./blocks.js").Block} Block */
/** @typedef {import("./blocks.js").Range} Range */

const LINES_A_CHUNK = 40;
const SCREENS_TO_GLIDE = 3;

export class ArticleText {
  /** @param {HTMLElement} root scrolls. */
  constructor(root) {
    this.root = root;
    /** @type {DocumentText | null} */
    this.shown = null;
    this.toUtf16 = utf16Offsets("");
    /** @type {Block[]} */
    this.blocks = [];
    /** @type {number[]} */
    this.ends = [];
    /** @type {HTMLElement[]} */
    this.lines = [];
    /** @type {Set<number>} */
    this.painted = new Set();
  }

  /** @param {DocumentText | null} shown null empties the pane. */
  show(shown) {
    this.shown = shown;
    const text = shown?.text ?? "";
    this.toUtf16 = utf16Offsets(text);
    const headings = (shown?.headings ?? []).map((heading) => ({ ...heading, ...this.#inUtf16(heading) }));
    this.blocks = blocksOf(text, headings);
    this.ends = this.blocks.map((block) => block.end);
    this.painted.clear();
    const levels = outline(this.blocks);
    this.lines = this.blocks.map((block, i) => this.#line(block, levels[i]));
    this.root.replaceChildren(...this.#chunks(text));
    this.root.scrollTop = 0;
  }

  /**
   * Mark places, in place of those marked before.
   * @param {{start: number, end: number, kind: "active" | "near" | "cited"}[]} places in code points; later ones win.
   */
  mark(places) {
    const ranges = places.map((place) => ({ kind: place.kind, ...this.#inUtf16(place) }));
    const now = new Set(ranges.flatMap((range) => this.#linesOf(range)));
    for (const i of new Set([...this.painted, ...now])) this.#paint(i, ranges);
    this.painted = now;
  }

  /**
   * Scroll the first mark of a kind into the middle.
   * @param {"active" | "near"} kind
   */
  reveal(kind) {
    const target = this.root.querySelector(`.mark-${kind}`);
    if (!target) return;
    const distance = Math.abs(this.#offCentre(target));
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (distance < 8) return;
    if (calm || distance > this.root.clientHeight * SCREENS_TO_GLIDE) this.#jump(target, 4);
    else this.root.scrollTo({ top: this.root.scrollTop + this.#offCentre(target), behavior: "smooth" });
  }

  /**
   * Chunks that were never laid out have an estimated height; each jump makes the estimate better.
   * @param {Element} target
   * @param {number} tries
   */
  #jump(target, tries) {
    this.root.scrollTop += this.#offCentre(target);
    if (tries > 1) requestAnimationFrame(() => target.isConnected && this.#jump(target, tries - 1));
  }

  /** @param {Element} target */
  #offCentre(target) {
    const box = target.getBoundingClientRect();
    const pane = this.root.getBoundingClientRect();
    const room = Math.max(24, (pane.height - box.height) / 2.6);
    return Math.round(box.top - pane.top - room);
  }

  /** @param {{start: number, end: number}} span */
  #inUtf16(span) {
    return { start: this.toUtf16(span.start), end: this.toUtf16(span.end) };
  }

  /**
   * @param {Range} range
   * @returns {number[]} indices of the lines it touches
   */
  #linesOf(range) {
    const found = [];
    for (let i = countBelow(this.ends, range.start + 1); i < this.blocks.length && this.blocks[i].start < range.end; i += 1) {
      found.push(i);
    }
    return found;
  }

  /**
   * @param {Block} block
   * @param {number} level
   */
  #line(block, level) {
    const kind = level ? "heading" : block.marker ? "item" : "paragraph";
    const node = el(level ? `h${level}` : "p", { class: `line ${kind}`, dir: "auto" });
    node.append(...this.#filling(block, []));
    return node;
  }

  /**
   * @param {number} i
   * @param {Range[]} ranges
   */
  #paint(i, ranges) {
    this.lines[i].replaceChildren(...this.#filling(this.blocks[i], ranges));
  }

  /**
   * @param {Block} block
   * @param {Range[]} ranges
   * @returns {(Node | string)[]}
   */
  #filling(block, ranges) {
    const text = this.shown?.text ?? "";
    const from = block.start + block.marker;
    const content = pieces(from, block.end, ranges).map(({ start, end, kind }) => {
      const piece = text.slice(start, end);
      return kind ? el("mark", { class: `mark-${kind}` }, piece) : piece;
    });
    return block.marker ? [el("span", { class: "bullet" }, text.slice(block.start, from)), ...content] : content;
  }

  /**
   * The lines in chunks, the line breaks of the text between them.
   * @param {string} text
   */
  #chunks(text) {
    const chunks = [];
    let at = 0;
    for (let first = 0; first < this.lines.length; first += LINES_A_CHUNK) {
      const chunk = el("div", { class: "chunk" });
      for (let i = first; i < Math.min(first + LINES_A_CHUNK, this.lines.length); i += 1) {
        chunk.append(text.slice(at, this.blocks[i].start), this.lines[i]);
        at = this.blocks[i].end;
      }
      chunks.push(chunk);
    }
    return [...chunks, text.slice(at)];
  }
}
