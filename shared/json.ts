import { SuiteError } from "./errors.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const quote = 34;
const backslash = 92;
const minus = 45;
const zero = 48;
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Parses JSON without rounding: an integer beyond ±(2^53 − 1) arrives as the text of its digits, every other integer as
 * a number. With `decimals: "text"` a number with a point or an exponent arrives as its text too, for exact money.
 * Accepts what JSON.parse accepts, except documents nested deeper than `maxDepth`; keys named `__proto__` are dropped.
 * @throws SuiteError `payload_invalid`; its message quotes nothing of the document.
 */
export function parseLossless(
  text: string,
  { decimals = "number", maxDepth = 64 }: { decimals?: "number" | "text"; maxDepth?: number } = {},
): Json {
  const quoted = quoteLongNumbers(text, decimals === "text", maxDepth);
  let value: Json;
  try {
    value = JSON.parse(quoted);
  } catch {
    // The cause is left out: V8 puts an excerpt of the document into its message.
    throw new SuiteError("payload_invalid", "not JSON");
  }
  // An escape may spell any letter of the key, so every document with one is searched.
  return text.includes("__proto__") || text.includes("\\u00") ? withoutProto(value) : value;
}

/**
 * Compact JSON with the keys of every object in ascending order, unset fields dropped. A bigint is written as a bare
 * integer with all its digits; text that is not well-formed Unicode is repaired.
 */
export function stringifyCanonical(value: CanonicalValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(stringifyCanonical).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${JSON.stringify(key)}:${stringifyCanonical(member)}`];
    });
  return `{${members.join(",")}}`;
}

export type CanonicalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined };

function isArray(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

/**
 * Puts quotes around numbers that JSON.parse would round. It only ever quotes a whole, valid number token which is no
 * key, so that a document is valid afterwards exactly if it was valid before.
 */
function quoteLongNumbers(text: string, decimalsAsText: boolean, maxDepth: number): string {
  const end = text.length;
  let out = "";
  let copied = 0;
  let depth = 0;
  let at = 0;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = afterString(text, at + 1);
    } else if (code <= 32) {
      at += 1;
    } else if ((code >= 48 && code <= 57) || code === minus) {
      const start = at;
      let plain = true;
      at += 1;
      for (; at < end; at += 1) {
        const next = text.charCodeAt(at);
        if (next >= 48 && next <= 57) continue;
        // . e E + -
        if (next !== 46 && next !== 101 && next !== 69 && next !== 43 && next !== 45) break;
        plain = false;
      }
      if (plain ? at - start > 15 : decimalsAsText) {
        const token = text.slice(start, at);
        if (mustQuote(token, plain) && !isKey(text, at)) {
          out += `${text.slice(copied, start)}"${token}"`;
          copied = at;
        }
      }
    } else {
      if (code === 91 || code === 123) {
        depth += 1;
        if (depth > maxDepth) throw new SuiteError("payload_invalid", `nested deeper than ${maxDepth}`);
      } else if (code === 93 || code === 125) depth -= 1;
      at += 1;
    }
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** The index after the closing quote; the end of the text when there is none. */
function afterString(text: string, start: number): number {
  let close = text.indexOf('"', start);
  // The usual case first; a backslash before the quote needs a closer look.
  while (close !== -1 && text.charCodeAt(close - 1) === backslash) {
    let before = close - 2;
    while (before >= start && text.charCodeAt(before) === backslash) before -= 1;
    // An even run of backslashes escapes itself, not the quote.
    if ((close - before) % 2 === 1) break;
    close = text.indexOf('"', close + 1);
  }
  return close === -1 ? text.length : close + 1;
}

/** A `plain` token is digits, perhaps after a minus; one that starts with 0 is no JSON and must stay refused. */
function mustQuote(token: string, plain: boolean): boolean {
  if (!plain) return decimal.test(token);
  const first = token.charCodeAt(0) === minus ? 1 : 0;
  if (token.charCodeAt(first) === zero) return false;
  return token.length - first > 16 || !Number.isSafeInteger(Number(token));
}

/** Whether a colon follows: a bare number in the place of a key is no JSON, and quoting would make it valid. */
function isKey(text: string, at: number): boolean {
  let next = at;
  for (;;) {
    const code = text.charCodeAt(next);
    if (code === 32 || code === 10 || code === 13 || code === 9) next += 1;
    else return code === 58;
  }
}

/** Depth is bounded by the parse. */
function withoutProto(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    for (const member of value) withoutProto(member);
    return value;
  }
  if (Object.hasOwn(value, "__proto__")) Reflect.deleteProperty(value, "__proto__");
  for (const member of Object.values(value)) withoutProto(member);
  return value;
}
