import type { ClockSetting } from "./clock-rules.ts";
import type { Deadline } from "./deadline.ts";
import { isFor } from "./derive-clocks.ts";
import type { Facts } from "./observation.ts";
import { outOf, windowsOf } from "./pause.ts";
import { rungDueAt, type Step, stepsOf, usualRungs } from "./rung.ts";
import type { ActRule } from "./tenant-rules.ts";

/** Puts a clock's rungs, and the rule that may answer for it, at their instants: none of them inside a pause. */
export function keepTime(
  { ladder: _, act: before, ...clock }: Deadline,
  facts: Facts,
  setting: ClockSetting,
): Deadline {
  const { rules } = setting.clockRules;
  const windows = windowsOf(rules.pauses, { channel: setting.channel, kind: clock.kind });
  const outside = (at: string) => {
    const free = new Date(outOf(Date.parse(at), windows)).toISOString();
    return free < clock.dueAt ? free : clock.dueAt;
  };
  const wanted = clock.source.from === "tenant" ? rules.ladder.own : (rules.ladder.platform ?? usualRungs);
  const isUsual = wanted === usualRungs && windows.length === 0;
  const ladder = isUsual ? undefined : stepsOf(clock, wanted).map(({ rung, at }): Step => ({ rung, at: outside(at) }));
  const kept = ladder ? { ...clock, ladder } : clock;
  const rule = rules.acts.find((each) => mayActFor(each, clock, facts, setting));
  if (!rule) return kept;

  const at = outside(rungDueAt(clock, rule.at));
  // A rule that has tried for this due time goes on from its next try.
  const act =
    before?.rule === rule.id ? { ...before, at: before.at > at ? before.at : at } : { rule: rule.id, at, done: false };
  return { ...kept, act };
}

/**
 * Whether a tenant's rule may answer before this clock runs out. Never for a clock of the merchant's own, for an estimate,
 * or where nobody knows what the platform does at the end.
 */
export function mayActFor(
  rule: ActRule,
  { kind, source, onExpiry }: Pick<Deadline, "kind" | "source" | "onExpiry">,
  facts: Facts,
  place: { channel: string },
): boolean {
  const isCertain = source.from === "channel" || (source.from === "policy" && source.confidence !== "C");
  if (rule.kind !== kind || !isCertain || onExpiry === "unknown" || !isFor(rule, facts, place)) return false;
  const group = facts.reason.code.split(".")[0] ?? "";
  if (rule.reasonGroups && !rule.reasonGroups.includes(group)) return false;
  const { claimed } = facts.money;
  return !rule.upTo || (claimed?.currency === rule.upTo.currency && claimed.amountMinor <= rule.upTo.amountMinor);
}
