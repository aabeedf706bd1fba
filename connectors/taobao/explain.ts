import { type ErrorCode, SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { HttpResponse } from "../contract.ts";
import { instantOfHttpDate, msToChinaMidnight } from "./throttle.ts";

interface Meaning {
  code: ErrorCode;
  /** For the operator; says nothing that the channel wrote. */
  says: string;
  /** The access token may have run out: one renewal may help. */
  tokenExpired?: true;
}

const ourApp: Meaning = { code: "misconfigured", says: "the platform does not accept our app's key, secret or clock" };
const ourCall: Meaning = { code: "misconfigured", says: "the platform does not accept the form of our call" };
const permission: Meaning = { code: "misconfigured", says: "our app lacks the permission package for this call" };
const grant: Meaning = { code: "credentials_rejected", says: "the shop's authorisation is not valid" };
const refused: Meaning = { code: "channel_refused", says: "the platform refused the request" };
const busy: Meaning = { code: "channel_unavailable", says: "the platform could not answer" };
const throttled: Meaning = { code: "rate_limited", says: "the platform throttles us" };

/**
 * Codes of the platform itself. Those that depend on their sub code (15, 50, and whatever is not here) are told by it.
 * Source: error tables of the platform, by copies (http://blog.unvs.cn/archives/taobao-oauth-top-error-code.html,
 * https://www.miaokee.com/2464230.html), read 2026-11-25.
 */
export const codes: Readonly<Record<string, Meaning>> = {
  3: refused,
  4: throttled,
  5: throttled,
  6: throttled,
  7: throttled,
  8: throttled,
  9: ourCall,
  10: busy,
  11: permission,
  12: { code: "channel_refused", says: "the shop has no permission for this call" },
  13: permission,
  21: ourCall,
  22: ourCall,
  23: ourCall,
  24: ourApp,
  25: ourApp,
  26: grant,
  27: { ...grant, tokenExpired: true },
  28: ourApp,
  29: ourApp,
  30: ourApp,
  31: ourApp,
  32: ourCall,
  33: ourCall,
  34: ourCall,
  40: refused,
  41: refused,
  42: refused,
  43: refused,
};

const remoteServiceCodes = [15, 50];
const throttledForMs = 10_000;
/** Without a date in the answer nobody knows when the day ends in China. */
const dayIsOverForMs = 3_600_000;
const wholeAppLimited = "accesscontrol.limited-by-app-access-count";

/** The answer as parsed, with every digit kept. @throws SuiteError `payload_invalid`. */
export function answerOf(body: Uint8Array): { readonly [key: string]: Json } {
  const parsed = parseLossless(new TextDecoder().decode(body));
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SuiteError("payload_invalid", "the answer is no object");
}

/**
 * What a failed answer of the gateway means; undefined for a success. `isp.` sub codes are the platform's own trouble,
 * `isv.` ones are ours. Calls with a result of their own inside a success are looked at by whoever made them.
 */
export function explain(response: HttpResponse): SuiteError | undefined {
  const http = { httpStatus: response.status };
  if (response.status === 429) return fault(throttled, { ...http, retryAfterMs: throttledForMs });
  if (response.status >= 500) return fault(busy, http);
  let answer: ReturnType<typeof answerOf>;
  try {
    answer = answerOf(response.body);
  } catch {
    if (response.status >= 300) return fault(busy, http);
    return fault({ code: "payload_invalid", says: "the answer is no JSON object" }, http);
  }
  const failure = answer.error_response;
  if (failure === undefined) return undefined;
  if (typeof failure !== "object" || failure === null || Array.isArray(failure))
    return fault({ code: "payload_invalid", says: "the error has another form" }, http);
  const code = Number(failure.code);
  const subCode = label(failure.sub_code);
  const meaning = meaningOf(code, subCode, String(failure.sub_msg ?? ""));
  return fault(meaning, {
    ...http,
    channelCode: [Number.isFinite(code) ? code : "none", subCode].filter((part) => part !== undefined).join(" "),
    requestId: label(failure.request_id),
    ...(meaning.code === "rate_limited" && { retryAfterMs: banMs(String(failure.sub_msg ?? ""), subCode, response) }),
  });
}

function meaningOf(code: number, subCode: string | undefined, subMessage: string): Meaning {
  if (subCode?.startsWith("isp.")) return busy;
  if (subCode?.startsWith("accesscontrol.")) return throttled;
  // A token that was never this app's cannot be renewed into one that is.
  const isForeign = `${subCode} ${subMessage}`.includes("sessionkey-not-generated-by-server");
  if (code === 27 && isForeign) return grant;
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (known) return known;
  if (subCode?.startsWith("isv.")) return refused;
  if (remoteServiceCodes.includes(code)) return subCode === undefined ? busy : refused;
  return { code: "payload_invalid", says: "the answer's code is not known" };
}

/** "This ban will last for N more seconds"; the quota of a whole day ends at midnight in China. */
function banMs(subMessage: string, subCode: string | undefined, { headers }: HttpResponse): number {
  const seconds = /ban will last for (\d{1,6}) more second/i.exec(subMessage)?.[1];
  if (seconds !== undefined) return (Number(seconds) + 1) * 1000;
  if (subCode !== wholeAppLimited) return throttledForMs;
  const now = instantOfHttpDate(headers.date);
  return now === undefined ? dayIsOverForMs : msToChinaMidnight(now);
}

function fault(
  { code, says, tokenExpired }: Meaning,
  details: Record<string, string | number | undefined>,
): SuiteError {
  return new SuiteError(code, says, { details: { ...details, tokenExpired } });
}

/** Codes and request ids only: what the platform wrote in words may hold anything. */
function label(value: Json | undefined): string | undefined {
  return typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}
