import { type ErrorCode, type ErrorDetails, SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { HttpResponse } from "../contract.ts";

type JsonObject = { readonly [key: string]: Json };

/**
 * Errors of Login with Amazon. Only a dead grant needs the seller.
 * Source: the authorization helpers in amzn/selling-partner-api-models, commit 34dc93f, read 2026-11-25.
 */
const loginErrors: Readonly<Record<string, ErrorCode>> = {
  invalid_grant: "credentials_rejected",
  access_denied: "credentials_rejected",
  invalid_client: "misconfigured",
  unauthorized_client: "misconfigured",
  invalid_scope: "misconfigured",
  invalid_request: "misconfigured",
  server_error: "channel_unavailable",
  temporarily_unavailable: "channel_unavailable",
};

/** One call a minute is the slowest of the calls that are made often; a longer wait would lose nothing but time. */
const throttledForMs = 60_000;

/** The answer as parsed, decimals as text. @throws SuiteError `payload_invalid`. */
export function objectOf(body: Uint8Array): JsonObject {
  const parsed = parseLossless(new TextDecoder().decode(body), { decimals: "text" });
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SuiteError("payload_invalid", "the answer is no object");
}

/**
 * What a failed answer means, of the API or of Login with Amazon; undefined for a success. The words of the answer are
 * read but never carried on: they may quote what was sent.
 */
export function explain(response: HttpResponse): SuiteError | undefined {
  const { status } = response;
  const answer = readable(response);
  const login = typeof answer?.error === "string" ? answer.error : undefined;
  if (login !== undefined) return ofLogin(login, status);
  const { code, words } = firstError(answer);
  const details = { httpStatus: status, channelCode: code ?? `http_${status}`, requestId: requestIdOf(response) };
  if (status === 429 || code === "QuotaExceeded") {
    return fault("rate_limited", "Amazon throttles this call", { ...details, retryAfterMs: retryAfterMs(response) });
  }
  if (status >= 500) return fault("channel_unavailable", "Amazon could not answer", details);
  if (status === 401 || (status === 403 && /expired|revoked|malformed|invalid.*token/i.test(words))) {
    const tokenExpired = true;
    return fault("credentials_rejected", "the access token is not valid", { ...details, tokenExpired });
  }
  if (status === 403) {
    return fault("misconfigured", "our app lacks a role, or the seller granted it before the role was added", details);
  }
  if (status >= 300 || code !== undefined) return fault("channel_refused", "Amazon refused the request", details);
  return answer ? undefined : fault("payload_invalid", "the answer is no JSON object", { httpStatus: status });
}

function ofLogin(error: string, httpStatus: number): SuiteError {
  const code = Object.hasOwn(loginErrors, error) ? loginErrors[error] : undefined;
  const says =
    code === "credentials_rejected" ? "the seller must authorise our app again" : "no access token was given";
  return fault(code ?? "channel_unavailable", says, { httpStatus, channelCode: label(error) ?? "other" });
}

function firstError(answer: JsonObject | undefined): { code?: string; words: string } {
  const first = Array.isArray(answer?.errors) ? answer.errors[0] : undefined;
  if (typeof first !== "object" || first === null || Array.isArray(first)) return { words: "" };
  return { code: label(first.code) ?? "unnamed", words: `${first.message ?? ""} ${first.details ?? ""}` };
}

function readable({ body }: HttpResponse): JsonObject | undefined {
  try {
    return objectOf(body);
  } catch {
    return undefined;
  }
}

/** The rate is in calls a second and mostly absent where it would be needed. */
function retryAfterMs({ headers }: HttpResponse): number {
  const rate = Number(headers["x-amzn-ratelimit-limit"]);
  const seconds = Number(headers["retry-after"]);
  if (seconds > 0) return Math.min(seconds, 3600) * 1000;
  return rate > 0 ? Math.min(Math.ceil(1000 / rate), 600_000) : throttledForMs;
}

function requestIdOf({ headers }: HttpResponse): string | undefined {
  return label(headers["x-amzn-requestid"]);
}

function label(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}

function fault(code: ErrorCode, says: string, details: ErrorDetails): SuiteError {
  return new SuiteError(code, says, { details });
}
