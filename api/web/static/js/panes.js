/** What is in front on narrow screens: the side list as a drawer, the article as a sheet. */

import { byId } from "./dom.js";

const PHONE = matchMedia("(max-width: 760px)");
const NARROW = matchMedia("(max-width: 1080px)");

/** One pane that covers others on narrow screens. */
class Cover {
  /**
   * @param {string} name set on the app element while the pane is in front
   * @param {string} pane id
   * @param {string} opener id of the button that opens it
   * @param {string} closer id of the button that closes it
   * @param {MediaQueryList} when it covers others; wider, it stands beside them
   */
  constructor(name, pane, opener, closer, when) {
    this.name = name;
    this.pane = byId(pane);
    this.opener = byId(opener);
    this.closer = byId(closer);
    this.when = when;
    /** @type {HTMLElement} */
    this.back = this.opener;
    this.opener.addEventListener("click", () => this.open(this.opener));
    this.closer.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return byId("app").classList.contains(this.name);
  }

  /** @param {HTMLElement} from gets the focus back */
  open(from) {
    if (!this.when.matches || this.isOpen) return;
    this.back = from;
    byId("app").classList.add(this.name);
    this.opener.setAttribute("aria-expanded", "true");
    this.closer.focus({ preventScroll: true });
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (!this.isOpen) return false;
    byId("app").classList.remove(this.name);
    this.opener.setAttribute("aria-expanded", "false");
    this.back.focus({ preventScroll: true });
    return true;
  }
}

export const sidebar = new Cover("sidebar-open", "sidebar", "open-sidebar", "close-sidebar", NARROW);
export const article = new Cover("article-open", "article-pane", "open-article", "close-article", PHONE);

/** @param {() => void} otherwise what Escape does when nothing covers the page */
export function startPanes(otherwise) {
  byId("scrim").addEventListener("click", () => sidebar.close() || article.close());
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], .menu:popover-open")) return;
    if (!sidebar.close() && !article.close()) otherwise();
  });
}
