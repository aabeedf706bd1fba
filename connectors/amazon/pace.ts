import { SuiteError } from "#shared/errors.ts";
import type { HttpClient, HttpResponse } from "../contract.ts";
import { type Operation, operations } from "./operations.ts";

interface Bucket {
  calls: number;
  atMs: number;
  perSecond: number;
}

/** Buckets live as long as the client that calls: a process has one client, and each process counts for itself. */
const kept = new WeakMap<HttpClient, Map<string, Bucket>>();

/** What a call is counted under: a bucket is of one app, one seller and one operation. */
interface Counted {
  http: HttpClient;
  app: string;
  shopId: string;
  operation: Operation;
}

/**
 * Takes one call from its bucket. Amazon's own count is the one that holds; this keeps a single process from running into
 * it again and again. @throws SuiteError `rate_limited` with the time until there is one.
 */
export function takeCall(counted: Counted, now: Date): void {
  const { operation } = counted;
  const bucket = filled(counted, now);
  if (bucket.calls >= 1) {
    bucket.calls -= 1;
    return;
  }
  const retryAfterMs = Math.ceil(((1 - bucket.calls) / bucket.perSecond) * 1000);
  throw new SuiteError("rate_limited", "Amazon's usage plan allows no call of this kind yet", {
    details: { operation, retryAfterMs, channelCode: "usage_plan" },
  });
}

/** Learns from an answer: the rate that Amazon grants, which it does not always say, and that the bucket is empty. */
export function noteAnswer(counted: Counted, { status, headers }: HttpResponse, now: Date): void {
  const bucket = filled(counted, now);
  const granted = Number(headers["x-amzn-ratelimit-limit"]);
  if (granted > 0) bucket.perSecond = granted;
  if (status === 429) bucket.calls = 0;
}

function filled({ http, app, shopId, operation }: Counted, now: Date): Bucket {
  const buckets = kept.get(http) ?? new Map<string, Bucket>();
  kept.set(http, buckets);
  const key = `${app} ${shopId} ${operation}`;
  const { perSecond, atOnce } = operations[operation];
  const bucket = buckets.get(key) ?? { calls: atOnce, atMs: now.getTime(), perSecond };
  const elapsedMs = Math.max(0, now.getTime() - bucket.atMs);
  bucket.calls = Math.min(atOnce, bucket.calls + (elapsedMs / 1000) * bucket.perSecond);
  bucket.atMs = Math.max(bucket.atMs, now.getTime());
  buckets.set(key, bucket);
  return bucket;
}
