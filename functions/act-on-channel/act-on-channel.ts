import type { ChannelAction } from "#connectors/contract.ts";
import { type ObserveDeps, observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type Session, type SessionDeps } from "#connectors/session/session.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import { type Command, factsOf } from "#shared/case/command.ts";
import { accept, markSent } from "#shared/case/commands.ts";
import { type Stop, wanted } from "#shared/case/gates.ts";
import { partsOf } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { stopOf } from "#shared/case/interlock.ts";
import { sentenceOf } from "#shared/case/refused.ts";
import { dayOf, limitsOf, type WriteLimits } from "#shared/case/write-limits.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { timerMessage } from "#shared/lanes.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { Counters, Limits, Spending } from "#shared/store/index.ts";
import { type FileDeps, type Held, heldFiles } from "./held-files.ts";
import { isProvenByAcceptance, type Outcome, readAfter, sendOnce } from "./send-once.ts";
import { again, change, end, find, handOver, lookAgain, type Order, type WriteDownDeps, wait } from "./write-down.ts";

export interface Deps extends SessionDeps, ObserveDeps, WriteDownDeps, FileDeps {
  limits: Limits;
  counters: Counters;
  /** From 0 to 1, to spread repeats. */
  random: () => number;
  /** An id that no other worker has. */
  newId: () => string;
}

const parkedForMs = 6 * 3_600_000;

/**
 * Asks the channel to do what a command says: the only writer to channels, one call at a time per shop. Reads the case
 * first, passes the interlock on what was just read, takes a turn, marks the command as sent, and only then calls. A write
 * is sent once: when nobody can know whether it was carried out, the command is `unclear` until a reading shows it. What
 * has to wait is kept on the case with its time, so that the shop's queue goes on. Safe to repeat.
 * @throws SuiteError `case_changed`, `store_unavailable` and other retryable ones of our own; never after the call.
 */
export async function actOnChannel(order: Order, deps: Deps): Promise<void> {
  const stored = await deps.cases.get(order.tenantId, order.caseId);
  if (!stored || !find(stored, order)) return;
  const opened = await openAndRead(stored, order, deps);
  const command = opened && find(opened.current, order);
  if (!opened || !command) return;
  const { session, current, readAt } = opened;
  if (command.status === "sent") return leftBehind(order, command, deps);
  if (command.status !== "planned") return;
  if (command.heldBecause && command.attendAt && command.attendAt > instant(deps.clock.now())) return;

  const limits = limitsOf(await deps.limits.get(order.tenantId), session.shop);
  const action = session.connector.actions?.[command.action];
  const offer = await offerOf(action, current, command, session);
  const spending = spendingOf(current, command, limits, deps);
  const stop = stopOf(current, intentOf(command), {
    sending: { now: instant(deps.clock.now()), readAt },
    ...{ mode: session.shop.mode, limits, addresses: session.shop.addresses.map(({ addressId }) => addressId) },
    channel: { offered: offer.offered, needs: action?.needs ?? [], wholeClaimOnly: action?.wholeClaimOnly ?? false },
    ...(spending && { today: await deps.counters.today(spending) }),
  });
  if (stop) return stopped(stop, order, offer.offered ? "" : offer.task, session, deps);
  if (!action) return;
  const held = await heldFiles(command.args, action, current, deps);
  if (!held.ok) return withoutFile(held, order, deps);

  const turn = await deps.counters.turn(session.shop, deps.clock.now(), limits);
  if ("waitMs" in turn) return wait(order, { because: "pace", waitMs: turn.waitMs }, deps);
  if (spending && !(await deps.counters.spend(spending, limits))) {
    return stopped({ refused: "daily_cap_reached" }, order, "", session, deps);
  }
  const claim = deps.newId();
  const mark = (fresh: Case, now: Instant) =>
    // Something was saved since we read: let the check be made again on that.
    channelVersionOf(fresh) === channelVersionOf(current) ? markSent(fresh, order.commandId, now, claim) : undefined;
  const { saved, current: marked } = await change(order, deps, mark, current);
  const marker = find(marked, order);
  if (!saved || marker?.status !== "sent" || marker.claim !== claim) {
    // Taken by another worker: what was charged is charged for that one.
    if (spending && marker?.status === "planned") await deps.counters.giveBack(spending);
    throw new SuiteError("case_changed", "the case was saved by another while the write was made ready");
  }
  const outcome = await sendOnce({ action, subject: marked, command: marker, files: held.files }, session, deps);
  if (spending && outcome.is !== "accepted" && outcome.is !== "unclear") await deps.counters.giveBack(spending);
  if (outcome.is === "waiting" && outcome.because === "rate_limited") {
    const until = new Date(deps.clock.now().getTime() + outcome.waitMs);
    await deps.counters.slowDown(session.shop, until, limits);
  }
  await record(outcome, { order, action, command: marker, subject: marked, session, deps });
}

/** The case as the channel shows it now. Undefined when the shop is parked or the channel does not answer: then it waits. */
async function openAndRead(held: Case, order: Order, deps: Deps) {
  try {
    const session = await openSession({ ...partsOf(order.caseId), tenantId: order.tenantId }, deps);
    const read = await observeCases(rereadNotice(held, order.commandId), session, { ...deps, held });
    const current = read.find(({ caseId }) => caseId === order.caseId);
    return current && { session, current, readAt: instant(deps.clock.now()) };
  } catch (fault) {
    if (isSuiteError(fault, "credentials_rejected")) {
      await wait(order, { because: "parked", waitMs: parkedForMs }, deps);
      return undefined;
    }
    if (!isSuiteError(fault, "rate_limited") && !isSuiteError(fault, "channel_unavailable")) throw fault;
    const asked = Number(fault.details.retryAfterMs ?? 0);
    const waitMs = asked + 5_000 + Math.ceil(deps.random() * 10_000);
    await wait(order, { because: fault.code as "rate_limited" | "channel_unavailable", waitMs }, deps);
    return undefined;
  }
}

function intentOf(command: Command) {
  const { action, args, askedBy, commandId: self, decidedOnVersion, saw, approvedBy } = command;
  return { action, args, askedBy, self, decidedOnVersion, ...(saw && { saw }), ...(approvedBy && { approvedBy }) };
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

/** What a refund is charged to its day; undefined for what moves no money. */
function spendingOf(current: Case, command: Command, limits: WriteLimits, { clock }: Deps): Spending | undefined {
  const amount = factsOf(command.action).movesMoney ? wanted(current, command.args) : undefined;
  const { tenantId, channel, shopId, caseId } = current;
  const day = dayOf(command.sentAt ?? instant(clock.now()), limits, channel);
  return amount && { shop: { tenantId, channel, shopId }, day, amount, spentBy: `${caseId} ${command.commandId}` };
}

async function stopped(stop: Stop, order: Order, task: string, session: Session, deps: Deps): Promise<void> {
  if ("waitUntil" in stop) {
    const waitMs = Date.parse(stop.waitUntil) - deps.clock.now().getTime();
    return wait(order, { because: "quiet_hours", waitMs }, deps);
  }
  const { channel } = session.shop;
  count("CommandObjected", 1, { channel });
  log.info("command not sent", { caseId: order.caseId, commandId: order.commandId, reason: stop.refused });
  const { refused } = stop;
  const what = { not_offered: task, daily_cap_reached: sentenceOf("daily_cap_reached") }[String(refused)];
  if (what !== undefined) return handOver(order, { what, problem: refused }, session.connector, deps);
  await end(order, { as: "expired", problem: refused }, deps);
}

/** Evidence that cannot be handed on. Final: the sentence says what to give in its place. */
async function withoutFile(
  { refused, evidenceId }: Extract<Held, { ok: false }>,
  order: Order,
  deps: Deps,
): Promise<void> {
  count("CommandObjected", 1, { channel: partsOf(order.caseId).channel });
  log.info("command not sent", { caseId: order.caseId, commandId: order.commandId, reason: refused, evidenceId });
  await end(order, { as: "refused", problem: `${refused}: ${sentenceOf(refused)} (${evidenceId})` }, deps);
}

interface Written {
  order: Order;
  action: ChannelAction<unknown, unknown>;
  command: Command;
  subject: Case;
  session: Session;
  deps: Deps;
}

/** Writes down what became of the call. Everything after it must go through, or the next delivery finds it `sent`. */
async function record(outcome: Outcome, about: Written): Promise<void> {
  const { order, action, command, subject, session, deps } = about;
  switch (outcome.is) {
    case "accepted":
      if (isProvenByAcceptance(command) || action.showsElsewhere?.(subject))
        return end(order, { as: "confirmed" }, deps, subject);
      await change(
        order,
        deps,
        (fresh, now) => accept(fresh, order.commandId, { now, reference: outcome.reference }),
        await readAfter(subject, command, session, deps),
      );
      return;
    case "refused":
      if (outcome.manual !== undefined) {
        return handOver(order, { what: outcome.manual, problem: outcome.problem }, session.connector, deps);
      }
      return end(order, { as: "refused", problem: outcome.problem }, deps, subject);
    case "expired":
      await end(order, { as: "expired", problem: outcome.problem }, deps, subject);
      return again(order, deps);
    case "waiting":
      return wait(order, outcome, deps);
    case "unclear":
      await end(order, { as: "unclear", problem: outcome.problem }, deps, subject);
      return lookAgain(order, deps);
  }
}

/** A worker died between marking and the answer: nobody knows whether the call left. The reading just made did not show it. */
async function leftBehind(order: Order, { sentAt }: Command, deps: Deps): Promise<void> {
  // A queue may deliver twice at once: the other one may be at work this very moment.
  const isYoung = sentAt !== undefined && deps.clock.now().getTime() - Date.parse(sentAt) < 60_000;
  if (isYoung) return deps.setTimer([timerMessage(order, 120)]);
  await end(order, { as: "unclear", problem: "the worker ended before the answer came" }, deps);
  await lookAgain(order, deps);
}
