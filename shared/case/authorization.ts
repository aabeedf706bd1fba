import { type Instant, instant } from "./instant.ts";

const dayMs = 86_400_000;

/** People are warned so many days before an authorisation ends that nothing renews; nearest first. */
export const warnedDaysBefore = [1, 3, 14] as const;
export type WarnedDaysBefore = (typeof warnedDaysBefore)[number];

/** The kind under which a warning is counted: `14d`. */
export const kindOfWarning = <Days extends WarnedDaysBefore>(days: Days): `${Days}d` => `${days}d`;

/** The last warning of a shop: of which end, and how near it was. */
export interface Warned {
  endsAt: Instant;
  days: WarnedDaysBefore;
}

/** Channels tell an end as seconds from now, so the end of one grant wavers with each renewal. A new grant is further off. */
const sameGrantWithinMs = 3_600_000;

/**
 * The warning that is due, undefined when there is none: each is given once for a grant, and of several only the nearest.
 * An end that has passed is warned of as one within a day.
 */
export function warningOf(endsAt: Date, now: Date, last: Warned | undefined): Warned | undefined {
  const leftMs = endsAt.getTime() - now.getTime();
  const days = warnedDaysBefore.find((each) => leftMs <= each * dayMs);
  if (days === undefined) return undefined;
  const isSameGrant = last && Math.abs(endsAt.getTime() - Date.parse(last.endsAt)) <= sameGrantWithinMs;
  return isSameGrant && last.days <= days ? undefined : { endsAt: instant(endsAt), days };
}

/** Whole days until the end; 0 in the last day and after it. */
export const daysLeft = (endsAt: Date, now: Date): number =>
  Math.max(0, Math.floor((endsAt.getTime() - now.getTime()) / dayMs));
