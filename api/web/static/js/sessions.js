/** The side list of conversations: open, rename, export, delete. */

import { friendly, json, request } from "./api.js";
import { confirmDialog, promptDialog } from "./dialogs.js";
import { byId, download, el, iconButton, toast } from "./dom.js";

/** @typedef {import("./types.js").Session} Session */

/**
 * @typedef {object} SessionActions
 * @property {(id: string) => void} open
 * @property {(id: string) => void} deleted
 * @property {(title: string) => void} titled the open conversation has this title
 */

export class Sessions {
  /** @param {SessionActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.list = byId("sessions");
    /** @type {string | null} */
    this.current = null;
    /** @type {Session[]} */
    this.sessions = [];
  }

  /** Read the list anew. */
  async load() {
    this.sessions = (await json("/v1/sessions")).sessions;
    this.#draw();
  }

  /** @param {string | null} id of the open one */
  select(id) {
    this.current = id;
    this.#draw();
  }

  #draw() {
    const rows = this.sessions.map((session) => this.#row(session));
    this.list.replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, "Conversations will be kept here.")]));
    const open = this.sessions.find(({ id }) => id === this.current);
    this.actions.titled(open?.title ?? "New chat");
  }

  /** @param {Session} session */
  #row(session) {
    const { id, title, updated_at: at } = session;
    const current = id === this.current ? "true" : null;
    const when = new Date(at);
    const open = el(
      "button",
      { type: "button", class: "session", "aria-current": current, title, onclick: () => this.actions.open(id) },
      el("span", { class: "session-title", dir: "auto" }, title),
      el("time", { datetime: at }, shortDate(when)),
    );
    const menu = this.#menu(session);
    const more = iconButton("more", `More for ${title}`, () => placeAt(menu, more), { popovertarget: menu.id, title: "More" });
    return el("li", { class: "session-row" }, open, more, menu);
  }

  /** @param {Session} session */
  #menu(session) {
    const menu = el("div", { class: "menu", popover: "auto", id: `menu-${session.id}` });
    /** @type {(label: string, act: () => Promise<void>, kind?: string) => void} */
    const add = (label, act, kind = "") => {
      const run = () => {
        menu.hidePopover();
        act().catch((error) => toast(friendly(error)));
      };
      menu.append(el("button", { type: "button", class: kind, onclick: run }, label));
    };
    add("Rename…", () => this.#rename(session));
    add("Export as Markdown", () => exportSession(session, "markdown"));
    add("Export as JSON, with receipts", () => exportSession(session, "json"));
    add("Delete…", () => this.#delete(session), "danger-text");
    return menu;
  }

  /** @param {Session} session */
  async #rename({ id, title }) {
    const name = await promptDialog({ title: "Rename conversation", label: "Name", value: title, confirm: "Rename" });
    if (!name) return;
    await json(`/v1/sessions/${encodeURIComponent(id)}`, { method: "PATCH", body: { title: name } });
    await this.load();
  }

  /** @param {Session} session */
  async #delete({ id, title }) {
    const text = `“${title}” and the feedback on its answers will be forgotten.`;
    const sure = await confirmDialog({ title: "Delete this conversation?", text, confirm: "Delete conversation", danger: true });
    if (!sure) return;
    await json(`/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    this.actions.deleted(id);
    await this.load();
  }
}

/**
 * @param {Session} session
 * @param {"markdown" | "json"} format
 */
async function exportSession({ id, title }, format) {
  const response = await request(`/v1/sessions/${encodeURIComponent(id)}/export?format=${format}`);
  const name = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "conversation";
  download(await response.blob(), `${name}.${format === "json" ? "json" : "md"}`);
}

/**
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
function placeAt(menu, button) {
  const box = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 248))}px`;
  menu.style.top = `${Math.min(box.bottom + 4, innerHeight - 190)}px`;
}

/** @param {Date} when */
function shortDate(when) {
  const today = new Date().toDateString() === when.toDateString();
  return when.toLocaleString(undefined, today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
}
