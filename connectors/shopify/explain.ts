import { type ErrorCode, type ErrorDetails, SuiteError } from "#shared/errors.ts";
import type { HttpResponse } from "../contract.ts";
import { type Failure, type GraphqlAnswer, parseAnswer, userErrorsOf } from "./answer.ts";

// Source of the codes: shopify.dev, "GraphQL Admin API" and the 2026-10 schema, read 2026-11-22.

/** Codes in `errors[]`. A code that is not here is a refusal: the request was read and not carried out. */
const failures: Readonly<Record<string, ErrorCode>> = {
  THROTTLED: "rate_limited",
  INTERNAL_SERVER_ERROR: "channel_unavailable",
  SHOP_INACTIVE: "credentials_rejected",
};

/** Codes in `userErrors[]`. A code that is not here is a refusal. */
const userFailures: Readonly<Record<string, ErrorCode>> = {
  INTERNAL_ERROR: "channel_unavailable",
  INVALID_STATE: "case_changed",
  NOT_FOUND: "case_changed",
  ALREADY_EXISTS: "case_changed",
  NOT_EDITABLE: "case_changed",
};

/** It was done, only the buyer could not be told. */
const doneAnyway = new Set(["NOTIFICATION_FAILED"]);

/** 402 frozen, 403 forbidden, 423 locked: nothing in this shop can be called until a person has seen to it. */
const shopClosed = new Set([402, 403, 423]);

/** A failed answer of the Admin API as one of our errors, from its three layers: HTTP, `errors`, `userErrors`. */
export function explain(response: HttpResponse): SuiteError | undefined {
  const { status } = response;
  if (status < 200 || status > 299) return ofHttp(response);
  const answer = parseAnswer(response.body);
  if (!answer)
    return new SuiteError("payload_invalid", "the answer is not a GraphQL answer", { details: { httpStatus: status } });
  const failure = answer.errors.find((each) => !isRedaction(each, answer));
  if (failure) return ofFailure(failure, answer);
  if (answer.data === null) return new SuiteError("payload_invalid", "the answer has neither data nor errors");
  return ofUserErrors(answer);
}

function ofHttp({ status, headers }: HttpResponse): SuiteError {
  const details = { httpStatus: status, channelCode: `http_${status}` };
  if (status === 401) {
    // A token that ended and an app that was removed look alike here; asking for a new token tells them apart.
    return new SuiteError("credentials_rejected", "the access token is not valid", {
      details: { ...details, tokenExpired: true },
    });
  }
  if (shopClosed.has(status)) return new SuiteError("credentials_rejected", "the shop does not let us in", { details });
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? Math.max(1000, Math.ceil(seconds * 1000)) : undefined;
  if (status === 429) {
    return new SuiteError("rate_limited", "too many requests", {
      details: { ...details, retryAfterMs: retryAfterMs ?? 2000 },
    });
  }
  if (status >= 500) {
    return new SuiteError("channel_unavailable", "Shopify is not available", { details: { ...details, retryAfterMs } });
  }
  return new SuiteError("channel_refused", "the request was refused", { details });
}

/**
 * A field we may not see comes as null with an error at its path. That is no failure as long as the object that was
 * asked for is there.
 */
function isRedaction({ code, path }: Failure, { data }: GraphqlAnswer): boolean {
  const root = path[0];
  return code === "ACCESS_DENIED" && path.length > 1 && root !== undefined && (data?.[root] ?? null) !== null;
}

function ofFailure({ code }: Failure, { cost }: GraphqlAnswer): SuiteError {
  const details: ErrorDetails = { channelCode: code };
  const ours = Object.hasOwn(failures, code) ? failures[code] : undefined;
  if (ours === "rate_limited" && cost) {
    const { requested, available, maximum, restoreRate } = cost;
    // More than the bucket can ever hold: waiting does not help.
    if (requested > maximum) return new SuiteError("channel_refused", "the query costs too much", { details });
    const retryAfterMs = Math.max(1000, Math.ceil(((requested - available) * 1000) / restoreRate));
    return new SuiteError("rate_limited", "the shop's points are used up", { details: { ...details, retryAfterMs } });
  }
  if (ours === "rate_limited") {
    return new SuiteError(ours, "the shop's points are used up", { details: { ...details, retryAfterMs: 1000 } });
  }
  return new SuiteError(ours ?? "channel_refused", `Shopify answered ${code}`, { details });
}

function ofUserErrors(answer: GraphqlAnswer): SuiteError | undefined {
  const problem = userErrorsOf(answer).find(({ code }) => !doneAnyway.has(code));
  if (!problem) return undefined;
  const { code, message, field } = problem;
  const ours = Object.hasOwn(userFailures, code) ? userFailures[code] : undefined;
  // Some error types have no code; then only Shopify's sentence tells what was wrong.
  return new SuiteError(ours ?? "channel_refused", `Shopify refused: ${code}`, {
    details: { channelCode: code, channelMessage: message.slice(0, 200), field },
  });
}
