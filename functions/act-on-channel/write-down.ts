import type { Connector } from "#connectors/contract.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import type { Case } from "#shared/case/case.ts";
import { type Command, factsOf, type HeldBecause, isOpen } from "#shared/case/command.ts";
import { hold, joined, openTask, settle } from "#shared/case/commands.ts";
import { type CaseId, partsOf, type TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { dueAtOf } from "#shared/case/tasks.ts";
import type { Clock } from "#shared/clock.ts";
import { noticeMessage, timerMessage } from "#shared/lanes.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import type { Cases } from "#shared/store/index.ts";

/** Which command of which case. */
export interface Order {
  tenantId: TenantId;
  caseId: CaseId;
  commandId: string;
}

export interface WriteDownDeps {
  cases: Cases;
  clock: Clock;
  /** Notices for the intake, and timers for the deadlines queue. */
  enqueue: (messages: readonly Message[]) => Promise<void>;
  setTimer: (messages: readonly Message[]) => Promise<void>;
}

/** SQS delays no message longer; what waits longer is found by the sweep. */
const longestTimerMs = 900_000;

/** Lets the command wait on the case. The timer is only quicker than the sweep, which finds the case by itself. */
export async function wait(
  order: Order,
  { because, waitMs }: { because: HeldBecause; waitMs: number },
  deps: WriteDownDeps,
): Promise<void> {
  const { channel } = partsOf(order.caseId);
  count("CommandHeld", 1, { channel });
  const until = instant(new Date(deps.clock.now().getTime() + Math.max(1000, waitMs)));
  await change(order, deps, (fresh, now) => hold(fresh, order.commandId, { until, because, now }));
  if (waitMs <= longestTimerMs) await deps.setTimer([timerMessage(order, waitMs / 1000 + 1)]);
}

/** Has the case read soon, to learn what became of an unclear write. */
export async function lookAgain(order: Order, deps: Pick<WriteDownDeps, "setTimer">): Promise<void> {
  await deps.setTimer([timerMessage(order, 6)]);
}

/** What the API does not offer becomes a task for a person; it is done when the channel shows the effect. */
export async function handOver(
  order: Order,
  { what, problem }: { what: string; problem: string },
  connector: Connector,
  deps: WriteDownDeps,
): Promise<void> {
  await change(order, deps, (fresh, now) => {
    const command = find(fresh, order);
    const ended = command && settle(fresh, order.commandId, { as: "refused", problem: `manual: ${problem}`, now });
    if (!command || !ended) return undefined;
    const text = command.args.note ?? command.args.trackingNo;
    const task = {
      taskId: `do_${command.action}`,
      what,
      openedAt: now,
      dueAt: dueAtOf(fresh),
      link: connector.consoleLink?.(fresh),
      ...(text && { text }),
      doneWhen: [...factsOf(command.action).shownBy],
    };
    const opened = openTask(ended, task, now);
    return opened ? joined(ended, opened) : ended;
  });
}

/** Ends the command, or leaves it unclear. `held` is the case as the caller has just saved or read it. */
export async function end(
  order: Order,
  ending: { as: "confirmed" | "refused" | "unclear" | "expired"; problem?: string },
  deps: WriteDownDeps,
  held?: Case,
): Promise<void> {
  await change(order, deps, (fresh, now) => settle(fresh, order.commandId, { ...ending, now }), held);
}

/** Has the case read again by the intake, where a decision is then made anew. */
export async function again({ caseId, commandId }: Order, deps: WriteDownDeps): Promise<void> {
  const notice = rereadNotice(partsOf(caseId), `${commandId} ${instant(deps.clock.now())}`);
  await deps.enqueue([noticeMessage(notice)]);
}

export function change(
  { tenantId, caseId }: Order,
  { cases, clock }: Pick<WriteDownDeps, "cases" | "clock">,
  decide: (fresh: Case, now: Instant) => Case | undefined,
  held?: Case,
): Promise<{ saved: boolean; current: Case }> {
  return cases.change(tenantId, caseId, (fresh) => decide(fresh, instant(clock.now())), held);
}

/** The command as the case holds it, while it is open. */
export function find(subject: Case | undefined, { commandId }: Order): Command | undefined {
  return subject?.commands.find((each) => each.commandId === commandId && isOpen(each));
}
