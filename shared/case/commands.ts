import { type Case, channelVersionOf, stateOf } from "./case.ts";
import { type Action, type Command, type CommandArgs, factsOf, isByPerson } from "./command.ts";
import { factsHash } from "./fingerprint.ts";
import { type ChannelTakes, needsTwo } from "./gates.ts";
import type { Instant } from "./instant.ts";
import { objection } from "./interlock.ts";
import { later } from "./later.ts";
import type { Money } from "./money.ts";
import type { Refused } from "./refused.ts";
import { replace, revise, trim } from "./revise.ts";
import type { ShopMode } from "./shop.ts";
import type { WriteLimits } from "./write-limits.ts";

export { accept, hold, markSent, settle } from "./command-life.ts";
export { objection } from "./interlock.ts";
export type { Refused } from "./refused.ts";
export { joined, revise } from "./revise.ts";
export { settleByFacts } from "./settle-by-facts.ts";
export { openTask } from "./tasks.ts";

export type Planned = { ok: true; next: Case; command: Command } | { ok: false; reason: Refused };

/** The stream brings a planned command to its writer within seconds; after this its message is taken for lost. */
export const lostAfterMs = 10 * 60_000;

export interface Wish {
  action: Action;
  args: CommandArgs;
  /** `policy:<rule>` or `person:<id>`. */
  askedBy: string;
  mode: ShopMode;
  /** The channel version the decision was made on; refused if the case has changed since. */
  decidedOnVersion: number;
  now: Instant;
  policyVersion?: string;
  /** What the whole request of the buyer claims, where the channel keeps it in parts and all are answered together. */
  together?: Money;
  /** What the shop's limits, addresses and channel say, where they have been looked up. All is checked before sending. */
  limits?: WriteLimits;
  addresses?: readonly string[];
  channel?: ChannelTakes;
}

/**
 * Puts a command on the case, if the case allows it. It waits as `proposed` while people must agree: one to what a rule
 * wants in mode `assist`, two to an amount above the tenant's limit or to a part of the claim.
 */
export function plan(current: Case, wish: Wish): Planned {
  const { action, args, askedBy, mode, decidedOnVersion, now, policyVersion, limits, addresses, channel } = wish;
  const saw = sawOf(current);
  const intent = { action, args, askedBy, decidedOnVersion, saw };
  const reason = objection(current, intent, { mode, limits, addresses, channel });
  if (reason) return { ok: false, reason };
  const byPerson = isByPerson({ askedBy });
  const approvalsNeeded = limits && needsTwoFor(current, wish, limits) ? 2 : byPerson || mode === "assist" ? 1 : 0;
  const approvedBy = byPerson ? [askedBy] : [];
  const isReady = approvedBy.length >= approvalsNeeded;
  const command: Command = {
    commandId: `${action}-${current.revision + 1}`,
    ...{ action, args, askedBy, plannedAt: now, decidedOnVersion, saw, approvedBy, approvalsNeeded },
    status: isReady ? "planned" : "proposed",
    ...(policyVersion && { policyVersion }),
    factsHash: factsHash(current.facts),
    ...(isReady && { attendAt: later(now, lostAfterMs) }),
  };
  const { commandId } = command;
  const name = isReady ? "command.planned" : "command.proposed";
  const commands = trim([...current.commands, command]);
  const next = revise(current, now, { commands }, [{ name, at: now, data: { commandId, action, askedBy, args } }]);
  return { ok: true, command, next };
}

function sawOf(current: Case): NonNullable<Command["saw"]> {
  const { shipped, money } = current.facts;
  return {
    state: stateOf(current),
    ...(shipped !== undefined && { shipped }),
    ...(money.claimed && { claimed: money.claimed }),
  };
}

function needsTwoFor(current: Case, { action, args, together }: Wish, limits: WriteLimits): boolean {
  if (!factsOf(action).movesMoney) return false;
  // A limit is not passed by paying the request in its parts.
  const most = together && limits.twoPeopleAboveMinor[together.currency];
  return (
    needsTwo(current, { action, args }, limits) ||
    (together !== undefined && most !== undefined && together.amountMinor > most)
  );
}

/**
 * A person's yes to a proposed command, on the very version it was proposed on. Planned once enough different people have
 * agreed; until then it stays proposed.
 */
export function approve(current: Case, commandId: string, person: string, now: Instant): Planned {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "proposed");
  if (!command) return { ok: false, reason: "not_proposed" };
  if (command.decidedOnVersion !== channelVersionOf(current)) return { ok: false, reason: "approval_stale" };
  const { action, args, approvedBy = [], approvalsNeeded = 1 } = command;
  if (approvedBy.includes(person)) return { ok: false, reason: "approved_by_same_person" };
  const people = [...approvedBy, person];
  if (people.length < approvalsNeeded) {
    const next: Command = { ...command, approvedBy: people };
    const data = { commandId, action, askedBy: command.askedBy, approvedBy: person };
    return {
      ok: true,
      command: next,
      next: replace(current, next, [{ name: "command.approved", at: now, data }], now),
    };
  }
  const next: Command = {
    ...command,
    status: "planned",
    // One person's yes makes a rule's proposal that person's own; of two, the one who asked stays.
    ...(approvalsNeeded < 2 && { askedBy: person }),
    approvedBy: people,
    attendAt: later(now, lostAfterMs),
  };
  const data = { commandId, action, askedBy: next.askedBy, args };
  return { ok: true, command: next, next: replace(current, next, [{ name: "command.planned", at: now, data }], now) };
}

/** A person takes back what has not been sent yet. */
export function cancel(current: Case, commandId: string, person: string, now: Instant): Planned {
  const command = current.commands.find(
    (each) => each.commandId === commandId && ["proposed", "planned"].includes(each.status),
  );
  if (!command) return { ok: false, reason: "not_cancellable" };
  const problem = `cancelled by ${person}`;
  const { attendAt: _, heldBecause: __, ...rest } = command;
  const next: Command = { ...rest, status: "expired", settledAt: now, problem };
  const { action, askedBy } = command;
  const data = { commandId, action, askedBy, problem };
  return { ok: true, command: next, next: replace(current, next, [{ name: "command.expired", at: now, data }], now) };
}

/**
 * A person sends again what nobody could tell the outcome of, having been shown what the case holds (`seenFactsHash`).
 * It stays the same command, so that a channel with idempotency keys sees the same key and pays once at most.
 */
export function resend(current: Case, { commandId, seenFactsHash, person, now, mode }: ResendWish): Planned {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "unclear");
  if (!command) return { ok: false, reason: "not_unclear" };
  if (!command.readAt || (command.sentAt && command.readAt <= command.sentAt)) {
    return { ok: false, reason: "not_read_since" };
  }
  if (seenFactsHash !== factsHash(current.facts)) return { ok: false, reason: "evidence_stale" };
  const { action, args, approvedBy = [] } = command;
  const decidedOnVersion = channelVersionOf(current);
  const reason = objection(current, { action, args, askedBy: person, decidedOnVersion, self: commandId }, { mode });
  if (reason) return { ok: false, reason };
  const { problem: _, settledAt: __, settleBy: ___, ...rest } = command;
  const next: Command = {
    ...rest,
    status: "planned",
    askedBy: person,
    approvedBy: [...new Set([...approvedBy, person])].slice(-4),
    ...{ decidedOnVersion, factsHash: seenFactsHash, saw: sawOf(current) },
    wakes: (command.wakes ?? 0) + 1,
    attendAt: later(now, lostAfterMs),
  };
  const data = { commandId, action, askedBy: person, attempt: next.wakes ?? 1, why: "a person sends it again" };
  return { ok: true, command: next, next: replace(current, next, [{ name: "command.retried", at: now, data }], now) };
}

interface ResendWish {
  commandId: string;
  /** The hash of the facts that the person was shown. */
  seenFactsHash: string;
  person: string;
  now: Instant;
  mode: ShopMode;
}
