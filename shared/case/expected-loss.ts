import type { Case } from "./case.ts";
import { type Deadline, isMerchants } from "./deadline.ts";
import { isFor } from "./derive-clocks.ts";
import { type Instant, msBetween } from "./instant.ts";
import { exponentOf, type Money } from "./money.ts";
import type { TenantRules } from "./tenant-rules.ts";

type Costs = Pick<TenantRules, "breachCosts" | "worth">;

/** Ends at which the buyer's claim is paid, or agreed to. */
const costly = ["auto_refund", "auto_approve", "auto_confirm"];

/**
 * What a running clock would cost if it were missed: by the tenant's word, else the claim where the platform would then pay
 * or agree, else nothing. Undefined where that is not known, as for a claim without an amount.
 */
export function breachCostOf(
  subject: Case,
  { kind, onExpiry, source }: Deadline,
  { breachCosts }: Costs,
): Money | undefined {
  const { claimed, ceiling } = subject.facts.money;
  const limit =
    ceiling && claimed && ceiling.currency === claimed.currency && ceiling.amountMinor < claimed.amountMinor
      ? ceiling
      : claimed;
  const set = breachCosts.find((each) => each.kind === kind && isFor(each, subject.facts, subject));
  if (set) return "fixed" in set.cost ? set.cost.fixed : limit && shareOf(limit, set.cost.share);
  if (source.from !== "tenant" && costly.includes(onExpiry)) return limit;
  return limit && shareOf(limit, 0);
}

/**
 * What a case is expected to cost at `now`: the largest cost of its running clocks, each by the share of its time that has
 * passed. That share stands for how likely it is to be missed: a clock just begun rarely is, one at its end usually is.
 * The largest and not the sum, because one claim is paid once. Undefined when no clock runs that costs anything known.
 */
export function expectedLossOf(subject: Case, now: Instant, costs: Costs): Money | undefined {
  const losses = subject.deadlines
    .filter(({ status, kind }) => status === "running" && isMerchants(kind))
    .map((clock) => {
      const cost = breachCostOf(subject, clock, costs);
      return cost && shareOf(cost, passed(clock, now));
    })
    .filter((loss) => loss !== undefined);
  return losses.sort((a, b) => worthOf(b, costs) - worthOf(a, costs))[0];
}

/** Cases by expected loss, the largest first; equal ones, and those that cost nothing known, by their nearest end. */
export function byLoss(cases: readonly Case[], now: Instant, costs: Costs): Case[] {
  const worth = new Map(cases.map((each) => [each, worthOf(expectedLossOf(each, now, costs), costs)]));
  return byTime(cases).sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
}

/** Cases by the nearest end of a running clock of the merchant's; those without one last. */
export function byTime(cases: readonly Case[]): Case[] {
  const end = ({ deadlines }: Case) =>
    deadlines
      .filter(({ status, kind }) => status === "running" && isMerchants(kind))
      .map(({ dueAt }) => dueAt)
      .sort()[0] ?? "9";
  return [...cases].sort((a, b) => (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0));
}

function passed({ startedAt, dueAt }: Deadline, now: Instant): number {
  const whole = msBetween(startedAt, dueAt);
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, msBetween(startedAt, now) / whole));
}

function shareOf({ amountMinor, currency }: Money, share: number): Money {
  return { amountMinor: Math.round(amountMinor * share), currency };
}

/** In units of the tenant's own, so that currencies can be compared. */
export function worthOf(money: Money | undefined, { worth }: Costs): number {
  return money ? (money.amountMinor / 10 ** exponentOf(money.currency)) * (worth[money.currency] ?? 1) : 0;
}
