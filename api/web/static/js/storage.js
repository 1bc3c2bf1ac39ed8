/** Web storage that may be forbidden, full or absent: then what is kept lasts as long as the page. */

/** @type {Map<string, string>} */
const memory = new Map();

/**
 * @param {"localStorage" | "sessionStorage"} area
 * @param {string} name
 * @returns {string | null}
 */
export function recall(area, name) {
  try {
    return window[area].getItem(`footnote.${name}`) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

/**
 * @param {"localStorage" | "sessionStorage"} area
 * @param {string} name
 * @param {string | null} value null forgets it.
 */
export function keep(area, name, value) {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) window[area].removeItem(`footnote.${name}`);
    else window[area].setItem(`footnote.${name}`, value);
  } catch {
    // Memory has it.
  }
}
