import { type Case, channelVersionOf, stateOf } from "./case.ts";
import type { Action, CommandArgs } from "./command.ts";
import { revise } from "./commands.ts";
import { decideInspected } from "./inspected.ts";
import { type Instant, msBetween } from "./instant.ts";
import { reasonOf } from "./reason.ts";
import type { ShopMode } from "./shop.ts";
import type { HeldState } from "./states.ts";
import type { CaseType } from "./vocabulary.ts";

/** What a rule may ask for; refusing a buyer is for people, see docs/adr/0007. */
export type RuleAction = Exclude<Action, "refuse">;

/** A rule that may answer a case by itself. All its conditions must hold. */
export interface Rule {
  id: string;
  type: CaseType;
  state: HeldState;
  /** First level of the reason code. */
  reasonGroup: string;
  /** The case was opened at most this long after the goods were delivered. Where the channel does not say when that
   * was, its own check of the window counts: it does not offer a no-reason return outside of it. */
  withinDaysOfDelivery: number;
  answer: RuleAction;
}

/** Policy is dated, versioned data. */
export interface Policy {
  version: string;
  rules: readonly Rule[];
}

/** What a new tenant starts with: agree to a no-reason return inside the window; a person answers everything else. */
export const defaultPolicy: Policy = {
  version: "default-2026-11-25",
  rules: [
    {
      id: "no_reason_return_in_window",
      type: "return_refund",
      state: "requested",
      reasonGroup: "no_reason",
      withinDaysOfDelivery: 7,
      answer: "agree_return",
    },
  ],
};

export interface Decision {
  action: RuleAction | "ask_person";
  rule: string;
  why: string;
  args?: CommandArgs;
}

/**
 * What the policy says about a case that waits for the merchant; undefined when no answer is due. `rest` is what else the
 * buyer asked for in the same request: its parts get one first answer, so where one of them is for a person, all are.
 */
export function decide(subject: Case, policy: Policy, rest: readonly Case[] = []): Decision | undefined {
  const own = decideAlone(subject, policy);
  if (!own || own.action === "ask_person" || stateOf(subject) !== "requested") return own;
  const isOtherwise = rest
    .filter((each) => stateOf(each) === "requested")
    .map((each) => decideAlone(each, policy))
    .some((other) => other && other.action !== own.action);
  return isOtherwise ? askPerson("another part of the request is not for a rule to answer") : own;
}

function askPerson(why: string): Decision {
  return { action: "ask_person", rule: "none", why };
}

function decideAlone(subject: Case, policy: Policy): Decision | undefined {
  const isInspected = subject.facts.inspection !== undefined && stateOf(subject) === "return_in_transit";
  if ((subject.facts.waitingOn !== "merchant" && !isInspected) || subject.facts.flags.includes("not_actionable"))
    return undefined;
  const { type, reason, flags, dispute } = subject.facts;
  if (!type.known || stateOf(subject) === "unknown") return askPerson("the channel's status or type is not known");
  if (!dispute.status.known || !["none", "withdrawn"].includes(dispute.status.value))
    return askPerson("there is a dispute");
  if (flags.includes("needs_review") || reasonOf(reason.code).review) return askPerson("the case is marked for review");
  const inspected = decideInspected(subject);
  if (inspected) return inspected;
  const rule = policy.rules.find((each) => applies(each, subject, type.value));
  if (!rule) return askPerson("no rule fits");
  return { action: rule.answer, rule: rule.id, why: `rule ${rule.id} of policy ${policy.version}` };
}

function applies(rule: Rule, subject: Case, type: CaseType): boolean {
  const { reason, openedAt, deliveredAt } = subject.facts;
  const inWindow = !deliveredAt || msBetween(deliveredAt, openedAt) <= rule.withinDaysOfDelivery * 86_400_000;
  const group = reason.code.split(".")[0];
  return rule.type === type && rule.state === stateOf(subject) && rule.reasonGroup === group && inWindow;
}

/**
 * Writes the decision onto the case, once per channel version. A rule's decision is a shadow in mode `observe`: it is
 * recorded so that the merchant can see what would have been done. Undefined when there is nothing new to record.
 */
export function recordDecision(
  current: Case,
  { decision, policy, mode, now }: { decision: Decision; policy: Policy; mode: ShopMode; now: Instant },
): Case | undefined {
  const onVersion = channelVersionOf(current);
  if (current.decision?.onVersion === onVersion && current.decision.action === decision.action) return undefined;
  const { action, rule, why } = decision;
  const shadow = mode === "observe" && action !== "ask_person";
  const policyVersion = policy.version;
  return revise(current, now, { decision: { action, rule, policyVersion, onVersion, at: now, shadow } }, [
    { name: "decision.made", at: now, data: { action, rule, policyVersion, shadow, why } },
  ]);
}
