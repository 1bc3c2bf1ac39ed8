/** From offsets in Unicode code points, as the service counts, to offsets in UTF-16, as strings here count. */

/**
 * @param {string} text
 * @returns {(codePoints: number) => number} linear in the text once, then logarithmic for each call.
 */
export function utf16Offsets(text) {
  /** @type {number[]} */
  const astral = [];
  if (/[\ud800-\udbff]/.test(text)) {
    let at = 0;
    for (const character of text) {
      if (character.length === 2) astral.push(at);
      at += 1;
    }
  }
  return (codePoints) => codePoints + countBelow(astral, codePoints);
}

/**
 * How many of the ascending `numbers` are below `limit`.
 * @param {number[]} numbers
 * @param {number} limit
 */
export function countBelow(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
