import { type ErrorCode, SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { HttpResponse } from "../contract.ts";

interface Meaning {
  code: ErrorCode;
  /** For the operator; says nothing that the channel wrote. */
  says: string;
  /** The access token is the cause: one refresh and one repetition may help. */
  tokenExpired?: true;
  /** Only a person in the merchant's console can do this. */
  manualOnly?: true;
}

const token: Meaning = { code: "credentials_rejected", says: "the access token is not valid", tokenExpired: true };
const grant: Meaning = { code: "credentials_rejected", says: "the shop's authorisation is not valid" };
const ourApp: Meaning = { code: "misconfigured", says: "the channel does not accept our app's key, secret or clock" };
const refused: Meaning = { code: "channel_refused", says: "the channel refused the request" };
const busy: Meaning = { code: "channel_unavailable", says: "the channel could not answer" };
const throttled: Meaning = { code: "rate_limited", says: "the channel throttles us" };

/**
 * Sub codes whose meaning is certain, wherever they stand. The number before them is coarser and sometimes misleading.
 * Source: https://op.jinritemai.com/docs/guide-docs/212/1427, by copy, read 2026-11-25.
 */
export const subCodes: Readonly<Record<string, Meaning>> = {
  "isv.access-token-expired": token,
  "isv.access-token-no-existed": token,
  "isv.access-token-invalid": token,
  "isv.access-token-missing": token,
  "isv.signature-invalid": ourApp,
  "isv.signature-missing": ourApp,
  "isv.app-id-missing": ourApp,
  "isv.timestamp-invalid": ourApp,
  "isv.invalid_ip": { code: "misconfigured", says: "our egress address is not on the app's allow list" },
  "dop.token-generate-failed:app-id-invalid": ourApp,
  "dop.token-generate-failed:app-secret-invalid": ourApp,
  "dop.token-generate-failed:grant-type-invalid": ourApp,
  "dop.token-generate-failed:app-forbidden": ourApp,
  "dop.token-generate-failed:code-invalid": grant,
  "dop.token-generate-failed:code-expired": grant,
  "dop.token-generate-failed:no-authorization": grant,
  "dop.token-generate-failed:token-expired": grant,
  "dop.token-generate-failed:token-invalid": grant,
  "isv.business-failed:31009": grant,
  // Two refreshes at once: the next call gets the pair.
  "isv.business-failed:31012": { code: "channel_unavailable", says: "the token is being refreshed elsewhere" },
  "isv.business-failed:20309541": { code: "case_changed", says: "the case has changed since it was read" },
  "isv.business-failed:11001": {
    code: "channel_refused",
    says: "only a person in the merchant's console can do this",
    manualOnly: true,
  },
  "isv.traffic-limited": throttled,
  "isv.env-suspected": { code: "channel_refused", says: "the channel's security check stopped the request" },
  "dop.unknown-error": busy,
};

/** Every documented number, for sub codes that are not above. */
export const codes: Readonly<Record<string, Meaning>> = {
  20000: busy,
  20001: busy,
  30000: grant,
  30001: grant,
  30002: { code: "misconfigured", says: "our egress address is not on the app's allow list" },
  40001: refused,
  40002: refused,
  40003: refused,
  40004: refused,
  50000: busy,
  50001: grant,
  50002: refused,
  60000: throttled,
  70000: { code: "channel_unavailable", says: "the channel has taken this call offline" },
  80000: refused,
  90000: busy,
};

/** No figures are published; the next token of five a second is due long before. */
const throttledForMs = 1000;
const success = 10_000;
/** A list of which some rows failed: the rows tell which. */
const partlyFailed = 10_001;

/** The answer as parsed, with every digit kept. @throws SuiteError `payload_invalid`. */
export function envelopeOf(body: Uint8Array): { readonly [key: string]: Json } {
  const parsed = parseLossless(new TextDecoder().decode(body));
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SuiteError("payload_invalid", "the answer is no object");
}

/**
 * What a failed answer of the gateway means; undefined for a success. The number's prefix never tells whether a repetition
 * is safe: whoever wrote must take `channel_unavailable` for an unclear answer.
 */
export function explain(response: HttpResponse): SuiteError | undefined {
  const http = { httpStatus: response.status };
  if (response.status === 429) return fault(throttled, { ...http, retryAfterMs: retryAfterMs(response) });
  if (response.status >= 500) return fault(busy, http);
  let envelope: ReturnType<typeof envelopeOf>;
  try {
    envelope = envelopeOf(response.body);
  } catch {
    if (response.status >= 300) return fault(busy, http);
    return fault({ code: "payload_invalid", says: "the answer is no JSON object" }, http);
  }
  // Older answers carry err_no instead.
  const code = number(envelope.code) ?? (number(envelope.err_no) === 0 ? success : number(envelope.err_no));
  if (code === success || code === partlyFailed) return undefined;
  const subCode = label(envelope.sub_code);
  const meaning = meaningOf(code, subCode);
  return fault(meaning, {
    ...http,
    channelCode: [code, subCode].filter((part) => part !== undefined).join(" "),
    logId: label(envelope.log_id),
    ...(meaning.code === "rate_limited" && { retryAfterMs: retryAfterMs(response) }),
  });
}

function meaningOf(code: number | undefined, subCode: string | undefined): Meaning {
  if (subCode !== undefined && Object.hasOwn(subCodes, subCode)) return subCodes[subCode] ?? refused;
  if (code !== undefined && Object.hasOwn(codes, code)) return codes[code] ?? refused;
  return { code: "payload_invalid", says: "the answer's code is not known" };
}

function fault(
  { code, says, tokenExpired, manualOnly }: Meaning,
  details: Record<string, string | number | undefined>,
) {
  return new SuiteError(code, says, { details: { ...details, tokenExpired, manualOnly } });
}

function retryAfterMs({ headers }: HttpResponse): number {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : throttledForMs;
}

function number(value: Json | undefined): number | undefined {
  const read = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof read === "number" ? read : undefined;
}

/** Codes and log ids only: what the channel wrote in words may hold anything. */
function label(value: Json | undefined): string | undefined {
  return typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}
