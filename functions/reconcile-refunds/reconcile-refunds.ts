import { tasksOf } from "#connectors/session/add-tasks.ts";
import { type ObserveDeps, readObservations, saveObservation } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type Session, type SessionDeps } from "#connectors/session/session.ts";
import type { CaseId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { wholeCase } from "#shared/case/observation.ts";
import { mismatchOf, partsAddUp, recordMismatch } from "#shared/case/reconcile.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { refundDayOf } from "#shared/refund-days.ts";
import { renewal } from "#shared/renewal.ts";
import type { FeedId, Feeds, References, TakenFeed } from "#shared/store/index.ts";
import { type RedactDeps, redactEnded } from "./redact-ended.ts";

export interface Deps extends SessionDeps, ObserveDeps, RedactDeps {
  feeds: Feeds;
  references: References;
}

/** How many days back: money takes up to a week to arrive, and longer to be taken back. */
const daysBack = 10;
const dayMs = 86_400_000;
const leaseMs = 6 * 60_000;
/** One turn reads so many cases, and the rest has the next turn at once: the shop's quota is needed for other things. */
const casesPerTurn = 150;

/**
 * Compares, once a night and shop, the money we hold with the channel's: every case on which money moved in the last days
 * is read again. What differs is told, counted and put right by the reading itself. Before that, what may lead
 * to a person no longer is erased, and the shop's grant gets its own turns. A turn that fails goes on where it
 * was, later. Safe to repeat, and never two at a time for one shop.
 */
export async function reconcileRefunds(id: FeedId, deps: Deps): Promise<void> {
  if (id.tenantId === undefined) throw new SuiteError("misconfigured", "refunds are reconciled by shop");
  const taken = await deps.feeds.take(id, deps.clock.now(), leaseMs);
  if (!taken) return;
  const now = deps.clock.now();
  try {
    const shop = { ...id, tenantId: id.tenantId };
    // Shops that were connected before grants were looked after have no such turn yet.
    await deps.feeds.startOfShop({ ...shop, feed: renewal }, instant(now));
    if (!(await redactEnded(shop, deps))) {
      await deps.feeds.keep(taken, taken.bookmark ?? {}, now);
      return;
    }
    const session = await openSession(id, deps);
    const rest = await turn(taken, session, deps);
    if (rest) await deps.feeds.keep(taken, rest, now);
    else await deps.feeds.keep(taken, {}, new Date(now.getTime() + dayMs));
  } catch (fault) {
    const { channel, shopId } = id;
    log.warn("reconciliation put off", { channel, shopId, ...faultFields(fault) });
    await deps.feeds.fail(taken, new Date(now.getTime() + 15 * 60_000));
  }
}

/** Reads on from the bookmark. Returns where the next turn begins; undefined when all is done. */
async function turn(taken: TakenFeed, session: Session, deps: Deps) {
  const { channel, shopId } = session.shop;
  const today = deps.clock.now().getTime();
  let left = casesPerTurn;
  const from = typeof taken.bookmark?.day === "number" ? taken.bookmark.day : daysBack;
  let after = typeof taken.bookmark?.after === "string" ? taken.bookmark.after : "";
  for (let day = from; day >= 0; day--) {
    const reference = refundDayOf({ channel, shopId }, instant(new Date(today - day * dayMs)));
    const ids = await deps.references.find(session.shop.tenantId, reference);
    for (const caseId of ids.filter((each) => each > after)) {
      if (left-- === 0) return { day, after };
      await compare(caseId, session, deps);
      after = caseId;
    }
    after = "";
  }
  return undefined;
}

async function compare(caseId: CaseId, session: Session, deps: Deps): Promise<void> {
  const { tenantId, channel } = session.shop;
  const held = await deps.cases.get(tenantId, caseId);
  if (!held) return;
  const now = instant(deps.clock.now());
  const observations = await readObservations(rereadNotice(held, `reconciled ${now}`), session, deps);
  for (const observation of observations) {
    if (observation.channelCaseId !== held.channelCaseId || observation.facet !== wholeCase) continue;
    const { money } = observation.facts;
    if (money && !partsAddUp(money)) {
      count("RefundUnbalanced", 1, { channel });
      log.warn("the parts of a refund do not add up to it", { caseId });
    }
    const mismatch = mismatchOf(held, observation.facts, now);
    // Told before it is put right: else nobody would hear of it if we died in between.
    if (mismatch) {
      await deps.cases.change(tenantId, caseId, (current) => {
        const still = mismatchOf(current, observation.facts, now);
        return still && recordMismatch(current, still, now);
      });
    }
  }
  for (const observation of observations) {
    try {
      await saveObservation(observation, { opens: false, tenantId, addTasks: tasksOf(session.connector) }, deps);
    } catch (fault) {
      if (!isSuiteError(fault, "case_not_found")) throw fault; // a case of the same parcel that has not arrived
    }
  }
}
