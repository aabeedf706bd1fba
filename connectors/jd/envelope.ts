import { SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";

export type JsonObject = { readonly [key: string]: Json };

/** Where an API puts its own result, and under which name it says whether it succeeded. */
const resultNames: Readonly<Record<string, string>> = {
  result: "success",
  pageResult: "success",
  queryResult: "success",
  replyResult: "success",
  returnType: "result",
  returnAddressResult: "is_success",
};

/** Results of calls that say nothing beside the gateway's own word. */
const plainNames = ["vender_info_result", "shop_jos_result", "orderDetailInfo"];

/** The three layers of an answer. */
export interface Envelope {
  /** The gateway's own refusal. */
  readonly refusal?: JsonObject;
  /** "0" when the gateway passed the call on. */
  readonly outerCode?: string;
  readonly inner?: JsonObject;
  /** Whether the API says that it succeeded; undefined when it does not say. */
  readonly success?: boolean;
}

/**
 * Takes an answer apart, every digit kept and amounts as text. The root's name is not looked at, because the channel
 * misspells it (`…_responce`) and its own SDKs take whatever comes first; a layer may arrive as JSON in a string.
 * @throws SuiteError `payload_invalid`.
 */
export function envelopeOf(body: Uint8Array): Envelope {
  const root = objectOf(parseLossless(new TextDecoder().decode(body), { decimals: "text" }));
  if (!root) throw new SuiteError("payload_invalid", "the answer is no object");
  const [name, member] = Object.entries(root)[0] ?? [];
  const outer = objectOf(member);
  if (!outer) throw new SuiteError("payload_invalid", "the answer holds no result");
  if (name === "error_response") return { refusal: outer };
  const outerCode = textOf(outer.code);
  for (const [place, flag] of Object.entries(resultNames)) {
    const inner = objectOf(outer[place]);
    if (inner) return { outerCode, inner, success: typeof inner[flag] === "boolean" ? inner[flag] : undefined };
  }
  for (const place of plainNames) {
    const inner = objectOf(outer[place]);
    if (inner) return { outerCode, inner, success: true };
  }
  return { outerCode };
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  const read = typeof value === "string" && value.startsWith("{") ? nested(value) : value;
  return typeof read === "object" && read !== null && !Array.isArray(read) ? read : undefined;
}

function nested(text: string): Json | undefined {
  try {
    return parseLossless(text, { decimals: "text" });
  } catch {
    return undefined;
  }
}
