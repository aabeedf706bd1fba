import type * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { ClockTaskOf } from "#shared/case/clock-tasks.ts";
import type { Action, Command, CommandArgs } from "#shared/case/command.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import type { ChannelCaseId, ShopId } from "#shared/case/ids.ts";
import type { Instant } from "#shared/case/instant.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import type { ReturnAddress } from "#shared/case/shop.ts";
import type { ShopNotice } from "#shared/case/shop-notice.ts";
import type { EvidenceKind } from "#shared/case/vocabulary.ts";
import type { SuiteError } from "#shared/errors.ts";

/**
 * What a channel can do, as one plain object per channel. What a channel cannot do is left out, and callers check for it.
 * A connector reports what the channel says, in our words, and decides nothing: it knows no database, queue, bus or
 * Lambda, no other channel, no lifecycle. What it needs of the world is handed in with each call.
 *
 * `App` are the settings of our app on the channel (one per deployment), `Credentials` what one shop has granted.
 */
export interface Connector<App = unknown, Credentials = unknown> {
  readonly id: Channel;
  readonly settings: {
    readonly app: z.ZodType<App>;
    readonly credentials: z.ZodType<Credentials>;
  };
  /** Messages the channel sends to us. Its own module, so that the webhook function loads nothing else. */
  readonly push?: Push<App>;
  /** Messages the channel puts into a queue of ours. */
  readonly notifications?: Notifications<App, Credentials>;
  /** Ways to ask the channel what changed, by name: windows, message queues, report cycles. */
  readonly feeds?: Readonly<Record<string, Feed<App, Credentials>>>;
  /**
   * Reads what a notice points at. An empty list means that there is no such case. Left out where notices carry all.
   * `known` is for channels that tell of money by order alone, and never of one case again.
   */
  readonly fetch?: (notice: Notice, world: World<App, Credentials>, known?: Known) => Promise<RawCase[]>;
  /** Pure: no network, no clock, no randomness. @throws SuiteError `payload_invalid`. */
  readonly normalize: (raw: RawCase, context: { shopId: ShopId; observedAt: Date }) => CaseObservation;
  readonly actions?: Readonly<Partial<Record<Action, ChannelAction<App, Credentials>>>>;
  /** Pictures and videos that cases show; left out where `fetch` brings none, or the channel gives no addresses of them. */
  readonly evidence?: NamedEvidence<App>;
  /** The merchant's return addresses, as the channel knows them. */
  readonly listAddresses?: (world: World<App, Credentials>) => Promise<ReturnAddress[]>;
  readonly tokens?: Tokens<App, Credentials>;
  /** How a merchant lets our app into its shop in the browser; left out where there is no page of consent. */
  readonly authorization?: Authorization<App, Credentials>;
  /** The page of the channel's console where a person handles this case. */
  readonly consoleLink?: (subject: Case) => string;
  /** What a person does before a clock ends that no call of the channel answers, and on which page of the console. */
  readonly clockTask?: ClockTaskOf;
  /** The API version that our calls ask for, where a channel may answer in another one and says in which. */
  readonly pinnedVersion?: (app: App) => string;
  /** A failed response in, one of our errors out; undefined when the response is no failure. */
  readonly explain: (response: HttpResponse) => SuiteError | undefined;
}

/** One case as the channel gave it, parsed losslessly. `payload` is checked by the connector's own schema. */
export interface RawCase {
  readonly payload: unknown;
}

/** Files that a case names by their addresses. They are fetched for it, apart: no connector follows an address of others. */
export interface NamedEvidence<App> {
  /** From where files are taken: whole names, or `.example.com` for every name below it. */
  readonly hosts: (app: App) => readonly string[];
  /** Pure. The addresses as the channel gives them; they may be anything and may end soon. */
  readonly of: (raw: RawCase) => readonly EvidenceLink[];
}

export interface EvidenceLink {
  readonly url: string;
  readonly kind: EvidenceKind;
  /** Who shows it, as in `facts.evidence`. */
  readonly source: string;
  /** When it was shown or taken, where the channel says so. */
  readonly capturedAt?: Instant;
}

/** What is held already, asked for only where the channel itself cannot say it. */
export interface Known {
  readonly held: (channelCaseId: ChannelCaseId) => Promise<Case | undefined>;
  /** The cases of an order or of a tracking number, as far as they have been found so far. */
  readonly ofReference: (reference: string) => Promise<ChannelCaseId[]>;
}

/** What a connector is handed with each call. */
export interface World<App, Credentials> {
  readonly app: App;
  readonly shopId: ShopId;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  readonly now: Date;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The channel's name of the call, for the log, where its address does not tell. Not sent. */
  readonly call?: string;
  /** For files: the answer's bytes as they come, at most so many, however long they take to be taken in. */
  readonly streamed?: { readonly maxBytes: number };
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** In place of `body` where it was asked for. Whoever stops taking from it hangs up. Throws as the client does. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/**
 * Sends one request: bounded in time and size, follows no redirects, never repeats.
 * @throws SuiteError `channel_unavailable` when nothing was sent, `answer_unclear` when the request may have arrived.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

// ── Push ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Push<App> {
  /** The settings that a push needs, without loading a schema library: pure checks on a parsed secret. */
  readonly app: (settings: unknown) => App;
  /**
   * Whether the message is really from the channel. Compares in constant time, over the raw bytes. `apps` are the live
   * versions of our app settings, newest first: two while a secret is being rotated.
   */
  readonly verify: (request: PushRequest, apps: readonly App[], now: Date) => Verification;
  /** What the message says changed. A bad record in a batch is set aside alone. @throws SuiteError `payload_invalid`. */
  readonly read: (request: PushRequest) => PushReading;
  /** The answer in the platform's own form. */
  readonly reply: (outcome: PushOutcome) => PushReply;
}

export interface PushRequest {
  /** Names in lower case; a repeated header arrives comma-joined. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The untouched bytes. */
  readonly body: Uint8Array;
}

export const refusals = [
  "signature_missing",
  "signature_malformed",
  "signature_mismatch",
  "app_mismatch",
  "header_missing",
  "too_old",
  "too_new",
] as const;
export type Refusal = (typeof refusals)[number];

/** `live` is the index of the app settings that matched; 1 means that an old secret is still in use. */
export type Verification = { ok: true; live: number } | { ok: false; reason: Refusal };

export interface PushReading {
  readonly notices: readonly Notice[];
  /** Understood and of no interest: acknowledged and counted. */
  readonly ignored: readonly { readonly topic: string; readonly why: string }[];
  /** Not understood: kept aside with its reason. `record` is the raw text of this record alone. */
  readonly rejected: readonly { readonly why: string; readonly record: string }[];
  /** What concerns the shop itself, such as a right to be forgotten. */
  readonly shopNotices?: readonly ShopNotice[];
}

export type PushOutcome =
  | "accepted"
  | "unauthorized"
  | "unreadable"
  | "unsupported_media"
  | "too_large"
  | "unavailable";

export interface PushReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** For channels that send to a queue of AWS. Its policy lets nobody else in, so there is no signature to check. */
export interface Notifications<App, Credentials> {
  /** What a message says changed; as `read` of a push. @throws SuiteError `payload_invalid`. */
  readonly read: (body: string) => PushReading;
  /**
   * Has the channel send what happens in this shop to the queue of that ARN. Asked each time a shop is connected; safe to
   * repeat; left out where it is done elsewhere. @throws SuiteError as a read does.
   */
  readonly subscribe?: (queueArn: string, world: World<App, Credentials>) => Promise<void>;
}

// ── Pull ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** JSON that a feed keeps between pages: a window, a cursor, a report id. Only the feed reads it. */
export type Bookmark = Readonly<Record<string, string | number | boolean | null>>;

/** A way to ask what changed: in one shop, or in all shops of our app at once. */
export type Feed<App, Credentials> = ShopFeed<App, Credentials> | AppFeed<App>;

/** Asked once per shop, with its credentials. */
export interface ShopFeed<App, Credentials> extends FeedOver<World<App, Credentials>> {
  readonly scope: "shop";
}

/** Asked once for all shops of our app, e.g. the app's message queue: its notices name the shops themselves. */
export interface AppFeed<App> extends FeedOver<AppWorld<App>> {
  readonly scope: "app";
}

/** What a call of the app itself is handed: there is no shop, and there are no shop's credentials. */
export type AppWorld<App> = Pick<World<App, unknown>, "app" | "http" | "now">;

interface FeedOver<Asked> {
  /** How often to begin anew once there is nothing more. */
  readonly everyMs: number;
  /**
   * One page since the bookmark (undefined = the first time). The caller keeps the returned bookmark only after the
   * page is safely queued, so a page may be asked for again. Windows overlap; the same notice may come twice.
   */
  readonly list: (bookmark: Bookmark | undefined, world: Asked) => Promise<FeedPage>;
  /** For message queues: tells the channel that these messages need not come again. Called after they are queued. */
  readonly confirm?: (receipts: readonly string[], world: Asked) => Promise<void>;
}

export interface FeedPage {
  readonly notices: readonly Notice[];
  readonly rejected: PushReading["rejected"];
  readonly bookmark: Bookmark;
  /** Ask again: at once (`now`), not before `waitMs` (a report is being made), or at the feed's own pace (`later`). */
  readonly next: { readonly when: "now" | "later" } | { readonly when: "wait"; readonly waitMs: number };
  readonly receipts?: readonly string[];
  /** How far a long reading is, for the log: codes and counts only. */
  readonly progress?: Readonly<Record<string, string | number | undefined>>;
}

// ── Acting ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ChannelAction<App, Credentials> {
  /** The channel has no call for it on any case: it is here for its task, which tells a person what to do and where. */
  readonly byHand?: true;
  /** Arguments without which the channel cannot carry it out, e.g. the address for its agreement to a return. */
  readonly needs?: readonly (keyof CommandArgs)[];
  /** Files of ours can be handed on: `args.evidence` may name them by their ids. Else it may hold addresses alone. */
  readonly takesFiles?: true;
  /** For payments: the channel pays what the buyer claims and takes no amount. */
  readonly wholeClaimOnly?: boolean;
  /**
   * Whether the channel books the effect as another case, or shows it in no state of this one: then its acceptance is all
   * that this case will ever show.
   */
  readonly showsElsewhere?: (subject: Case) => boolean;
  /**
   * Whether the channel's API offers this for this case; else what a person must do, in one sentence. `args` where they
   * are known already: a channel may offer an action only with some of them (a refusal that needs a waybill).
   * `credentials` where they are at hand: a shop may have switched on calls that are off by default.
   */
  readonly offered: (
    subject: Case,
    args?: CommandArgs,
    credentials?: Credentials,
  ) => { offered: true } | { offered: false; task: string };
  /**
   * Asks the channel. The command's id is the idempotency key where the channel takes one; `decidedOnVersion` is the
   * version to echo. Returns when the channel has accepted; the proof comes by reading the case. `files` are those that
   * `args.evidence` names, by their ids; all are read or passed on before the write that must not be made twice.
   * @throws SuiteError `channel_refused` (it said no, or would: an argument that it needs is missing; with `manualOnly`
   * in the details the message says what a person must do in the channel's console) or `case_changed`,
   * `answer_unclear` (it may have been carried out), `rate_limited`, `channel_unavailable`, `credentials_rejected`,
   * `misconfigured` (it was not carried out).
   */
  readonly send: (
    request: ActionRequest,
    world: World<App, Credentials>,
    // biome-ignore lint/suspicious/noConfusingVoidType: most channels give nothing, and their actions end without a return
  ) => Promise<Receipt | void>;
}

export interface ActionRequest {
  readonly subject: Case;
  readonly command: Command;
  readonly files?: ReadonlyMap<string, HeldFile>;
}

/** For channels that take a write and carry it out later. */
export interface Receipt {
  /** The channel's own name for the write, kept on the command: a later reading asks by it what became of it. */
  readonly reference: string;
}

// ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Tokens<App, Credentials> {
  /** When the access token ends; undefined when it does not. */
  readonly expiresAt: (credentials: Credentials) => Date | undefined;
  /** How long before the end to ask for a new one. */
  readonly refreshBeforeMs: number;
  /** @throws SuiteError `credentials_rejected` when the grant is dead and a person must connect again. */
  readonly refresh: (world: World<App, Credentials>) => Promise<Credentials>;
  /**
   * When a person must grant anew, because nothing renews the access beyond it; undefined when the channel sets no such
   * end or renewing moves it. People are warned 14, 3 and 1 days before.
   */
  readonly authorizationEndsAt?: (credentials: Credentials) => Date | undefined;
}

// ── Connecting ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A channel's form of OAuth 2.0's authorization code flow (RFC 6749 §4.1). What every channel shares is done around it,
 * by authorize-shop: the state and its one use, the verifier of PKCE, the browser it is bound to, parameters that come
 * twice, the channel's `error`, sealing and storing. A channel tells its addresses, its names and its answers.
 */
export interface Authorization<App, Credentials> {
  /** What the merchant must say before it can be sent to the channel, such as the shop's domain; in the order asked. */
  readonly asks?: readonly Question[];
  /** The channel takes a challenge of PKCE (RFC 7636, method S256): then every request has one. */
  readonly pkce?: true;
  /** The parameter of the callback that holds the code; `code` where left out. */
  readonly codeParam?: string;
  /** What the channel sends as `iss` (RFC 9207), for those that do: a callback with another, or none, is refused. */
  readonly issuer?: (app: App) => string;
  /**
   * Where the merchant consents. The state goes in as it is, and so does the redirect URI, unless the channel knows it
   * from the app's registration alone. @throws SuiteError `misconfigured` when our app lacks what the page needs.
   */
  readonly consentUrl: (request: ConsentRequest, app: App) => URL;
  /** For channels that sign the callback: whether it is theirs. As `verify` of a push; `apps` are newest first. */
  readonly verify?: (callback: Callback, apps: readonly App[], now: Date) => Verification;
  /**
   * The code, for tokens and for the shop that they open. Called once for a code. Whose shop it is, is asked of the
   * channel or comes with the tokens; the callback's own word for it counts only where `verify` covers it.
   * @throws SuiteError `credentials_rejected` (the code is dead, or grants something else than was asked),
   * `channel_unavailable`, `rate_limited`, `payload_invalid`, `misconfigured`
   */
  readonly exchange: (callback: Callback, world: AppWorld<App>) => Promise<Grant<Credentials>>;
  /** What of a shop's earlier settings stays when it grants anew, such as its switches; nothing where left out. */
  readonly keep?: (granted: Credentials, before: Credentials) => Credentials;
}

/** One thing to ask the merchant. The answer must match all of `pattern`, which bounds its length too. */
export interface Question {
  /** Also the member of `asked`: lower-case letters, digits and `_`. */
  readonly name: string;
  readonly label: { readonly en: string; readonly zh: string };
  /** An answer as it may look. */
  readonly example: string;
  readonly pattern: RegExp;
  /** The only answers there are, for a list to choose from. Each matches `pattern`. */
  readonly choices?: readonly string[];
}

/** Answers by the question's name: one to each question of `asks`, and nothing else. */
export type Asked = Readonly<Record<string, string>>;

export interface ConsentRequest {
  readonly state: string;
  readonly redirectUri: string;
  readonly asked: Asked;
  /** With `pkce`: the S256 challenge, base64url. */
  readonly codeChallenge?: string;
}

/** What came back with the merchant's browser, its state already spent. */
export interface Callback {
  readonly code: string;
  /** Every parameter, decoded; one that came twice has been refused. */
  readonly query: Readonly<Record<string, string>>;
  readonly asked: Asked;
  /** The one of the request; token endpoints want it again. */
  readonly redirectUri: string;
  /** With `pkce`. */
  readonly codeVerifier?: string;
}

export interface Grant<Credentials> {
  readonly shopId: string;
  /** The shop's name as people know it; its id where the channel tells none. */
  readonly name: string;
  readonly credentials: Credentials;
}

/** Keeps each channel's settings typed while one registry holds them all. */
export function defineConnector<App, Credentials>(connector: Connector<App, Credentials>): Connector<App, Credentials> {
  return connector;
}
