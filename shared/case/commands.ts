import { type Case, channelVersionOf, stateOf, type Task } from "./case.ts";
import { type Action, type Command, type CommandArgs, factsOf, isOpen } from "./command.ts";
import type { Instant } from "./instant.ts";
import type { News } from "./news.ts";
import type { ShopMode } from "./shop.ts";
import { isFinal } from "./states.ts";

/** Settled commands a case keeps for the person who looks; the timeline keeps all. */
const keptCommands = 20;

/** Why a command may not be given. Each has a sentence in docs/glossary.md. */
export type Refused =
  | "state_unknown"
  | "not_allowed_from_state"
  | "disputed"
  | "amount_missing_or_wrong"
  | "amount_above_ceiling"
  | "already_asked"
  | "already_paid"
  | "shop_observes_only"
  | "version_moved";

export type Planned = { ok: true; next: Case; command: Command } | { ok: false; reason: Refused };

interface Wish {
  action: Action;
  args: CommandArgs;
  askedBy: string;
  mode: ShopMode;
  /** The channel version the decision was made on; refused if the case has changed since. */
  decidedOnVersion: number;
  now: Instant;
}

/** Puts a command on the case, if the case allows it. In mode `assist` it waits as `proposed` for a person's word. */
export function plan(current: Case, { action, args, askedBy, mode, decidedOnVersion, now }: Wish): Planned {
  if (mode === "observe") return { ok: false, reason: "shop_observes_only" };
  if (decidedOnVersion !== channelVersionOf(current)) return { ok: false, reason: "version_moved" };
  const reason = objection(current, { action, args });
  if (reason) return { ok: false, reason };
  const byPerson = askedBy.startsWith("person:");
  const status = mode === "assist" && !byPerson ? "proposed" : "planned";
  const commandId = `${action}-${current.revision + 1}`;
  const command: Command = { commandId, action, args, status, askedBy, plannedAt: now, decidedOnVersion };
  const name = status === "planned" ? "command.planned" : "command.proposed";
  const news: News = { name, at: now, data: { commandId, action, askedBy, args } };
  return { ok: true, command, next: revise(current, now, { commands: trim([...current.commands, command]) }, [news]) };
}

/**
 * Why this may not be asked of the channel now, or undefined. Checked when a command is planned and again, on freshly
 * read facts, right before it is sent. `self` is the command itself when it is already on the case.
 */
export function objection(
  current: Case,
  { action, args, self }: { action: Action; args: CommandArgs; self?: string },
): Refused | undefined {
  const state = stateOf(current);
  const { from, movesMoney } = factsOf(action);
  if (state === "unknown" || !current.facts.type.known) return "state_unknown";
  if (!from.includes(state)) return "not_allowed_from_state";
  const others = current.commands.filter((each) => isOpen(each) && each.commandId !== self);
  if (others.some((each) => each.action === action)) return "already_asked";
  if (!movesMoney) return undefined;
  if (others.some((each) => factsOf(each.action).movesMoney)) return "already_asked";
  const { status: dispute } = current.facts.dispute;
  if (!dispute.known || ["negotiating", "evidence_due", "under_review"].includes(dispute.value)) return "disputed";
  const { status: refund, ceiling, claimed } = current.facts.money;
  if (["moving", "paid"].includes(refund)) return "already_paid";
  const limit = ceiling ?? claimed;
  const amount = args.amount ?? claimed;
  if (!amount || !limit || amount.currency !== limit.currency || amount.amountMinor <= 0)
    return "amount_missing_or_wrong";
  return amount.amountMinor > limit.amountMinor ? "amount_above_ceiling" : undefined;
}

/** A person's yes to a proposed command. Undefined when there is none to approve. */
export function approve(current: Case, commandId: string, askedBy: string, now: Instant): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "proposed");
  if (!command) return undefined;
  const { action, args } = command;
  const news: News = { name: "command.planned", at: now, data: { commandId, action, askedBy, args } };
  return replace(current, { ...command, status: "planned", askedBy }, news, now);
}

/** Marks the command as on its way, before the call: a second worker or a second delivery then finds it taken. */
export function markSent(current: Case, commandId: string, now: Instant): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "planned");
  if (!command) return undefined;
  const { action, askedBy } = command;
  const news: News = { name: "command.sent", at: now, data: { commandId, action, askedBy } };
  return replace(current, { ...command, status: "sent", sentAt: now }, news, now);
}

/** Takes a command back to `planned` after the channel certainly did not carry it out, so that it may be sent again. */
export function unsend(current: Case, commandId: string, now: Instant): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && each.status === "sent");
  if (!command) return undefined;
  const { sentAt: _, ...rest } = command;
  return revise(current, now, { commands: swap(current.commands, { ...rest, status: "planned" }) }, []);
}

type Ending = "confirmed" | "refused" | "unclear" | "expired";

/** Ends a command, or leaves it `unclear` until the case has been read. Undefined when it has ended already. */
export function settle(
  current: Case,
  commandId: string,
  { as, problem, now }: { as: Ending; problem?: string; now: Instant },
): Case | undefined {
  const command = current.commands.find((each) => each.commandId === commandId && isOpen(each));
  if (!command || command.status === as) return undefined;
  return replace(
    current,
    { ...command, status: as, settledAt: now, ...(problem ? { problem } : {}) },
    ending(command, as, problem, now),
    now,
  );
}

/** Opens a task for a person, once per id. Undefined when it is open already. */
export function openTask(current: Case, task: Task, now: Instant): Case | undefined {
  if (current.tasks.some(({ taskId }) => taskId === task.taskId)) return undefined;
  const { taskId, what, dueAt } = task;
  return revise(current, now, { tasks: [...current.tasks, task] }, [
    { name: "task.opened", at: now, data: { taskId, what, dueAt } },
  ]);
}

/**
 * Ends what the facts of this very revision prove to be done: sent commands whose effect the channel shows, proposed or
 * planned ones whose time has passed, tasks whose state is reached. Adds its news to the revision; makes no new one.
 */
export function settleByFacts(next: Case, now: Instant): Case {
  const news: News[] = [];
  const state = stateOf(next);
  const commands = next.commands.map((command): Command => {
    const as = endingByFacts(next, command);
    if (!as) return command;
    const problem = as === "expired" ? `the case is ${state}` : undefined;
    news.push(ending(command, as, problem, now));
    return { ...command, status: as, settledAt: now, ...(problem ? { problem } : {}) };
  });
  const done = next.tasks.filter((task) => isFinal(state) || task.doneWhen.includes(state));
  for (const { taskId } of done) news.push({ name: "task.done", at: now, data: { taskId } });
  const tasks = next.tasks.filter((task) => !done.includes(task));
  return { ...next, commands: trim(commands), tasks, news: [...next.news, ...news] };
}

function endingByFacts(current: Case, command: Command): Ending | undefined {
  if (!isOpen(command)) return undefined;
  const state = stateOf(current);
  if (state === "unknown") return undefined;
  const { from, shownBy, movesMoney } = factsOf(command.action);
  const { money, goods, dispute } = current.facts;
  const shown =
    shownBy.includes(state) ||
    (movesMoney && ["moving", "paid"].includes(money.status)) ||
    (command.action === "provide_address" && goods.addressProvided === true) ||
    (command.action === "submit_evidence" && dispute.status.known && dispute.status.value === "under_review");
  const wasSent = command.status === "sent" || command.status === "unclear";
  if (wasSent && shown) return "confirmed";
  if (!wasSent && !from.includes(state)) return "expired";
  // Sent, not shown, and the case has gone where it can no longer be shown: the channel went another way.
  return wasSent && isFinal(state) && !shown ? "refused" : undefined;
}

function ending(command: Command, as: Ending, problem: string | undefined, at: Instant): News {
  const { commandId, action, askedBy } = command;
  const data = { commandId, action, askedBy };
  if (as === "confirmed") return { name: "command.confirmed", at, data };
  return { name: `command.${as}`, at, data: { ...data, problem: problem ?? "the case went another way" } };
}

function replace(current: Case, command: Command, news: News, now: Instant): Case {
  return revise(current, now, { commands: swap(current.commands, command) }, [news]);
}

function swap(commands: readonly Command[], command: Command): Command[] {
  return commands.map((each) => (each.commandId === command.commandId ? command : each));
}

function trim(commands: readonly Command[]): Command[] {
  const settled = commands.filter((each) => !isOpen(each));
  const dropped = settled.slice(0, Math.max(0, settled.length - keptCommands));
  return commands.filter((each) => !dropped.includes(each));
}

/** The next revision of a case with some parts replaced and the news that this adds. */
export function revise(
  current: Case,
  now: Instant,
  parts: Partial<Pick<Case, "commands" | "tasks" | "deadlines" | "decision">>,
  news: News[],
): Case {
  return { ...current, ...parts, revision: current.revision + 1, savedAt: now, news };
}
