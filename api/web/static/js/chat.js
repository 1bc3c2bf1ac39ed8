/** The conversation: asking, following the stream, stopping, asking again. */

import { friendly, json, Problem, request } from "./api.js";
import { announce, byId, el } from "./dom.js";
import { ExchangeView } from "./exchange.js";
import { swapIcon } from "./icons.js";
import { eventsOf } from "./sse.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Citation} Citation */

/**
 * @typedef {object} Around what the conversation needs of the page
 * @property {import("./exchange.js").ShowPlace} showPlace
 * @property {(citations: Citation[]) => void} cited an answer with these footnotes is the latest now
 * @property {() => Node} welcome what is shown before the first question
 * @property {(sessionId: string | null) => void} sessionChanged
 */

export class Chat {
  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    /** @type {string | null} */
    this.sessionId = null;
    /** @type {AbortController | null} */
    this.running = null;
    this.list = byId("exchanges");
    this.scroller = byId("conversation");
    this.input = /** @type {HTMLTextAreaElement} */ (byId("question"));
    this.button = /** @type {HTMLButtonElement} */ (byId("send"));
    this.#listen();
  }

  #listen() {
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.running) this.stop();
      else this.#submit();
    });
    this.input.addEventListener("input", () => this.#fit());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.running) this.#submit();
    });
  }

  /** An empty conversation; what was running stops. */
  clear() {
    this.stop();
    this.sessionId = null;
    this.list.replaceChildren(this.around.welcome());
    this.around.cited([]);
    this.around.sessionChanged(null);
  }

  /** Draw what is shown before the first question again, if it is shown. */
  refreshWelcome() {
    if (this.list.querySelector(".welcome")) this.list.replaceChildren(this.around.welcome());
  }

  /**
   * Show a conversation that was kept.
   * @param {string} id
   */
  async open(id) {
    this.stop();
    const kept = await json(`/v1/sessions/${encodeURIComponent(id)}`);
    this.sessionId = id;
    /** @type {import("./types.js").KeptExchange[]} */
    const exchanges = kept.exchanges;
    this.list.replaceChildren();
    for (const { question, text, answer } of exchanges) {
      const view = this.#add(question);
      if (answer) view.finish(answer);
      else view.finishText(text);
    }
    this.around.cited(exchanges.at(-1)?.answer?.citations ?? []);
    this.around.sessionChanged(id);
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Stop the answer that is being given; the service stops working on it. */
  stop() {
    this.running?.abort();
  }

  #submit() {
    const question = this.input.value.trim();
    if (!question) return;
    this.input.value = "";
    this.#fit();
    this.ask(question);
  }

  /** @param {string} question */
  async ask(question) {
    if (this.running) return;
    const running = new AbortController();
    this.#busy(running);
    const view = this.#add(question);
    view.node.scrollIntoView({ block: "nearest" });
    this.scroller.scrollTop = this.scroller.scrollHeight;
    try {
      await this.#follow(question, view, running.signal);
    } catch (error) {
      this.#trouble(error, question, view);
    } finally {
      if (this.running === running) this.#busy(null);
    }
  }

  /**
   * @param {string} question
   * @param {ExchangeView} view
   * @param {AbortSignal} signal
   */
  async #follow(question, view, signal) {
    const body = JSON.stringify(this.sessionId ? { question, session_id: this.sessionId } : { question });
    const response = await request("/v1/chat", { method: "POST", body, signal });
    if (!response.body) throw new Problem(0, "the answer has no body");
    for await (const { event, data } of eventsOf(response.body)) {
      if (signal.aborted) break;
      const value = JSON.parse(data);
      if (event === "evidence") view.addEvidence(value);
      else if (event === "statement") this.#statement(view, value);
      else if (event === "answer") return this.#finished(view, value);
      else if (event === "error") throw Problem.of(value.status, value);
    }
    signal.throwIfAborted();
    throw new Problem(0, "the answer broke off");
  }

  /**
   * @param {ExchangeView} view
   * @param {import("./types.js").Statement} statement
   */
  #statement(view, statement) {
    const follow = this.#atEnd();
    view.addStatement(statement);
    announce(statement.text);
    if (follow) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /**
   * @param {ExchangeView} view
   * @param {Answer} answer
   */
  #finished(view, answer) {
    const follow = this.#atEnd();
    view.finish(answer);
    if (answer.statements.length) announce(`The answer is complete, with ${countOf(answer.citations.length, "footnote")}.`);
    else announce(answer.text);
    this.sessionId = answer.session_id ?? this.sessionId;
    this.around.cited(answer.citations);
    this.around.sessionChanged(this.sessionId);
    if (follow) this.scroller.scrollTop = Math.min(this.scroller.scrollHeight, view.node.offsetTop - 16);
  }

  /**
   * @param {unknown} error
   * @param {string} question
   * @param {ExchangeView} view
   */
  #trouble(error, question, view) {
    const again = () => {
      if (this.running) return;
      view.node.remove();
      this.ask(question);
    };
    if (error instanceof DOMException && error.name === "AbortError") {
      view.fail("Stopped. Nothing of this answer was kept.", "Ask again", again);
      announce("Stopped.");
      return;
    }
    if (error instanceof Problem && error.status === 404 && this.sessionId) {
      this.sessionId = null;
      view.fail("This conversation is no longer kept. You can go on in a new one.", "Ask in a new conversation", again);
      return;
    }
    view.fail(friendly(error), "Try again", again);
    announce(friendly(error));
  }

  /** @param {string} question */
  #add(question) {
    const view = new ExchangeView(question, this.around.showPlace);
    this.list.querySelector(".welcome")?.remove();
    this.list.append(view.node);
    return view;
  }

  /** @param {AbortController | null} running */
  #busy(running) {
    this.running = running;
    this.button.setAttribute("aria-label", running ? "Stop" : "Ask");
    this.button.classList.toggle("stopping", running !== null);
    swapIcon(this.button, running ? "stop" : "send");
  }

  #atEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 120;
  }

  #fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 200)}px`;
  }
}

/**
 * @param {number} count
 * @param {string} noun
 */
function countOf(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * What is shown before the first question.
 * @param {{title: string, text: string, examples: string[], ask: (question: string) => void}} what
 */
export function welcomeView({ title, text, examples, ask }) {
  const chips = examples.map((question) =>
    el("li", {}, el("button", { type: "button", class: "example", dir: "auto", onclick: () => ask(question) }, question)),
  );
  const list = chips.length ? [el("h3", { class: "unseen" }, "Example questions"), el("ul", { class: "examples" }, ...chips)] : [];
  return el("div", { class: "welcome" }, el("h2", { dir: "auto" }, title), el("p", {}, text), ...list);
}
