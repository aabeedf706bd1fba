import { createAddresses } from "./addresses.ts";
import { createAuthorizations } from "./authorizations.ts";
import { createCases } from "./cases.ts";
import { createCounters } from "./counters.ts";
import { createEvidence } from "./evidence.ts";
import { createFeeds } from "./feeds.ts";
import { createInbound } from "./inbound.ts";
import { createLimits } from "./limits.ts";
import { createPrivacyRequests } from "./privacy-requests.ts";
import { createReferences } from "./references.ts";
import type { Place } from "./request.ts";
import { createRules } from "./rules.ts";
import { createShops } from "./shops.ts";
import { createTimeline } from "./timeline.ts";

export type { Addresses, SavedAddressRules } from "./addresses.ts";
export type { Authorizations } from "./authorizations.ts";
export type { Cases, DueCase, WorklistPlace } from "./cases.ts";
export type { Counters, Spending, Today } from "./counters.ts";
export type { EvidenceRecords } from "./evidence.ts";
export type { Bookmark, Feeds, TakenFeed } from "./feeds.ts";
export type { Inbound } from "./inbound.ts";
export { caseOfItem, feedIdSchema } from "./item.ts";
export { type FeedId, type ShopKey, shardCount } from "./keys.ts";
export type { Limits } from "./limits.ts";
export type { PrivacyRequests } from "./privacy-requests.ts";
export type { References } from "./references.ts";
export type { Rules, SavedRules } from "./rules.ts";
export type { ConnectedShop, Shops } from "./shops.ts";
export type { Timeline, TimelineEntry } from "./timeline.ts";

export type Store = ReturnType<typeof createStore>;

/** Everything kept in the one table. Every fault of the table itself is `store_unavailable` (retryable) or `misconfigured`. */
export function createStore(place: Place) {
  return {
    cases: createCases(place),
    timeline: createTimeline(place),
    evidence: createEvidence(place),
    references: createReferences(place),
    privacyRequests: createPrivacyRequests(place),
    shops: createShops(place),
    authorizations: createAuthorizations(place),
    feeds: createFeeds(place),
    addresses: createAddresses(place),
    limits: createLimits(place),
    inbound: createInbound(place),
    counters: createCounters(place),
    rules: createRules(place),
  };
}
