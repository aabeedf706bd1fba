import type { Case } from "./case.ts";
import type { CommandArgs } from "./command.ts";
import type { Money } from "./money.ts";

type Unit = Pick<Case, "shopId" | "channel" | "facts">;

/**
 * Whether two cases are one request of a buyer, which the channel keeps in parts, e.g. a ticket for each unit. A group may
 * hold more than one request, such as everything about an order; the parts of one are of one type and begin together.
 */
export function isOneRequest(one: Unit, other: Unit): boolean {
  const [a, b] = [one.facts, other.facts];
  return (
    one.channel === other.channel &&
    one.shopId === other.shopId &&
    a.groupKey !== undefined &&
    a.groupKey === b.groupKey &&
    a.type.known &&
    b.type.known &&
    a.type.value === b.type.value &&
    a.openedAt === b.openedAt
  );
}

/** What the cases of a request claim in all, in the currency of the first that claims anything. */
export function claimedTogether(parts: readonly Unit[]): Money | undefined {
  const claims = parts.flatMap(({ facts }) => facts.money.claimed ?? []);
  const currency = claims[0]?.currency;
  if (currency === undefined) return undefined;
  const own = claims.filter((claim) => claim.currency === currency);
  return { amountMinor: own.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency };
}

/** What must be said case by case, in a sentence for the person; undefined where the arguments fit every case. */
export function oneByOneOnly({ amount, trackingNo }: CommandArgs): string | undefined {
  if (amount) return "An amount belongs to one case: leave it out, or ask case by case.";
  if (trackingNo) return "A waybill belongs to one case: ask case by case.";
  return undefined;
}
