import { type Case, channelVersionOf, stateOf, type Task } from "./case.ts";
import { endedWithClock } from "./clock-tasks.ts";
import { type Command, factsOf, isOpen } from "./command.ts";
import { type Ending, ended, ending } from "./command-life.ts";
import type { Instant } from "./instant.ts";
import type { News } from "./news.ts";
import { trim } from "./revise.ts";
import { type HeldState, isFinal } from "./states.ts";

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
    const problem =
      as === "expired" ? whyExpired(next, command) : as === "refused" ? whyRefused(next, command) : undefined;
    news.push(ending(command, as, problem, now));
    return ended(command, next, { as, problem, now });
  });
  const open = new Set(commands.filter(isOpen).map(({ commandId }) => commandId));
  const done = next.tasks.filter((task) => endedWithClock(task, next.deadlines) || isDone(task, state, open));
  for (const { taskId } of done) news.push({ name: "task.done", at: now, data: { taskId } });
  const tasks = next.tasks.filter((task) => !done.includes(task));
  return { ...next, commands: trim(commands), tasks, news: [...next.news, ...news] };
}

function isDone(
  { doneWhen, onlyByPerson, settles, clock }: Task,
  state: HeldState,
  open: ReadonlySet<string>,
): boolean {
  if (onlyByPerson || clock !== undefined) return false;
  if (settles !== undefined && !open.has(settles)) return true;
  return isFinal(state) || doneWhen.includes(state);
}

function endingByFacts(current: Case, command: Command): Ending | undefined {
  if (!isOpen(command)) return undefined;
  const state = stateOf(current);
  if (state === "unknown") return undefined;
  const wasSent = command.status === "sent" || command.status === "unclear";
  if (!wasSent) return whyExpired(current, command) ? "expired" : undefined;
  if (isShown(current, command)) return "confirmed";
  if (whyRefused(current, command) !== undefined) return "refused";
  // Sent, not shown, and the case has gone where it can no longer be shown: the channel went another way.
  return isFinal(state) && !factsOf(command.action).from.includes(state) ? "refused" : undefined;
}

/**
 * Why a command that has not been sent can no longer be: its state has been left, or the channel has changed the case. It
 * ends with the very news of that, so that whoever hears of it can decide anew.
 */
function whyExpired(current: Case, { action, decidedOnVersion }: Command): string | undefined {
  const state = stateOf(current);
  const { from, movesMoney } = factsOf(action);
  const isPaying = movesMoney && state === "refunding" && current.facts.money.status !== "failed";
  if (isPaying || !from.some((each) => each === state)) return `the case is ${state}`;
  return decidedOnVersion === channelVersionOf(current) ? undefined : "version_moved";
}

const paymentFailed = "the channel reports that the payment failed";

/** Why the channel did not carry out what it had taken; undefined where it does not say so. */
function whyRefused(current: Case, command: Command): string | undefined {
  const { refusedAnswer } = current.facts;
  if (refusedAnswer && refusedAnswer.reference === command.channelReference) return refusedAnswer.reason;
  return hasFailed(current, command) ? paymentFailed : undefined;
}

/** Whether the channel says of this very payment that it failed: one that failed before it was sent was another. */
function hasFailed({ facts: { money } }: Pick<Case, "facts">, { action, sentAt }: Command): boolean {
  if (!factsOf(action).movesMoney || money.status !== "failed" || !money.failedAt || !sentAt) return false;
  return money.failedAt >= sentAt;
}

/** Whether the channel shows the effect of a sent command. */
export function isShown(current: Pick<Case, "facts">, command: Command): boolean {
  const state = stateOf(current);
  const { shownBy, movesMoney } = factsOf(command.action);
  const { money, goods, dispute } = current.facts;
  if (movesMoney) {
    if (command.action === "agree_refund_if_delivery_refused" && money.agreedIfDeliveryRefused) return true;
    const moves = ["moving", "paid"].includes(money.status) || state === "refunded";
    // A failed refund that is paid again starts from `refunding`, so that state proves nothing by itself.
    return moves || (command.saw?.state !== "refunding" && shownBy.some((each) => each === state));
  }
  if (command.action === "provide_address") return goods.addressProvided === true;
  if (command.action === "submit_evidence") return dispute.status.known && dispute.status.value === "under_review";
  return shownBy.some((each) => each === state);
}
