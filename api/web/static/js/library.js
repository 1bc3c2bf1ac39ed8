/** The articles: which there are, which one is shown, which place in it is lit. */

import { friendly, json, Problem } from "./api.js";
import { ArticleText } from "./article.js";
import { confirmDialog } from "./dialogs.js";
import { byId, el, toast } from "./dom.js";

/** @typedef {import("./types.js").DocumentSummary} DocumentSummary */
/** @typedef {import("./types.js").DocumentText} DocumentText */
/** @typedef {import("./types.js").Place} Place */

const PAGE = 1000;

export class Library {
  /** @param {() => void} changed called when articles came, went, or another one is shown. */
  constructor(changed) {
    this.changed = changed;
    this.text = new ArticleText(byId("article-text"));
    /** @type {DocumentSummary[]} */
    this.documents = [];
    this.loaded = false;
    /** @type {Map<string, Promise<DocumentText>>} */
    this.texts = new Map();
    /** @type {{documentId: string, start: number, end: number, kind: "cited"}[]} */
    this.cited = [];
    /** @type {Place | null} */
    this.lit = null;
    this.wanted = "";
    byId("delete-document").addEventListener("click", () => this.#delete());
  }

  get shown() {
    return this.text.shown;
  }

  /**
   * Read the list anew and show an article: `prefer`, else the one shown, else the first.
   * @param {string} [prefer] a document's id
   */
  async load(prefer) {
    const documents = await allDocuments();
    this.documents = documents;
    this.loaded = true;
    this.texts.clear();
    const ids = documents.map((document) => document.id);
    const id = [prefer, this.wanted, ids[0]].find((each) => each !== undefined && ids.includes(each));
    await this.show(id ?? "");
  }

  /**
   * Show an article.
   * @param {string} id "" for none
   */
  async show(id) {
    this.wanted = id;
    if (this.shown?.id !== id) this.#note(""); // what is said of an article stays while it is shown
    this.#drawPicker();
    try {
      const text = id ? await this.#text(id) : null;
      if (this.wanted !== id) return;
      if (this.text.shown !== text) this.text.show(text);
      if (!id) this.text.root.replaceChildren(emptyPane());
    } catch (error) {
      if (this.wanted !== id) return;
      this.text.show(null);
      this.#note(error instanceof Problem && error.status === 404 ? "This article is no longer in the index." : friendly(error));
    }
    this.#paint();
    this.changed();
  }

  /**
   * Show what a link names (`#document=ID&start=S&end=E`, in code points), as the ones in Slack do.
   * @param {string} hash of the page's address
   * @returns {Promise<boolean>} whether it named a place in an article that is here
   */
  async follow(hash) {
    const named = new URLSearchParams(hash.replace(/^#/, ""));
    const documentId = named.get("document") ?? "";
    if (!this.documents.some(({ id }) => id === documentId)) return false;
    await this.show(documentId);
    const [start, end] = [Number(named.get("start")), Number(named.get("end"))];
    const shown = this.shown;
    if (!shown || !Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end <= start) return false;
    const quote = shown.text.slice(this.text.toUtf16(start), this.text.toUtf16(end));
    await this.light({ documentId, source: shown.source, start, end, quote, kind: "active" });
    return true;
  }

  /**
   * Mark lightly what an answer cites.
   * @param {import("./types.js").Citation[]} citations
   */
  cite(citations) {
    this.cited = citations.map((c) => ({ documentId: c.document.id, start: c.start, end: c.end, kind: "cited" }));
    this.lit = null;
    this.#paint();
  }

  /**
   * Scroll to a place and light it, in its own article.
   * @param {Place} place
   */
  async light(place) {
    this.lit = place;
    await this.#bring(place);
    if (this.lit !== place || !this.shown) return;
    if (!this.#holds(place)) {
      this.lit = null;
      this.#paint();
      this.#note("This article has changed since the answer was given. The quote no longer stands where it stood.");
      return;
    }
    this.#note("");
    this.#paint();
    this.text.reveal(place.kind);
  }

  /**
   * Show a place's article; where it has changed, and with it its id, what its source has become.
   * @param {Place} place
   */
  async #bring({ documentId, source }) {
    const known = () => this.documents.some(({ id }) => id === documentId);
    if (!known()) await this.load().catch((error) => toast(friendly(error)));
    const heir = known() ? undefined : this.documents.find((document) => document.source === source);
    const id = heir?.id ?? documentId;
    if (this.shown?.id !== id) await this.show(id);
  }

  /**
   * Whether the quote still stands at the place.
   * @param {Place} place
   */
  #holds(place) {
    const { text, toUtf16 } = { text: this.shown?.text ?? "", toUtf16: this.text.toUtf16 };
    const here = this.shown?.id === place.documentId;
    return here && text.slice(toUtf16(place.start), toUtf16(place.end)) === place.quote;
  }

  #paint() {
    const id = this.shown?.id;
    const all = this.lit ? [...this.cited, this.lit] : this.cited;
    this.text.mark(all.filter((place) => place.documentId === id));
  }

  /**
   * @param {string} id
   * @returns {Promise<DocumentText>} fetched once
   */
  #text(id) {
    const kept = this.texts.get(id);
    if (kept) return kept;
    const coming = json(`/v1/documents/${encodeURIComponent(id)}`);
    this.texts.set(id, coming);
    coming.catch(() => this.texts.delete(id));
    return coming;
  }

  /** @param {string} text "" hides the note. */
  #note(text) {
    const note = byId("article-note");
    note.textContent = text;
    note.hidden = !text;
  }

  #drawPicker() {
    const shown = this.documents.find((document) => document.id === this.wanted);
    byId("delete-document").hidden = !shown;
    if (this.documents.length < 2) {
      const title = shown?.title || (this.loaded ? "No article yet" : "Loading…");
      byId("picker").replaceChildren(el("h2", { class: "article-title", dir: "auto", title }, title));
      return;
    }
    const options = this.documents.map(({ id, title, source }) =>
      el("option", { value: id, selected: id === this.wanted }, title || source),
    );
    const select = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": "Article to show" }, ...options));
    select.addEventListener("change", () => {
      this.lit = null;
      this.show(select.value);
    });
    const count = el("span", { class: "count", "aria-hidden": "true" }, `${this.documents.length} articles`);
    byId("picker").replaceChildren(select, count);
  }

  async #delete() {
    const document = this.documents.find(({ id }) => id === this.wanted);
    if (!document) return;
    const sure = await confirmDialog({
      title: "Delete this article?",
      text: `“${document.title}” will no longer be answered from. Receipts that quote it will no longer verify.`,
      confirm: "Delete article",
      danger: true,
    });
    if (!sure) return;
    try {
      await json(`/v1/documents/${encodeURIComponent(document.id)}`, { method: "DELETE" });
      toast("The article was deleted.");
    } catch (error) {
      toast(friendly(error));
    }
    await this.load().catch((error) => toast(friendly(error)));
  }
}

/**
 * @returns {Promise<DocumentSummary[]>} none where there is no index yet.
 */
async function allDocuments() {
  /** @type {DocumentSummary[]} */
  const documents = [];
  try {
    for (let total = 1; documents.length < total; ) {
      const page = await json(`/v1/documents?limit=${PAGE}&offset=${documents.length}`);
      documents.push(...page.documents);
      total = page.documents.length ? page.total : 0;
    }
  } catch (error) {
    if (!(error instanceof Problem && error.code === "no-index")) throw error;
  }
  return documents;
}

function emptyPane() {
  return el(
    "div",
    { class: "empty-pane" },
    el("p", { class: "empty-title" }, "No article yet"),
    el("p", {}, "Add one with the button above, or drop a file anywhere: text, Markdown, HTML, PDF or Word."),
  );
}
