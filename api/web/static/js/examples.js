/** Example questions, made of what an article itself names: its headings, then the names it repeats. */

/** @typedef {import("./types.js").DocumentText} DocumentText */

const LONGEST = 70;
const SMALL = new Set(
  `a about after all also an and any are as at be been before being but by can could did do does for from had has have
  how if in into is it its more most not of on or other our out over should so some such than that the their them then
  there these they this those to too under up was we were what when where which while who whom whose why will with would
  you your article articles text note notes brief summary introduction conclusion references contents overview abstract
  appendix background further reading part chapter section`.split(/\s+/),
);
const STARTS = /^(?:a|an|the|its|their|our|this|that|these|those|some|other|on|in|at|of|for|from|with)\b/i;
const IS_QUESTION = /^(?:what|who) (?:is|are|was|were|comes|came|happens|happened)\b|\?$/i;
const HALF_QUESTION = /^(?:how|what|when|where|which|who|whom|whose|why)\b/i;

/**
 * @param {DocumentText | null} document
 * @param {number} articles how many there are: a summary is one of all of them
 * @param {number} [most]
 * @returns {string[]}
 */
export function exampleQuestions(document, articles, most = 4) {
  if (!document) return [];
  const characters = Array.from(document.text);
  const headings = document.headings
    .map(({ start, end }) => characters.slice(start, end).join("").replace(/\s+/g, " ").trim())
    .filter((heading) => heading !== document.title && heading.length <= LONGEST && saysSomething(heading));
  const summary = articles > 1 ? "Summarise the articles." : "Summarise the article.";
  const named = [...new Set(headings)].map(askAbout).filter((question) => question !== null);
  const names = frequentNames(document.text).map((name) => `What is said about ${name}?`);
  return [...named.slice(0, most - 2), ...names, ...named.slice(most - 2)].slice(0, most - 1).concat(summary);
}

/** @param {string} heading */
function saysSomething(heading) {
  const words = heading.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length > 1 && !SMALL.has(word)).length >= 1 && words.length >= 2 && words.length <= 10;
}

/**
 * @param {string} heading
 * @returns {string | null} null for what is neither a topic nor a question: "How we got here".
 */
function askAbout(heading) {
  const topic = heading.replace(/^[\d.]+\s+/, "").replace(/[\s.:;,!]+$/, "");
  if (IS_QUESTION.test(topic)) return topic.endsWith("?") ? topic : `${topic}?`;
  if (HALF_QUESTION.test(topic)) return null;
  const inside = STARTS.test(topic) ? topic.charAt(0).toLowerCase() + topic.slice(1) : topic;
  return `What is said about ${inside}?`;
}

/**
 * Words that are capitalised in the middle of sentences, the most frequent first.
 * @param {string} text
 */
function frequentNames(text) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const name = /(?<=[\p{Ll},;:] )\p{Lu}[\p{L}\p{N}-]+(?: \p{Lu}[\p{L}\p{N}-]+)*/gu;
  for (const [found] of text.slice(0, 200_000).matchAll(name)) {
    if (found.length >= 4 && found.length <= 40 && !SMALL.has(found.toLowerCase())) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  const repeated = [...counts].filter(([, count]) => count >= 2);
  return repeated.sort((a, b) => b[1] - a[1]).map(([found]) => found);
}
