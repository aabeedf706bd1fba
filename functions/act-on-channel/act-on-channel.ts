import type { ChannelAction } from "#connectors/contract.ts";
import { type ObserveDeps, observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type Session, type SessionDeps } from "#connectors/session/session.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import { type Command, factsOf, isOpen } from "#shared/case/command.ts";
import { markSent, objection, openTask, settle, unsend } from "#shared/case/commands.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { partsOf } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { isSuiteError, type SuiteError } from "#shared/errors.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { faultFields, log } from "#shared/log.ts";
import type { Message } from "#shared/queue.ts";

export interface Deps extends SessionDeps, ObserveDeps {
  enqueue: (messages: readonly Message[]) => Promise<void>;
}

interface Order {
  tenantId: TenantId;
  caseId: CaseId;
  commandId: string;
}

/**
 * Asks the channel to do what a command says: the only writer to channels, one call at a time per shop. Reads the case
 * first, checks again that the command may go, marks it as sent, and only then calls. A write is sent once: when nobody
 * can know whether it was carried out, the command is `unclear` until the case shows it.
 * @throws SuiteError retryable ones only; the command is then as it was before.
 */
export async function actOnChannel(order: Order, deps: Deps): Promise<void> {
  const session = await openSession(partsOf(order.caseId), deps);
  const held = await deps.cases.get(order.tenantId, order.caseId);
  if (!find(held, order)) return;
  const [current] = await observeCases(rereadNotice(held as Case, order.commandId), session, deps);
  const command = find(current, order);
  if (!current || !command) return;
  if (command.status === "sent") return leftBehind(order, deps);
  if (command.status !== "planned") return;

  const action = session.connector.actions?.[command.action];
  const refusal = refusalOf(current, command, session);
  if (refusal) return end(order, { as: "expired", problem: refusal }, deps);
  const offer = await offerOf(action, current, command, session);
  if (!action || !offer.offered) return handOver(order, offer.offered ? "" : offer.task, session, deps);

  const { saved, current: marked } = await change(order, deps, (fresh, now) =>
    // Something was saved since we read: let the check be made again on that.
    channelVersionOf(fresh) === channelVersionOf(current) ? markSent(fresh, order.commandId, now) : undefined,
  );
  const marker = find(marked, order);
  if (!saved || !marker) return again(order, deps);
  await call({ action, subject: marked, command: marker }, order, session, deps);
}

/** Why the command must not go now: the shop's mode, the case's state, or a newer version than the decision was made on. */
function refusalOf(current: Case, command: Command, { shop }: Session): string | undefined {
  if (shop.mode === "observe") return "shop_observes_only";
  if (command.decidedOnVersion !== channelVersionOf(current)) return "version_moved";
  return objection(current, { action: command.action, args: command.args, self: command.commandId });
}

/** What the channel offers in this shop, by the shop's own switches. */
function offerOf(
  action: ChannelAction<unknown, unknown> | undefined,
  current: Case,
  { action: name, args }: Command,
  session: Session,
) {
  return session.call(
    async ({ credentials }) =>
      action?.offered(current, args, credentials) ?? {
        offered: false as const,
        task: `The channel's API has no ${name}.`,
      },
  );
}

async function call(
  write: { action: ChannelAction<unknown, unknown>; subject: Case; command: Command },
  order: Order,
  session: Session,
  deps: Deps,
): Promise<void> {
  const { action, subject, command } = write;
  const fields = { caseId: order.caseId, commandId: order.commandId };
  try {
    await session.call((world) => action.send({ subject, command }, world));
    log.info("channel accepted", fields);
  } catch (fault) {
    log.warn("channel did not accept", { ...fields, ...faultFields(fault) });
    if (!isSuiteError(fault)) throw fault;
    return afterFault(fault, command, { order, session, deps });
  }
  const { shownBy } = factsOf(command.action);
  const provenByAcceptance = shownBy.length === 0 && command.action !== "provide_address";
  if (provenByAcceptance) await end(order, { as: "confirmed" }, deps);
  // The effect is proven by reading; whatever is not visible yet comes with the channel's own news or the next sweep.
  await observeCases(rereadNotice(subject, `${order.commandId} sent`), session, deps);
}

async function afterFault(
  fault: SuiteError,
  command: Command,
  { order, session, deps }: { order: Order; session: Session; deps: Deps },
): Promise<void> {
  const problem = `${fault.code}: ${fault.message}`.slice(0, 500);
  // The channel wants a person, e.g. for a code that it sent to the seller's phone.
  if (fault.code === "channel_refused" && fault.details.manualOnly === true)
    return handOver(order, fault.message, session, deps);
  switch (fault.code) {
    case "channel_refused":
    case "transition_refused": // nothing was sent: the channel would have said no
      return end(order, { as: "refused", problem }, deps);
    case "case_changed":
      await end(order, { as: "expired", problem }, deps);
      return again(order, deps);
    case "rate_limited":
    case "channel_unavailable":
    case "credentials_rejected":
      await change(order, deps, (fresh, now) => unsend(fresh, command.commandId, now));
      throw fault;
    default:
      await end(order, { as: "unclear", problem }, deps);
      return again(order, deps);
  }
}

/** A worker died between marking and the answer: nobody knows whether the call left. The reading just made did not show it. */
async function leftBehind(order: Order, deps: Deps): Promise<void> {
  await end(order, { as: "unclear", problem: "the worker ended before the answer came" }, deps);
}

/** What the API does not offer becomes a task for a person; it is done when the channel shows the effect. */
async function handOver(order: Order, what: string, { connector }: Session, deps: Deps): Promise<void> {
  await change(order, deps, (fresh, now) => {
    const command = find(fresh, order);
    if (!command) return undefined;
    const ended = settle(fresh, order.commandId, { as: "refused", problem: "manual: not offered by the API", now });
    const base = ended ?? fresh;
    const task = {
      taskId: `do_${command.action}`,
      what,
      openedAt: now,
      dueAt: fresh.deadlines.find(({ status }) => status === "running")?.dueAt,
      link: connector.consoleLink?.(fresh),
      doneWhen: [...factsOf(command.action).shownBy],
    };
    const opened = openTask(base, task, now);
    return opened && ended ? { ...opened, revision: ended.revision, news: [...ended.news, ...opened.news] } : base;
  });
}

async function end(
  order: Order,
  ending: { as: "confirmed" | "refused" | "unclear" | "expired"; problem?: string },
  deps: Deps,
): Promise<void> {
  await change(order, deps, (fresh, now) => settle(fresh, order.commandId, { ...ending, now }));
}

/** Has the case read again by the intake, where a decision is then made anew. */
async function again({ caseId, commandId }: Order, deps: Deps): Promise<void> {
  const notice = rereadNotice(partsOf(caseId), `${commandId} ${instant(deps.clock.now())}`);
  await deps.enqueue([noticeMessage(notice)]);
}

function change(
  { tenantId, caseId }: Order,
  { cases, clock }: Deps,
  decide: (fresh: Case, now: Instant) => Case | undefined,
): Promise<{ saved: boolean; current: Case }> {
  return cases.change(tenantId, caseId, (fresh) => decide(fresh, instant(clock.now())));
}

function find(subject: Case | undefined, { commandId }: Order): Command | undefined {
  return subject?.commands.find((each) => each.commandId === commandId && isOpen(each));
}
