import { stillStands } from "./act-policy.ts";
import { type Case, channelVersionOf, stateOf } from "./case.ts";
import { ceilingOf } from "./ceiling.ts";
import { type Action, type Command, type CommandArgs, factsOf, isByPerson, isOpen } from "./command.ts";
import { isMerchants } from "./deadline.ts";
import { type Instant, msBetween } from "./instant.ts";
import type { Money } from "./money.ts";
import type { Refused } from "./refused.ts";
import { sameValue } from "./same-value.ts";
import type { ShopMode } from "./shop.ts";
import { quietUntil, type WriteLimits } from "./write-limits.ts";

/** What is wanted, and what the decision was made on. */
export interface Intent extends Pick<Command, "saw" | "approvedBy"> {
  action: Action;
  args: CommandArgs;
  askedBy?: string;
  /** The command itself, when it is already on the case. */
  self?: string;
  decidedOnVersion?: number;
}

/** What a gate may know beyond the case. What is absent has not been looked at, as when a command is only planned. */
export interface Around {
  /** Present when the command is about to be sent. */
  sending?: { now: Instant; readAt: Instant | undefined };
  mode?: ShopMode;
  limits?: WriteLimits;
  /** Ids of the shop's return addresses, as the channel last gave them. */
  addresses?: readonly string[];
  /** What the channel says of this action on this case. */
  channel?: ChannelTakes;
  /** Refunds the shop has sent today, in the currency of this one. */
  today?: { refunds: number; amountMinor: number };
}

export interface ChannelTakes {
  offered: boolean;
  needs: readonly (keyof CommandArgs)[];
  /** The channel pays what the buyer claims and takes no amount. */
  wholeClaimOnly: boolean;
}

/** Stops a command for good, or until an instant. */
export type Stop = { refused: Refused } | { waitUntil: Instant };
export type Gate = (subject: Case, intent: Intent, around: Around) => Stop | undefined;

const stop = (refused: Refused): Stop => ({ refused });
/** Reading and writing happen in one run of one worker, which ends long before. */
const freshForMs = 120_000;

/** Each gate looks at one thing. The order in which they are asked, and for which command, stands in interlock.ts. */
export const gates = {
  shop_may_write: (_, __, { mode }) => (mode === "observe" ? stop("shop_observes_only") : undefined),

  read_freshly(_, __, { sending }) {
    if (!sending) return undefined;
    const { now, readAt } = sending;
    return readAt && msBetween(readAt, now) <= freshForMs ? undefined : stop("not_read_freshly");
  },

  same_version(subject, { decidedOnVersion, saw }) {
    const { claimed } = subject.facts.money;
    // Versions that count seconds stay the same when the buyer edits at once; what is claimed does not.
    const isSameClaim = !saw || sameValue(saw.claimed, claimed);
    const isSame = decidedOnVersion === undefined || decidedOnVersion === channelVersionOf(subject);
    return isSame && isSameClaim ? undefined : stop("version_moved");
  },

  state_known: (subject) =>
    stateOf(subject) === "unknown" || !subject.facts.type.known ? stop("state_unknown") : undefined,

  state_allows(subject, { action }) {
    const state = stateOf(subject);
    return state !== "unknown" && factsOf(action).from.includes(state) ? undefined : stop("not_allowed_from_state");
  },

  clock_still_stands: (subject, { askedBy = "" }, { sending }) =>
    sending && !stillStands(subject, { askedBy }, sending.now) ? stop("deadline_moved") : undefined,

  asked_once: (subject, { action, self }) =>
    others(subject, self).some((each) => each.action === action) ? stop("already_asked") : undefined,

  one_payment_at_a_time: (subject, { self }) =>
    others(subject, self).some((each) => factsOf(each.action).movesMoney) ? stop("already_asked") : undefined,

  channel_offers: (_, __, { channel }) => (channel && !channel.offered ? stop("not_offered") : undefined),

  arguments_given: (_, { args }, { channel }) =>
    channel?.needs.some((name) => args[name] === undefined) ? stop("argument_missing") : undefined,

  address_known: (_, { args }, { addresses }) =>
    args.addressId !== undefined && addresses && !addresses.includes(args.addressId)
      ? stop("address_unknown")
      : undefined,

  not_disputed({ facts }) {
    const { status } = facts.dispute;
    const isOver = status.known && !["negotiating", "evidence_due", "under_review"].includes(status.value);
    return isOver ? undefined : stop("disputed");
  },

  not_paid_already({ facts }) {
    const { status, executedBy, settled } = facts.money;
    if (facts.paidOutside || ["moving", "paid"].includes(status)) return stop("already_paid");
    // A robot's payment, or one the channel advanced, may stand in the facts before its status moves.
    const isByOthers = executedBy !== undefined && executedBy !== "merchant";
    const isSettled = settled !== undefined && settled.amountMinor > 0;
    return status !== "failed" && (isByOthers || isSettled) ? stop("already_paid") : undefined;
  },

  failed_before_again: (subject) =>
    stateOf(subject) === "refunding" && subject.facts.money.status !== "failed" ? stop("refund_not_failed") : undefined,

  amount_in_order(subject, { args }) {
    const amount = wanted(subject, args);
    const { claimed, ceiling } = subject.facts.money;
    const isRight = amount && Number.isSafeInteger(amount.amountMinor) && amount.amountMinor > 0;
    const isOneCurrency = [claimed, ceiling].every((each) => !each || each.currency === amount?.currency);
    return isRight && isOneCurrency && (claimed || ceiling) ? undefined : stop("amount_missing_or_wrong");
  },

  amount_within_ceiling(subject, { action, args }) {
    if (factsOf(action).paysOrder) return undefined;
    const amount = wanted(subject, args);
    const limit = ceilingOf(subject.facts);
    return amount && limit && amount.amountMinor > limit.amountMinor ? stop("amount_above_ceiling") : undefined;
  },

  whole_or_partial(subject, { args, askedBy = "" }, { channel }) {
    if (!isPartial(subject, args)) return undefined;
    if (channel?.wholeClaimOnly) return stop("partial_not_taken");
    const counted = subject.facts.inspection && ceilingOf(subject.facts)?.amountMinor === args.amount?.amountMinor;
    return isByPerson({ askedBy }) || counted ? undefined : stop("partial_not_by_rule");
  },

  not_shipped_meanwhile({ facts }, { saw, askedBy = "" }) {
    if (!facts.type.known || facts.type.value !== "refund_only" || facts.shipped === false) return undefined;
    // Decided while it was not shipped: for anybody. Else a person may pay for what has left; a rule may not.
    return saw?.shipped === false || !isByPerson({ askedBy }) ? stop("shipped_meanwhile") : undefined;
  },

  within_daily_cap(subject, { args }, { limits, today }) {
    const amount = wanted(subject, args);
    if (!limits || !today || !amount) return undefined;
    const most = limits.dailyAmountMinor[amount.currency];
    const isOver = most !== undefined && today.amountMinor + amount.amountMinor > most;
    return isOver || today.refunds + 1 > limits.dailyRefunds ? stop("daily_cap_reached") : undefined;
  },

  approved_by_two(subject, { action, args, approvedBy = [] }, { limits, sending }) {
    if (!limits || !sending || !needsTwo(subject, { action, args }, limits)) return undefined;
    return new Set(approvedBy).size >= 2 ? undefined : stop("second_approval_missing");
  },

  outside_quiet_hours(subject, { askedBy = "" }, { limits, sending }) {
    if (!limits || !sending || isByPerson({ askedBy })) return undefined;
    const until = quietUntil(sending.now, limits, subject.channel);
    if (!until) return undefined;
    const presses = subject.deadlines.some(
      ({ kind, status, dueAt }) =>
        status === "running" &&
        isMerchants(kind) &&
        msBetween(sending.now, dueAt) <= limits.quietUnlessDueWithinMinutes * 60_000,
    );
    return presses ? undefined : { waitUntil: until };
  },
} as const satisfies Record<string, Gate>;

export type GateName = keyof typeof gates;

/** What is to be paid: what was asked for, else the buyer's claim. */
export function wanted({ facts }: Case, { amount }: CommandArgs): Money | undefined {
  return amount ?? facts.money.claimed;
}

/** Whether two people must agree: above the tenant's amount, for a part of the claim, or for more than it. */
export function needsTwo(
  subject: Case,
  { action, args }: { action: Action; args: CommandArgs },
  limits: WriteLimits,
): boolean {
  const amount = wanted(subject, args);
  const most = ceilingOf(subject.facts);
  if (factsOf(action).paysOrder && !(amount && most && amount.amountMinor <= most.amountMinor)) return true;
  const above = amount && limits.twoPeopleAboveMinor[amount.currency];
  if (amount && above !== undefined && amount.amountMinor > above) return true;
  return limits.partialNeedsTwoPeople && isPartial(subject, args);
}

function isPartial({ facts }: Case, { amount }: CommandArgs): boolean {
  const { claimed } = facts.money;
  return amount !== undefined && claimed !== undefined && amount.amountMinor < claimed.amountMinor;
}

function others(subject: Case, self: string | undefined): Command[] {
  return subject.commands.filter((each) => isOpen(each) && each.commandId !== self);
}
