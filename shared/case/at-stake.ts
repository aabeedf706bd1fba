import type { Case } from "./case.ts";
import { type Deadline, isMerchants } from "./deadline.ts";
import { exponentOf, type Money } from "./money.ts";

/** The merchant's nearest clock that still runs. */
export function nearestClock({ deadlines }: Pick<Case, "deadlines">): Deadline | undefined {
  return deadlines
    .filter(({ kind, status }) => status === "running" && isMerchants(kind))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0];
}

/**
 * What the merchant pays if nobody answers the nearest clock; undefined when it costs nothing that the channel states.
 * What happens at the end of a clock nobody knows counts as a payment.
 */
export function atStake(subject: Pick<Case, "deadlines" | "facts">): Money | undefined {
  const clock = nearestClock(subject);
  const { status, claimed, ceiling } = subject.facts.money;
  if (!clock || status === "paid" || clock.onExpiry === "auto_close" || clock.onExpiry === "auto_confirm")
    return undefined;
  return claimed ?? ceiling;
}

/** A number to put sums of several currencies in one order: whole units, each currency's worth the same. */
export function weightOf(sum: Money | undefined): number {
  return sum ? sum.amountMinor / 10 ** exponentOf(sum.currency) : 0;
}
