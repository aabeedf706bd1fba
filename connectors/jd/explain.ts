import { type ErrorCode, SuiteError } from "#shared/errors.ts";
import type { HttpResponse } from "../contract.ts";
import { type Envelope, envelopeOf, type JsonObject, textOf } from "./envelope.ts";
import { msToChinaMidnight } from "./time.ts";

interface Meaning {
  code: ErrorCode;
  /** For the operator; says nothing that the channel wrote. */
  says: string;
  /** The access token is the cause: one refresh and one repetition may help. */
  tokenExpired?: true;
}

const token: Meaning = { code: "credentials_rejected", says: "the access token is not valid", tokenExpired: true };
const ourApp: Meaning = { code: "misconfigured", says: "the channel does not accept our app's key, secret or rights" };
const clock: Meaning = { code: "misconfigured", says: "our clock is more than six minutes off the channel's" };
const refused: Meaning = { code: "channel_refused", says: "the channel refused the request" };
const busy: Meaning = { code: "channel_unavailable", says: "the channel could not answer" };
const usedUp: Meaning = { code: "rate_limited", says: "the day's calls are used up" };
const changed: Meaning = { code: "case_changed", says: "the case has changed since it was read" };

/**
 * Codes of the gateway. Sources: third-party copies of its table of 2024 (2 to 24), JD's .NET SDK (66); 43, 61 to 65 and
 * 67 are remembered only. Read 2026-11-25.
 */
export const gatewayCodes: Readonly<Record<string, Meaning>> = {
  2: usedUp,
  4: ourApp,
  5: ourApp,
  7: ourApp,
  8: clock,
  11: ourApp,
  12: ourApp,
  14: ourApp,
  15: ourApp,
  18: token,
  19: token,
  20: ourApp,
  21: ourApp,
  24: ourApp,
  43: busy,
  61: refused,
  62: refused,
  63: refused,
  64: refused,
  65: refused,
  66: busy,
  67: busy,
};

/** Codes of the APIs themselves are not published, so their words tell the two failures that must not be final. */
const staleWords = /版本/;
const busyWords = /超时|繁忙|系统异常|系统错误|稍后/;

/** What a failed answer means; undefined only when all three layers say that it succeeded. */
export function explain(response: HttpResponse): SuiteError | undefined {
  const http = { httpStatus: response.status };
  if (response.status === 429) return fault(usedUp, { ...http, retryAfterMs: 1000 });
  if (response.status >= 500) return fault(busy, http);
  let envelope: Envelope;
  try {
    envelope = envelopeOf(response.body);
  } catch {
    if (response.status >= 300) return fault(busy, http);
    return fault({ code: "payload_invalid", says: "the answer has no form we know" }, http);
  }
  const { refusal, outerCode, inner, success } = envelope;
  if (refusal) return byGateway(textOf(refusal.code), response);
  if (outerCode !== "0") return byGateway(outerCode, response);
  if (success === true) return undefined;
  if (success === undefined || !inner) {
    return fault({ code: "payload_invalid", says: "the answer does not say whether it succeeded" }, http);
  }
  return fault(meaningOf(inner), { ...http, channelCode: `result ${label(inner.code ?? inner.errorCode) ?? "none"}` });
}

function byGateway(code: string | undefined, response: HttpResponse): SuiteError {
  const known = code !== undefined && Object.hasOwn(gatewayCodes, code) ? gatewayCodes[code] : undefined;
  const meaning = known ?? { code: "payload_invalid", says: "the answer's code is not known" };
  return fault(meaning, {
    httpStatus: response.status,
    channelCode: label(code) ?? "none",
    ...(meaning === usedUp && { retryAfterMs: untilTomorrow(response) }),
  });
}

function meaningOf(inner: JsonObject): Meaning {
  const words = textOf(inner.msg ?? inner.errorMsg ?? inner.error_msg) ?? "";
  if (staleWords.test(words)) return changed;
  return busyWords.test(words) ? busy : refused;
}

/** The quota begins anew with China's day; the answer's own date is the only clock it brings. */
function untilTomorrow({ headers }: HttpResponse): number {
  const nowMs = Date.parse(headers.date ?? "");
  return Number.isNaN(nowMs) ? 3_600_000 : msToChinaMidnight(nowMs);
}

function fault({ code, says, tokenExpired }: Meaning, details: Record<string, string | number | undefined>) {
  return new SuiteError(code, says, { details: { ...details, tokenExpired } });
}

/** Codes only: what the channel wrote in words may hold anything. */
function label(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[\w.:-]{1,60}$/.test(text) ? text : undefined;
}
