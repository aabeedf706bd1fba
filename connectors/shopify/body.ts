import { SuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";

/** An object of a webhook body, of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder("utf-8", { fatal: true });
const digits = /^[1-9]\d{0,19}$/;

/**
 * The object in a webhook body. Its numbers beyond 2^53 keep their digits (as text) where they are needed: with
 * `numericIds`, or when the body names no global id. All other bodies take the fast way.
 * @throws SuiteError `payload_invalid` for anything that is not a JSON object in UTF-8.
 */
export function readBody(body: Uint8Array, { numericIds = false }: { numericIds?: boolean } = {}): Members {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw new SuiteError("payload_invalid", "not UTF-8");
  }
  const isExact = numericIds || !text.includes('"admin_graphql_api_id"');
  const value: unknown = isExact ? parseLossless(text) : parsePlain(text);
  if (!isObject(value)) throw new SuiteError("payload_invalid", "not a JSON object");
  return value;
}

/** An object inside an object. @throws SuiteError `payload_invalid` when there is none. */
export function memberOf(members: Members, name: string): Members {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (!isObject(value)) throw new SuiteError("payload_invalid", `no object ${name}`);
  return value;
}

/**
 * `Return/7700110001` from the global id of an object, or from its number where there is no global id (disputes, order
 * ids). @throws SuiteError `payload_invalid` when there is neither or the global id is of another type.
 */
export function subjectId(type: string, members: Members): string {
  const globalId = Object.hasOwn(members, "admin_graphql_api_id") ? members.admin_graphql_api_id : undefined;
  const prefix = `gid://shopify/${type}/`;
  const number =
    globalId === undefined || globalId === null
      ? numberText(members.id)
      : typeof globalId === "string" && globalId.startsWith(prefix)
        ? globalId.slice(prefix.length)
        : "";
  if (!digits.test(number)) throw new SuiteError("payload_invalid", `no id of a ${type}`);
  return `${type}/${number}`;
}

function numberText(value: unknown): string {
  if (typeof value === "string") return value;
  return Number.isSafeInteger(value) ? String(value) : "";
}

function parsePlain(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SuiteError("payload_invalid", "not JSON");
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
