import { type Case, channelVersionOf, type Task } from "./case.ts";
import { type Command, isOpen } from "./command.ts";
import { ended, ending, mayRepeat, overdueAfterMs, rereadAfterMs } from "./command-life.ts";
import { lostAfterMs } from "./commands.ts";
import { type Instant, msBetween } from "./instant.ts";
import { earlier, later } from "./later.ts";
import type { News } from "./news.ts";
import { joined, replace } from "./revise.ts";
import { dueAtOf, openTask } from "./tasks.ts";

const hourMs = 3_600_000;
/** A write that does no harm twice is sent so often in all before a person is asked. */
export const mostTries = 5;

interface Look {
  now: Instant;
  /** When the case was read from the channel just before; absent when it could not be. */
  readAt?: Instant | undefined;
  /** A page where a person can see what became of the write. */
  link?: string | undefined;
}

/**
 * Looks after the commands of a case that are due for it: calls again for a planned one whose message was lost or whose
 * wait is over, takes a sent one whose worker died for unclear, and settles an unclear one by what was just read. What
 * moves money is never planned again here: if no reading shows its effect in time, a person is asked. Undefined when
 * nothing is due. Safe to repeat.
 */
export function attend(current: Case, look: Look): Case | undefined {
  const due = current.commands.filter(
    (each) => isOpen(each) && each.attendAt !== undefined && each.attendAt <= look.now,
  );
  return due.reduce<Case | undefined>((before, command) => {
    const next = attendOne(before ?? current, command, look);
    return before && next ? joined(before, next) : (next ?? before);
  }, undefined);
}

/** Calls for the commands that waited for their shop to be connected again. Undefined when there are none. */
export function resumeParked(current: Case, now: Instant): Case | undefined {
  const isParked = ({ status, heldBecause }: Command) => status === "planned" && heldBecause === "parked";
  if (!current.commands.some(isParked)) return undefined;
  const commands = current.commands.map((each) => (isParked(each) ? { ...each, attendAt: now } : each));
  return attend({ ...current, commands }, { now });
}

function attendOne(current: Case, command: Command, look: Look): Case | undefined {
  const { now } = look;
  if (command.status === "planned") return wake(current, command, command.heldBecause ?? "its message was lost", now);
  if (command.status === "sent") {
    const { acceptedAt } = command;
    if (acceptedAt && msBetween(acceptedAt, now) < overdueAfterMs) {
      return replace(current, { ...command, attendAt: later(now, 5 * 60_000) }, [], now);
    }
    const problem = acceptedAt
      ? "the channel took it an hour ago and does not show it"
      : "the worker ended before the answer came";
    const told = ending(command, "unclear", problem, now);
    return replace(current, ended(command, current, { as: "unclear", problem, now }), [told], now);
  }
  return command.status === "unclear" ? settleUnclear(current, command, look) : undefined;
}

/** Has the command sent: the stream brings this to the queue of the shop's writer. */
function wake(current: Case, command: Command, why: string, now: Instant): Case {
  const wakes = (command.wakes ?? 0) + 1;
  const { commandId, action, askedBy } = command;
  // Each time longer, so that a queue that is merely long is not made longer.
  const attendAt = later(now, Math.min(lostAfterMs * 2 ** Math.min(wakes - 1, 4), 6 * hourMs));
  const news: News = { name: "command.retried", at: now, data: { commandId, action, askedBy, attempt: wakes, why } };
  const { heldBecause: _, ...rest } = command;
  return replace(current, { ...rest, wakes, attendAt }, [news], now);
}

/** The effect is not shown, or the command would not be unclear any more. */
function settleUnclear(current: Case, command: Command, { now, readAt, link }: Look): Case {
  const isRead = readAt !== undefined && command.sentAt !== undefined && readAt > command.sentAt;
  const next: Command = { ...command, ...(isRead && { readAt }), attendAt: nextReading(command, now) };
  const mayGoAgain = mayRepeat(command) && (command.tries ?? 1) < mostTries;
  if (isRead && mayGoAgain) {
    const { settleBy: _, problem: __, ...rest } = next;
    const again: Command = { ...rest, status: "planned", decidedOnVersion: channelVersionOf(current) };
    return wake(current, again, "the channel does not show it", now);
  }
  const looked = replace(current, next, [], now);
  const isLate = command.settleBy !== undefined && command.settleBy <= now;
  const opened = isLate ? openTask(looked, taskFor(current, command, { now, link }), now) : undefined;
  return opened ? joined(looked, opened) : looked;
}

function taskFor(current: Case, { commandId, action }: Command, { now, link }: Pick<Look, "now" | "link">): Task {
  return {
    taskId: `settle_${commandId}`.slice(0, 64),
    what:
      `The answer to ${action} was lost and the channel does not show that it was carried out. ` +
      "Look at the case in the channel's console; then send it again, or leave it.",
    openedAt: now,
    dueAt: dueAtOf(current),
    ...(link && { link }),
    doneWhen: [],
    settles: commandId,
  };
}

/** Sooner after the write and then once an hour, and at the latest when a person must take over. */
function nextReading({ sentAt, settleBy }: Command, now: Instant): Instant {
  const sinceSent = sentAt === undefined ? 0 : msBetween(sentAt, now);
  const next = rereadAfterMs.find((ms) => ms > sinceSent);
  const at = later(now, next === undefined ? hourMs : next - sinceSent);
  return settleBy !== undefined && settleBy > now ? earlier(at, settleBy) : at;
}
