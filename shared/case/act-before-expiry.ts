import { actPolicy } from "./act-policy.ts";
import { type Case, channelVersionOf, stateOf } from "./case.ts";
import type { ClockRules } from "./clock-rules.ts";
import type { Action, CommandArgs } from "./command.ts";
import { plan } from "./commands.ts";
import type { Deadline } from "./deadline.ts";
import type { Instant } from "./instant.ts";
import { mayActFor } from "./keep-time.ts";
import type { News } from "./news.ts";
import { isPaused } from "./pause.ts";
import { reasonOf } from "./reason.ts";
import { chooseAddress } from "./return-address.ts";
import type { Shop } from "./shop.ts";
import type { ActRule } from "./tenant-rules.ts";

/** Between tries while the channel cannot be read. */
const tryAgainMs = 5 * 60_000;

/** What the moment before the end is like. */
export interface Moment {
  now: Instant;
  clockRules: ClockRules;
  /** Whether the case has just been read from the channel. Nothing is done on facts that may be old. */
  isFresh: boolean;
  shop: Pick<Shop, "mode" | "addresses">;
  /** The page of the channel's console where a person handles this case. */
  link?: string | undefined;
  /** What an action cannot do without, as the channel has it. */
  needs: (action: Action) => readonly (keyof CommandArgs)[];
}

type Acted = Partial<Pick<Case, "commands">> & { deadlines: Deadline[]; decision?: Case["decision"]; news: News[] };
type Answer = { next: Case } | { why: string } | "later" | "nothing";

/**
 * Answers for a clock that is about to run out, if the tenant has a rule for it and everything still holds: the case was
 * just read, the shop is in mode auto, the clock runs and does not stand still, and the case allows the command. Where
 * something stands in the way a person is told, once. `current` holds clocks brought up to date at `now`.
 */
export function actBeforeExpiry(current: Case, moment: Moment): Acted {
  const { now, clockRules } = moment;
  const clock = current.deadlines.find((each) => each.act && mustAct(each, now));
  const rule = clockRules.rules.acts.find(({ id }) => id === clock?.act?.rule);
  if (!clock?.act || !rule) return { deadlines: current.deadlines, news: [] };
  const { kind, dueAt, act } = clock;
  const replaced = (next: Deadline["act"]) =>
    current.deadlines.map((each) => (each === clock ? { ...each, act: next } : each));
  const done = replaced({ ...act, done: true });
  const escalated = (why: string): News[] => [
    { name: "deadline.escalated", at: now, data: { kind, dueAt, rule: rule.id, why } },
  ];

  const answer = answerFor(clock, rule, current, moment);
  if (answer === "nothing") return { deadlines: done, news: [] };
  if (answer === "later") {
    const at = new Date(Math.min(Date.parse(now) + tryAgainMs, Date.parse(dueAt))).toISOString();
    const why = "the channel could not be read; it is tried again until the end";
    return { deadlines: replaced({ ...act, at, told: true }), news: act.told ? [] : escalated(why) };
  }
  if ("why" in answer) return { deadlines: done, news: escalated(answer.why) };
  const why = `${kind} ends at ${dueAt} (${clock.onExpiry}); rule ${rule.id} answers before`;
  const decision: NonNullable<Case["decision"]> = {
    action: rule.answer,
    rule: `act_before_expiry:${rule.id}`,
    policyVersion: clockRules.version,
    onVersion: channelVersionOf(current),
    at: now,
    shadow: false,
  };
  const { action, rule: name, policyVersion, shadow } = decision;
  const made: News = { name: "decision.made", at: now, data: { action, rule: name, policyVersion, shadow, why } };
  return { deadlines: done, commands: answer.next.commands, decision, news: [made, ...answer.next.news] };
}

function mustAct({ act, status, dueAt }: Deadline, now: Instant): boolean {
  return act !== undefined && !act.done && act.at <= now && status === "running" && now < dueAt;
}

function answerFor(clock: Deadline, rule: ActRule, current: Case, moment: Moment): Answer {
  const { now, clockRules, isFresh, shop, needs } = moment;
  const { channel, facts } = current;
  if (shop.mode !== "auto") return { why: `the shop is in mode ${shop.mode}` };
  if (!isFresh || isPaused(clockRules.rules.pauses, { channel, kind: clock.kind }, now)) return "later";
  if (!mayActFor(rule, clock, facts, current)) return { why: "the case has changed, and the rule is not for it" };
  const obstacle = obstacleIn(current);
  if (obstacle) return { why: obstacle };
  const args: CommandArgs = {};
  for (const name of needs(rule.answer)) {
    const address = name === "addressId" ? chooseAddress(shop.addresses) : undefined;
    if (!address) return { why: `${rule.answer} needs ${name}, which only a person can give` };
    args.addressId = address.addressId;
  }
  const wish = { action: rule.answer, args, askedBy: actPolicy, mode: shop.mode, now };
  const planned = plan(current, { ...wish, decidedOnVersion: channelVersionOf(current) });
  if (planned.ok) return { next: planned.next };
  // Somebody has asked for it already; its end is told with the command.
  return planned.reason === "already_asked" ? "nothing" : { why: `the case does not allow it: ${planned.reason}` };
}

/** What makes a case one for people. */
function obstacleIn(current: Case): string | undefined {
  const { type, dispute, flags, reason } = current.facts;
  if (!type.known || stateOf(current) === "unknown") return "the channel's status or type is not known";
  if (!dispute.status.known || !["none", "withdrawn"].includes(dispute.status.value)) return "there is a dispute";
  if (flags.some((flag) => ["needs_review", "not_actionable", "deadline_unreadable"].includes(flag))) {
    return `the case is marked: ${flags.join(", ")}`;
  }
  return reasonOf(reason.code).review ? "the reason needs a person" : undefined;
}
