/** An article's text cut into lines, with what each is. Offsets are UTF-16; nothing of the text is lost. */

/**
 * @typedef {{start: number, end: number, level: number, marker: number}} Block
 *   `level` is that of a heading, 0 for others; `marker` counts the characters of a list item's "- ", 0 for others.
 */

const BULLET = /^[-*•] (?=\S)/;

/**
 * @param {string} text
 * @param {{start: number, end: number, level: number}[]} headings in UTF-16
 * @returns {Block[]} the lines that are not empty, in order.
 */
export function blocksOf(text, headings) {
  const ordered = [...headings].sort((a, b) => a.start - b.start);
  const blocks = [];
  let next = 0;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    while (next < ordered.length && ordered[next].end <= start) next += 1;
    const heading = ordered[next];
    const level = heading && heading.start < end ? heading.level : 0;
    if (end > start) blocks.push({ start, end, level, marker: markerLength(text.slice(start, start + 3)) });
    start = end + 1;
  }
  return blocks;
}

/** @param {string} lineStart */
function markerLength(lineStart) {
  return BULLET.exec(lineStart)?.[0].length ?? 0;
}

/**
 * Heading levels for the page: one below the outline's, never skipping one on the way down, at most 6.
 * @param {Block[]} blocks
 * @returns {number[]} for each block, 0 where it is not a heading.
 */
export function outline(blocks) {
  let before = 1;
  return blocks.map(({ level }) => {
    if (!level) return 0;
    before = Math.min(level + 1, before + 1, 6);
    return before;
  });
}

/**
 * @typedef {{start: number, end: number, kind: string}} Range
 */

/**
 * Cut a line at the edges of ranges.
 * @param {number} start
 * @param {number} end
 * @param {Range[]} ranges the later ones win where they overlap.
 * @returns {Range[]} covering start to end; `kind` is "" outside all ranges.
 */
export function pieces(start, end, ranges) {
  const touching = ranges.filter((range) => range.start < end && range.end > start);
  const edges = new Set([start, end]);
  for (const range of touching) {
    edges.add(Math.max(start, range.start));
    edges.add(Math.min(end, range.end));
  }
  const ordered = [...edges].sort((a, b) => a - b);
  return ordered.slice(0, -1).map((from, i) => {
    const covering = touching.filter((range) => range.start <= from && range.end > from);
    return { start: from, end: ordered[i + 1], kind: covering.at(-1)?.kind ?? "" };
  });
}
