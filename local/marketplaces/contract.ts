import type { LocalClock } from "../clock.ts";

/**
 * What the local runtime, the smoke scenario and the tests know of a simulated marketplace. A simulator is written from
 * the channel's fact sheet and never imports the connector: each is a check on the other.
 */
export interface Marketplace {
  readonly channel: string;
  /** Base URL of the platform's API on this machine, known after `start`. */
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What an operator would store in Secrets Manager for this channel: app keys, secrets, the gateway to call. */
  appSettings(): Record<string, unknown>;
  /** Creates a shop that has already granted access. Deterministic for a given name: the same name gives the same shop. */
  openShop(name: string): Promise<SimulatedShop>;
  /**
   * Ends the access token of a shop before its time; what renews it stays good. Left out where nothing renews a token, so
   * that only a person could help.
   */
  endAccess?(shopId: string): void;
  /** Where push messages go; undefined keeps them waiting. Undelivered pushes are retried as the platform does. */
  pushTo(url: string | undefined): void;
  /** For platforms that put their messages into queues of AWS: how a message gets into one. Kept waiting until then. */
  sendTo?(sender: QueueSender): void;
  /** The headers with which the platform would deliver this body, signed; left out where the platform pushes nothing. */
  signPush?(body: string, about: { shopId: string; topic?: string }): Record<string, string>;
  /** Ways a case can go, by name. Each drives a buyer (and, where the platform has one, its staff or robot). */
  readonly plans: Readonly<Record<string, CasePlan>>;
  /** A buyer opens a case that will follow the plan. `seed` fixes amounts, quantities, delays and ids. */
  openCase(request: { shopId: string; plan: string; seed: number }): Promise<{ channelCaseId: string }>;
  /** What the platform knows of every case, in the words of our model. The referee of every scenario. */
  truth(): CaseTruth[];
  /** Every movement of money the platform has made, in order. */
  ledger(): Payment[];
  /** Faults to inject; a call replaces the earlier setting. */
  inject(faults: MarketplaceFaults): void;
  /** Calls the platform has answered, for the board: newest last, bounded. */
  readonly calls: readonly MarketplaceCall[];
}

/** Puts a message into the queue of that ARN. Rejects when the queue does not take it. */
export type QueueSender = (queueArn: string, body: string) => Promise<void>;

export interface SimulatedShop {
  /** As the channel spells it on the wire. */
  shopId: string;
  name: string;
  /** What the merchant's connection would have stored: tokens with their expiry, in the connector's own settings form. */
  credentials: Record<string, unknown>;
}

export interface CasePlan {
  /** One sentence in the present tense: what the buyer, the merchant and the platform do. */
  readonly story: string;
  /** True when the case only ends if Casebridge answers it (in mode `auto`). */
  readonly needsAnswer: boolean;
}

export interface CaseTruth {
  shopId: string;
  channelCaseId: string;
  plan: string;
  /** State of our case model that the channel sheet's mapping gives for this case now. */
  state: string;
  final: boolean;
  /** Refunded and proven, in minor units. */
  settledMinor: number;
  currency: string;
  /** The merchant's open deadline, if the platform states one. */
  dueAt?: string;
  /** Merchant deadlines that ran out without an answer. */
  missedDeadlines: number;
  /** True when the plan has no step left to take. */
  settled: boolean;
  rawStatus: string;
}

export interface Payment {
  at: string;
  shopId: string;
  channelCaseId: string;
  amountMinor: number;
  currency: string;
  /** Who caused it: the merchant's call, the platform's timer or robot, or the merchant's staff in the console. */
  executedBy: "merchant_api" | "merchant_console" | "platform_timer" | "platform_robot";
}

export interface MarketplaceFaults {
  /** Shares from 0 to 1. `answersLost`: the call is carried out, then its connection breaks. */
  answersLost?: number;
  throttle?: number;
  serverError?: number;
  /** Pushes that are never sent, sent twice, or sent late (after up to `lateMs`). */
  pushesDropped?: number;
  pushesDoubled?: number;
  pushesLate?: number;
  lateMs?: number;
  /** Fixes the choices. */
  seed?: number;
}

export interface MarketplaceCall {
  at: string;
  name: string;
  outcome: string;
}

export interface MarketplaceOptions {
  clock: LocalClock;
  /** Where to keep state between runs; in memory only when left out. */
  dataDir?: string;
  /**
   * Multiplies the time that buyers, carriers and staff take for their next step (1 = as in life). The platform's own
   * timers keep their length: those are its rules.
   */
  pace?: number;
  /** Port to listen on at 127.0.0.1; any free one when left out. A kept state remembers its port. */
  port?: number;
}
