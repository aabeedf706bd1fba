import type { Instant } from "./instant.ts";

// How long things are kept, in one place. docs/retention.md shows these tables; tests hold the store and the template to them.

const yearDays = 366;
const minuteDays = 1 / 1440;

/**
 * Books. Germany wants vouchers for eight years and books for ten (AO § 147, HGB § 257), China a transaction's record for
 * three (E-Commerce Law, article 31), others lie between. One year more, because the years count from the end of theirs.
 */
export const bookDays = 11 * yearDays;

/**
 * Three years and a quarter. China's E-Commerce Law (article 31) has records of a transaction kept for three years at least;
 * what nobody may still ask for is not kept longer, because it shows people.
 */
export const evidenceDays = 3 * yearDays + 92;

/** An end: so many days after something that is known when the item is written. */
interface Ends {
  readonly days: number;
  readonly after: string;
  readonly because: string;
}
interface Stays {
  readonly until: string;
}

/**
 * Every kind of item in the table. Those with an end carry it as the table's time to live, from their first write on; the
 * table deletes them up to some days after it, and until then nobody is shown them.
 */
export const itemTerms = {
  case: {
    days: bookDays,
    after: "its last change, once it is over; an open one stays",
    because: "the merchant's books; what leads to a person leaves far sooner",
  },
  timeline_entry: { days: bookDays, after: "what it tells", because: "as the case" },
  reference: {
    days: bookDays + 2 * yearDays,
    after: "it was written",
    because: "written when a case opens, it must outlive a case that takes long",
  },
  refund_reference: { days: 45, after: "it was written", because: "the nightly comparison looks ten days back" },
  evidence: { days: evidenceDays, after: "the file was fetched", because: "as the file that it describes" },
  privacy_request: { days: 3 * yearDays + 92, after: "it was received", because: "proof that it was fulfilled" },
  inbound_mark: { days: 35, after: "the event was taken", because: "a sender may repeat an event for a month" },
  authorization: { days: 15 * minuteDays, after: "the link was made", because: "a link is for one visit" },
  pace: { days: 30, after: "the last write to the channel", because: "a bucket that is full again says nothing" },
  refund_day: { days: 10, after: "the day that it counts", because: "a command is settled or given up long before" },
  warehouse_day: { days: 3, after: "the day that it counts", because: "nobody asks for it then" },
  shop: { until: "replaced; its token, name and addresses are overwritten when the shop leaves" },
  shop_binding: { until: "replaced" },
  feed: { until: "replaced by its next turn" },
  tenant_rules: { until: "replaced" },
  tenant_rules_history: { until: "the tenant is removed: a decision names the version it was made by" },
  calendar: { until: "replaced" },
  write_limits: { until: "replaced" },
  warehouse: { until: "replaced" },
  address_rules: { until: "replaced" },
  inbound_keys: { until: "two newer keys have replaced it" },
} as const satisfies Readonly<Record<string, Ends | Stays>>;

export type ItemKind = keyof typeof itemTerms;
export type EndingKind = { [K in ItemKind]: (typeof itemTerms)[K] extends Ends ? K : never }[ItemKind];

/** What is kept outside of the table. `infra` is held to it by test/infra/retention.test.ts. */
export const otherTerms = {
  notices: { days: 4, what: "notices, commands and timers under way", where: "queues" },
  deadLetters: {
    days: 14,
    what: "what could not be handled, and records that could not be read",
    where: "dead-letter queues, quarantine",
  },
  failures: { days: 30, what: "revisions that could not be published", where: "bucket of failures" },
  evidence: { days: evidenceDays, what: "pictures and videos that cases show", where: "bucket of evidence" },
  replaced: { days: 30, what: "versions of such files that were replaced or erased", where: "bucket of evidence" },
  bucketAccess: { days: 90, what: "who read a bucket", where: "bucket of access logs" },
  logs: { days: 30, what: "ids, codes and counts", where: "logs of functions" },
  operators: { days: 365, what: "who used the operators' API", where: "access log of that API" },
  recovery: { days: 35, what: "every state of the table", where: "the table's recovery" },
} as const;

const dayMs = 86_400_000;

/**
 * When an item of this kind ends, in whole epoch seconds as the table wants it: never before its days are over, and less
 * than a second after. `from` is what its term counts from.
 */
export function endOf(kind: EndingKind, from: Date | Instant): number {
  const start = typeof from === "string" ? Date.parse(from) : from.getTime();
  return Math.ceil((start + itemTerms[kind].days * dayMs) / 1000);
}
