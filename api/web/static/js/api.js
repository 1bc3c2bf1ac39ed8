/** Requests to the service: the API key, problems as errors, friendly words for them. */

import { keep, recall } from "./storage.js";

/** What went wrong with a request; `status` 0 means that the service could not be reached. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {{hint?: string, code?: string, retryAfter?: number | null}} [more] `code` is the last part of the
   *   problem's type, `retryAfter` is in seconds.
   */
  constructor(status, detail, { hint = "", code = "", retryAfter = null } = {}) {
    super(detail);
    this.status = status;
    this.hint = hint;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /**
   * @param {number} status
   * @param {any} body problem details, or whatever came in their place
   * @param {string | null} [retryAfter] the header
   */
  static of(status, body, retryAfter = null) {
    const [detail, hint, type] = [body?.detail, body?.hint, body?.type].map((value) => (typeof value === "string" ? value : ""));
    const more = { hint, code: type.split(":").at(-1) ?? "", retryAfter: Number(retryAfter) || null };
    return new Problem(status, detail || `status ${status}`, more);
  }
}

/** @type {(rejected: boolean) => Promise<string | null>} */
let askForKey = async () => null;
/** @type {Promise<string | null> | null} */
let asking = null;

/**
 * @param {(rejected: boolean) => Promise<string | null>} ask called after a 401; resolves to a key, or null for none.
 */
export function onKeyNeeded(ask) {
  askForKey = ask;
}

/** @returns {Record<string, string>} the header with the key, where there is one. */
export function keyHeader() {
  const key = recall("sessionStorage", "key");
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/**
 * Ask for a key, once however many requests need it.
 * @returns {Promise<boolean>} whether there is one to try.
 */
export async function renewKey() {
  asking ??= askForKey(recall("sessionStorage", "key") !== null).finally(() => (asking = null));
  const key = await asking;
  if (key) keep("sessionStorage", "key", key);
  return Boolean(key);
}

/**
 * Send a request; after a 401 ask for a key and send it again.
 *
 * @param {string} path
 * @param {{method?: string, body?: string, signal?: AbortSignal}} [options] a body is JSON.
 * @returns {Promise<Response>} with a status below 400.
 * @throws {Problem}
 */
export async function request(path, options = {}) {
  /** @type {Record<string, string>} */
  const type = options.body === undefined ? {} : { "Content-Type": "application/json" };
  for (;;) {
    const sent = keyHeader();
    const response = await reach(path, { ...options, headers: { ...type, ...sent } });
    if (response.ok) return response;
    const changed = sent.Authorization !== keyHeader().Authorization;
    if (response.status !== 401 || !(changed || (await renewKey()))) throw await problemOf(response);
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "The service cannot be reached.");
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
  const body = await response.json().catch(() => null);
  return Problem.of(response.status, body, response.headers.get("Retry-After"));
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the body of the response, parsed; null where there is none.
 */
export async function json(path, options = {}) {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const response = await request(path, { ...options, body });
  return response.status === 204 ? null : response.json();
}

/**
 * What to tell a person about an error.
 * @param {unknown} error
 * @returns {string}
 */
export function friendly(error) {
  if (!(error instanceof Problem)) return "Something went wrong in this page. Reload it and try again.";
  const when = error.retryAfter ? `in ${error.retryAfter} s` : "in a moment";
  switch (error.status) {
    case 0:
      return "The service cannot be reached. Check that it runs and that you are connected, then try again.";
    case 401:
      return "This service needs an API key.";
    case 413:
      return `That is too large: ${error.message}.`;
    case 429:
      return `The service is busy. Try again ${when}.`;
    case 503:
      return `Not available just now: ${error.message}. Try again ${when}.`;
    default:
      return sentence(error.hint ? `${error.message}; ${error.hint}` : error.message);
  }
}

/** @param {string} text */
function sentence(text) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
