import type { Case } from "./case.ts";
import { type Action, type Command, factsOf, type HeldBecause, isOpen } from "./command.ts";
import type { Instant } from "./instant.ts";
import { earlier, later } from "./later.ts";
import type { News } from "./news.ts";
import { replace } from "./revise.ts";
import { dueAtOf } from "./tasks.ts";

export type Ending = "confirmed" | "refused" | "unclear" | "expired";

/** A worker lives for a minute at most; one that has not told the outcome by then has died. */
export const deadAfterMs = 2 * 60_000;
/** What a channel took shows in seconds on most, in minutes on some; and after so long nobody can rely on it. */
const shownAfterMs = 60_000;
export const overdueAfterMs = 60 * 60_000;
/** When the case is read after an unclear answer, counted from it; then once an hour for as long as it is open. */
export const rereadAfterMs = [5_000, 20_000, 60_000, 300_000, 900_000] as const;
/** A person takes over after this, or ten minutes before the nearest clock, whichever comes first. */
const settleWithinMs = 30 * 60_000;
const leaveForPersonMs = 10 * 60_000;

/**
 * Marks the command as on its way, before the call: a second worker or a second delivery then finds it taken. `claim` is
 * the marking worker's own; who finds another after saving has lost.
 */
export function markSent(current: Case, commandId: string, now: Instant, claim?: string): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "planned");
  if (!command) return undefined;
  const { heldBecause: _, ...rest } = command;
  const sent: Command = {
    ...rest,
    status: "sent",
    sentAt: now,
    ...(claim !== undefined && { claim }),
    tries: (command.tries ?? 0) + 1,
    attendAt: later(now, deadAfterMs),
  };
  const { action, askedBy } = command;
  return replace(current, sent, [{ name: "command.sent", at: now, data: { commandId, action, askedBy } }], now);
}

/** The channel took it, and does not show it yet: the case is read on until it does. Undefined when it has ended. */
export function accept(
  current: Case,
  commandId: string,
  { now, reference }: { now: Instant; reference?: string | undefined },
): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "sent");
  if (!command || command.acceptedAt) return undefined;
  const named = reference === undefined ? {} : { channelReference: reference };
  return replace(current, { ...command, ...named, acceptedAt: now, attendAt: later(now, shownAfterMs) }, [], now);
}

/**
 * Lets a command wait as `planned` until an instant, because it certainly was not carried out: the channel said so, or it
 * was not sent. Undefined when the command is neither planned nor sent.
 */
export function hold(
  current: Case,
  commandId: string,
  { until, because, now }: { until: Instant; because: HeldBecause; now: Instant },
): Case | undefined {
  const command = current.commands.find(
    (each) => each.commandId === commandId && ["planned", "sent"].includes(each.status),
  );
  if (!command) return undefined;
  const { sentAt: _, acceptedAt: __, ...rest } = command;
  return replace(current, { ...rest, status: "planned", attendAt: until, heldBecause: because }, [], now);
}

/** Ends a command, or leaves it `unclear` until the case has been read. Undefined when it has ended already. */
export function settle(
  current: Case,
  commandId: string,
  { as, problem, now }: { as: Ending; problem?: string; now: Instant },
): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && isOpen(each));
  if (!command || command.status === as) return undefined;
  return replace(current, ended(command, current, { as, problem, now }), [ending(command, as, problem, now)], now);
}

/** The command as it stands after its ending. */
export function ended(
  command: Command,
  subject: Pick<Case, "deadlines">,
  { as, problem, now }: { as: Ending; problem?: string | undefined; now: Instant },
): Command {
  const { attendAt: _, heldBecause: __, ...rest } = command;
  const told = problem ? { problem } : {};
  if (as !== "unclear") return { ...rest, ...told, status: as, settledAt: now };
  const dueAt = dueAtOf(subject);
  const beforeClock = dueAt && later(dueAt, -leaveForPersonMs);
  const settleBy =
    beforeClock && beforeClock > now ? earlier(beforeClock, later(now, settleWithinMs)) : later(now, settleWithinMs);
  return { ...rest, ...told, status: as, settleBy, attendAt: later(now, rereadAfterMs[0]) };
}

export function ending(command: Command, as: Ending, problem: string | undefined, at: Instant): News {
  const { commandId, action, askedBy } = command;
  const data = { commandId, action, askedBy };
  if (as === "confirmed") return { name: "command.confirmed", at, data };
  return { name: `command.${as}`, at, data: { ...data, problem: problem ?? "the case went another way" } };
}

/**
 * Coming twice, these would reach the buyer twice, ask for more time twice, be read by a bank that reads once, cancel what
 * was cancelled, which counts against the seller, or be charged twice by a carrier.
 */
const onceOnly: readonly Action[] = [
  ...(["message_buyer", "extend_time", "submit_evidence", "cancel_order", "intercept_parcel"] as const),
];

/** Whether the same command may be sent again without a person's word after nobody knows what became of it. */
export function mayRepeat({ action }: Pick<Command, "action">): boolean {
  return !factsOf(action).movesMoney && !onceOnly.includes(action);
}
