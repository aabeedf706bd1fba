import { SuiteError } from "#shared/errors.ts";
import type { HttpClient } from "../contract.ts";
import type { Cost } from "./answer.ts";
import { costOf, dearest } from "./costs.ts";

/**
 * The points of our app in one shop, as this process knows them. Shopify keeps them for the app and the shop together, so
 * other workers, and whoever else uses the app, take from the same: each answer says what is left.
 */
interface Bucket {
  /** What is there, less all that is on its way. */
  level: number;
  atMs: number;
  maximum: number;
  perSecond: number;
  /** Wanted by calls that have not been answered. */
  onItsWay: number;
  /** Given in advance to calls that were put off, so that they do not all come back at once. */
  promised: number;
  /** What others took between two of our answers, of late: so much is left to them. */
  othersTook: number;
  /** Shopify has said what is there. */
  isTold: boolean;
  /** By document: what Shopify wants to see there, and what it took in the end. */
  told: Map<string, { wanted: number; took: number }>;
}

/** Buckets live as long as the client that calls: a process has one client for a shop. */
const kept = new WeakMap<HttpClient, Map<string, Bucket>>();

/** The plan with the fewest points. Source: shopify.dev, "Rate limits", read 2026-11-22. */
const leastPerSecond = 100;
/** Half of what is left to others is theirs no more after this, if they take nothing. */
const forgottenAfterMs = 10_000;
/** Waiting longer brings nothing: the largest bucket is full by then. */
const longestWaitMs = 60_000;

export interface Call {
  http: HttpClient;
  app: string;
  shopId: string;
  document: string;
}

/** A call that may go, and must say once what became of it. */
export interface Leave {
  answered(cost: Cost, nowMs: number): void;
  /** Nobody knows whether it took anything. */
  lost(nowMs: number): void;
  /** It was not run, for want of points (`isForPoints`: there are none then) or for another reason. */
  turnedAway(isForPoints: boolean, nowMs: number): void;
}

/**
 * Takes a call's points before it is sent. Shopify's own count is the one that holds; this keeps us from running into it.
 * @throws SuiteError `rate_limited` with the time until there are enough, counting those who were put off before.
 */
export function takePoints(call: Call, nowMs: number): Leave {
  const bucket = filled(call, nowMs);
  const told = bucket.told.get(call.document);
  const wanted = told?.wanted ?? costOf(call.document);
  const needed = Math.min(wanted + bucket.othersTook, bucket.maximum);
  if (bucket.level < needed) {
    const missing = needed - bucket.level + bucket.promised;
    bucket.promised += told?.took ?? wanted;
    const waitMs = Math.ceil((missing * 1000) / bucket.perSecond);
    const details = {
      channelCode: "points",
      retryAfterMs: Math.min(longestWaitMs, Math.max(1000, waitMs)),
      ...{ pointsWanted: wanted, pointsLeft: Math.floor(bucket.level) },
      pointsTakenByOthers: Math.floor(bucket.othersTook),
    };
    throw new SuiteError("rate_limited", "the shop's points do not suffice for this call yet", { details });
  }
  bucket.level -= wanted;
  bucket.onItsWay += wanted;
  return {
    answered: (cost, at) => learn(call, wanted, cost, at),
    lost(at) {
      filled(call, at).onItsWay -= wanted;
    },
    turnedAway(isForPoints, at) {
      const now = filled(call, at);
      now.onItsWay -= wanted;
      now.level = isForPoints ? 0 : now.level + wanted;
    },
  };
}

function learn(call: Call, wanted: number, cost: Cost, nowMs: number): void {
  const bucket = filled(call, nowMs);
  bucket.onItsWay -= wanted;
  const { requested, actual, available, maximum, restoreRate } = cost;
  const expected = Math.min(maximum, bucket.level + wanted - (actual ?? 0));
  const missing = expected - available;
  // A second's points may lie between their clock and ours; and what is on its way may be counted there already.
  const isTakenByOthers = bucket.isTold && bucket.onItsWay === 0 && missing > restoreRate;
  if (isTakenByOthers) bucket.othersTook = Math.max(bucket.othersTook, missing);
  bucket.told.set(call.document, { wanted: requested, took: actual ?? requested });
  bucket.maximum = maximum;
  bucket.perSecond = restoreRate;
  bucket.level = Math.min(maximum, available) - bucket.onItsWay;
  bucket.isTold = true;
}

function filled({ http, app, shopId }: Call, nowMs: number): Bucket {
  const buckets = kept.get(http) ?? new Map<string, Bucket>();
  kept.set(http, buckets);
  const key = `${app} ${shopId}`;
  const bucket = buckets.get(key) ?? {
    ...{ level: dearest, maximum: dearest, perSecond: leastPerSecond, atMs: nowMs },
    ...{ onItsWay: 0, promised: 0, othersTook: 0, isTold: false, told: new Map() },
  };
  buckets.set(key, bucket);
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  const restored = (elapsedMs / 1000) * bucket.perSecond;
  bucket.level = Math.min(bucket.maximum - bucket.onItsWay, bucket.level + restored);
  bucket.promised = Math.max(0, bucket.promised - restored);
  bucket.othersTook *= 0.5 ** (elapsedMs / forgottenAfterMs);
  bucket.atMs = Math.max(bucket.atMs, nowMs);
  return bucket;
}

const begunAt = new WeakMap<object, number>();

/**
 * The time as work in this world goes on, in milliseconds: a world's own time stands still, and a call of a minute would
 * give the points of that minute twice.
 */
export function timeIn(world: { now: Date }): number {
  const begun = begunAt.get(world) ?? performance.now();
  begunAt.set(world, begun);
  return world.now.getTime() + performance.now() - begun;
}
