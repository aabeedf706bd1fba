import type { Case } from "./case.ts";
import type { Instant } from "./instant.ts";
import { earlier } from "./later.ts";

// How long a case that is over may lead to a person: parcels, what people wrote with commands, pictures. See redact.ts.

export interface PersonsTerm {
  /** Where the merchant has said nothing. */
  readonly days: number;
  /** What a merchant may choose at most. */
  readonly most: number;
  readonly after: "its end" | "the delivery";
  readonly source: string;
}

/** What a merchant may choose at least: money takes up to a week to arrive, and a buyer who asks again has the same parcel. */
export const leastPersonsDays = 7;

const usual: PersonsTerm = {
  days: 90,
  most: 365,
  after: "its end",
  source:
    "ours: no figure of the platform was found. PIPL, article 19, and GDPR, article 5(1)(e), want no longer than needed",
};

/** Where a platform has a term of its own. */
const byChannel: Readonly<Record<string, PersonsTerm>> = {
  amazon: {
    days: 30,
    most: 30,
    after: "the delivery",
    source: "Data Protection Policy of the Selling Partner API, 2.1 Data Retention, read 2026-11",
  },
};

export function personsTermOf(channel: string): PersonsTerm {
  return byChannel[channel] ?? usual;
}

/** What merchants chose, by channel, or by `channel:shop` where shops differ. */
export type PersonsDays = Readonly<Record<string, number>>;

/** The days that hold for a shop: never more than its platform allows, whatever is stored. */
export function personsDaysOf({ channel, shopId }: { channel: string; shopId: string }, chosen: PersonsDays): number {
  const { days, most } = personsTermOf(channel);
  return Math.min(most, Math.max(leastPersonsDays, chosen[`${channel}:${shopId}`] ?? chosen[channel] ?? days));
}

/** Whether a merchant may choose so many days there. */
export function mayChoose(place: string, days: number): boolean {
  const [channel = ""] = place.split(":");
  return days >= leastPersonsDays && days <= personsTermOf(channel).most;
}

/**
 * From when the term of a case counts that came to its end at `endedAt`. A term after delivery counts from there; where
 * the channel states none, from the opening, because nobody returns what has not come. It never counts from after the end.
 */
export function personsTermStart({ channel, facts }: Pick<Case, "channel" | "facts">, endedAt: Instant): Instant {
  if (personsTermOf(channel).after === "its end") return endedAt;
  const { deliveredAt, openedAt } = facts;
  return earlier(endedAt, deliveredAt ? earlier(deliveredAt, openedAt) : openedAt);
}
