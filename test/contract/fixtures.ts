import type { HttpRequest, HttpResponse, PushRequest, RawCase } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import type { Action, Command } from "#shared/case/command.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import type { ShopId } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import type { ShopNotice } from "#shared/case/shop-notice.ts";
import type { ErrorCode } from "#shared/errors.ts";

/**
 * What a channel brings to the contract suite: `connectors/<channel>/fixtures/index.ts` exports it as `fixtures`.
 * All values are invented. Where a channel lacks something, it says so in a sentence instead of leaving it out.
 */
export interface ConnectorFixtures<App = unknown, Credentials = unknown> {
  readonly shopId: ShopId;
  /** Settings as they are stored: both must pass the connector's own schemas. */
  readonly app: App;
  readonly credentials: Credentials;
  /** The clock during the suite. */
  readonly now: Date;
  /** Buyers' names, phones, addresses and free text in the payloads below. None may leave the connector. */
  readonly personal: readonly string[];
  /** Secrets in `app` and `credentials`. None may stand in an error. */
  readonly secrets: readonly string[];
  readonly push: PushFixtures | Lacking;
  readonly feeds: Readonly<Record<string, FeedFixture>> | Lacking;
  readonly fetch: readonly FetchFixture[] | Lacking;
  /** At least one per state and type that the channel has. */
  readonly cases: readonly CaseFixture[];
  /** Cases whose status the channel added after we wrote the table. */
  readonly unknownStatus: readonly { readonly name: string; readonly raw: RawCase }[];
  readonly errors: readonly ErrorFixture[];
  /** Error codes that this channel cannot give, each with the reason in words. */
  readonly errorsNeverGiven?: Readonly<Partial<Record<ExpectedErrorCode, string>>>;
  /** Answers that are no failure; `explain` stays silent. */
  readonly successes: readonly HttpResponse[];
  /** One for each action the connector has. */
  readonly actions: Readonly<Partial<Record<Action, readonly ActionFixture[]>>> | Lacking;
  readonly tokens: TokensFixture | Lacking;
}

/** The reason, as a sentence, why the channel does not have this part. The suite then checks that the connector lacks it too. */
export interface Lacking {
  readonly lacks: string;
}

export function isLacking(part: object): part is Lacking {
  return "lacks" in part;
}

/** Every channel shows an answer for each of these, or says why it never gives one. */
export const expectedErrorCodes = [
  "payload_invalid",
  "credentials_rejected",
  "rate_limited",
  "channel_unavailable",
  "channel_refused",
] as const satisfies readonly ErrorCode[];
export type ExpectedErrorCode = (typeof expectedErrorCodes)[number];

export interface PushFixtures {
  /** A genuine request around any bytes, signed at `at` with the secret in `app`. */
  readonly sign: (body: Uint8Array, at: Date) => PushRequest;
  /** How far the signed time may lie from the clock, or why the channel signs no time. */
  readonly signedTime: { readonly toleranceMs: number } | Lacking;
  readonly messages: readonly PushMessage[];
}

export interface PushMessage {
  readonly name: string;
  /** A genuine request as it arrives, headers and all. */
  readonly request: PushRequest;
  readonly notices: readonly Notice[];
  /** Topics that are acknowledged and ignored. */
  readonly ignored?: readonly string[];
  /** How many records are set aside; needed once where the channel sends batches. */
  readonly rejected?: number;
  /** What it says of the shop itself; left out where the channel says nothing of the kind. */
  readonly shopNotices?: readonly ShopNotice[];
}

export interface FeedFixture {
  /** Successive calls, each with the bookmark of the one before; at least two, so that a page after the first is read. */
  readonly calls: readonly {
    readonly answers: readonly HttpResponse[];
    readonly notices: readonly Notice[];
    readonly next: "now" | "wait" | "later";
    /** Looks at the requests that were sent, e.g. that the second asks for page 2. */
    readonly check?: (requests: readonly HttpRequest[]) => void;
  }[];
  /** Answers to `confirm` of the last page's receipts, for message queues. */
  readonly confirmAnswers?: readonly HttpResponse[];
}

export interface FetchFixture {
  readonly name: string;
  readonly notice: Notice;
  readonly answers: readonly HttpResponse[];
  /** Case ids of what comes back, in order; empty when the channel knows no such case. */
  readonly cases: readonly string[];
  readonly check?: (requests: readonly HttpRequest[]) => void;
}

/** `raw` may be shared between fixtures; the suite freezes it. It is observed at the suite's clock. */
export interface CaseFixture {
  readonly name: string;
  readonly raw: RawCase;
  readonly observation: CaseObservation;
}

export interface ErrorFixture {
  readonly name: string;
  readonly response: HttpResponse;
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
  /**
   * What the same answer means after a write. Left out: `channel_unavailable` and `payload_invalid` become
   * `answer_unclear`, because the write may have been carried out; all others stay.
   */
  readonly afterWrite?: ErrorCode;
}

export interface ActionFixture {
  readonly name: string;
  readonly subject: Case;
  readonly command: Command;
  /** The files that the command names by their ids. */
  readonly files?: ReadonlyMap<string, HeldFile>;
  /** Answers to the reads that come before the write, in order. The write is the last request and the only one. */
  readonly reads?: readonly HttpResponse[];
  readonly accepted: HttpResponse;
  readonly refused: readonly { readonly response: HttpResponse; readonly code: "channel_refused" | "case_changed" }[];
  /** Looks at the write: the idempotency key, the version, the arguments. */
  readonly check?: (write: HttpRequest) => void;
}

export interface TokensFixture {
  readonly answers: readonly HttpResponse[];
  /** The grant is dead; a person must connect the shop again. */
  readonly dead: HttpResponse;
  readonly expiresAt: Date;
}
