/** Puts the page together. */

import { friendly, onKeyNeeded } from "./api.js";
import { Chat, welcomeView } from "./chat.js";
import { openDialog, promptDialog } from "./dialogs.js";
import { byId, el, toast } from "./dom.js";
import { acceptDrops } from "./drop.js";
import { exampleQuestions } from "./examples.js";
import { drawIcons } from "./icons.js";
import { Library } from "./library.js";
import * as panes from "./panes.js";
import { verifyFile } from "./receipts.js";
import { Sessions } from "./sessions.js";
import { keep, recall } from "./storage.js";
import { startTheme } from "./theme.js";
import { upload } from "./upload.js";

drawIcons();
startTheme();

const library = new Library(() => chat.refreshWelcome());

const chat = new Chat({
  showPlace: (place, _title, open, from) => {
    if (open) panes.article.open(from);
    library.light(place);
  },
  cited: (citations) => library.cite(citations),
  welcome,
  sessionChanged: (id) => {
    keep("sessionStorage", "session", id);
    sessions.select(id);
    if (id) sessions.load().catch((error) => toast(friendly(error)));
  },
});

const sessions = new Sessions({
  open: (id) => {
    panes.sidebar.close();
    chat.open(id).catch((error) => toast(friendly(error)));
  },
  deleted: (id) => {
    if (id === chat.sessionId) chat.clear();
  },
  titled: (title) => {
    byId("chat-title").textContent = title;
  },
});

function welcome() {
  if (!library.loaded) return welcomeView({ title: "Footnote", text: "Loading the articles…", examples: [], ask });
  const count = library.documents.length;
  if (!count) return welcomeView({ title: "Add an article to begin", text: PROMISE, examples: [], ask });
  const shown = library.shown;
  const title = shown?.title ? `Ask about “${shown.title}”` : "Ask the articles";
  return welcomeView({ title, text: PROMISE, examples: exampleQuestions(shown, count), ask });
}

/** @param {string} question */
function ask(question) {
  chat.ask(question);
  chat.input.focus({ preventScroll: true });
}

/** @param {File[]} files */
function take(files) {
  const receipts = files.filter((file) => /\.json$/i.test(file.name));
  const articles = files.filter((file) => !receipts.includes(file));
  if (articles.length) {
    panes.article.open(byId("open-article"));
    upload(articles, (id) => library.load(id));
  }
  verifyAll(receipts);
}

/** @param {File[]} receipts one after the other: each result is a dialog */
async function verifyAll(receipts) {
  for (const receipt of receipts) await verifyFile(receipt);
}

/**
 * Let a file input hand over what was chosen, the same file twice as well.
 * @param {string} id
 */
function onFiles(id) {
  const input = /** @type {HTMLInputElement} */ (byId(id));
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) take(files);
  });
  return () => input.click();
}

function chooseReceipt() {
  return openDialog("Verify a receipt", (close) => [
    el("p", {}, "Every quote is compared with the articles as they are now, and every sentence is proven again."),
    el(
      "button",
      { type: "button", class: "drop-target", autofocus: true, onclick: () => close("choose") },
      "Choose a receipt, or drop one on the page",
    ),
  ]).then((chosen) => chosen && chooseReceiptFile());
}

onKeyNeeded((rejected) =>
  promptDialog({
    title: "API key",
    text: rejected ? "The service does not know this key. Enter another one." : "This service answers to those who have a key.",
    label: "Key",
    confirm: "Continue",
    secret: true,
    limit: 500,
  }),
);

/** Everything the page needs to begin; can be called again when it failed. */
async function load() {
  byId("load-problem-place").replaceChildren();
  try {
    await Promise.all([library.load(), sessions.load()]);
    const last = recall("sessionStorage", "session");
    if (last && !chat.sessionId && !chat.running) await chat.open(last).catch(() => chat.clear());
    await follow();
  } catch (error) {
    showLoadProblem(friendly(error));
  }
}

async function follow() {
  if (await library.follow(location.hash)) panes.article.open(byId("open-article"));
}

/** @param {string} text */
function showLoadProblem(text) {
  const again = el("button", { type: "button", class: "button small", onclick: load }, "Try again");
  byId("load-problem-place").replaceChildren(el("div", { class: "trouble", role: "alert" }, el("p", {}, text), again));
}

const PROMISE =
  "Every sentence of an answer has a footnote to the exact words that support it. What the articles do not say is not said.";

const chooseReceiptFile = onFiles("receipt-files");
byId("upload").addEventListener("click", onFiles("upload-files"));
byId("verify-receipt").addEventListener("click", chooseReceipt);
byId("new-chat").addEventListener("click", () => {
  chat.clear();
  panes.sidebar.close();
  chat.input.focus();
});
acceptDrops(take);
addEventListener("hashchange", follow);
panes.startPanes(() => chat.stop());
chat.list.replaceChildren(welcome());
load();
