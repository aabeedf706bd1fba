import type { Case } from "#shared/case/case.ts";
import { type CaseId, caseIdOf, partsOf, type TenantId } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { type CaseObservation, caseObservationSchema } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";
import { readDeadlines } from "#shared/case/readable-deadlines.ts";
import { partsAddUp } from "#shared/case/reconcile.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { Cases, References } from "#shared/store/index.ts";
import type { Known } from "../contract.ts";
import { type AddTasks, tasksOf } from "./add-tasks.ts";
import type { ClockRulesOf } from "./remembered-rules.ts";
import type { Session } from "./session.ts";

export interface ObserveDeps {
  cases: Cases;
  /** For channels that tell of an order without naming its cases; without it such news find nothing. */
  references?: Pick<References, "find">;
  clockRulesOf: ClockRulesOf;
  clock: Clock;
  /** A case that the caller has just read, so that it is not read once more. What others saved since is found by the save. */
  held?: Case;
}

/**
 * Reads from the channel what the notice points at and saves it: the one way a fact gets into a case. Safe to repeat.
 * Returns the cases as they are now. Nothing is returned for a subject that the channel does not know.
 * @throws SuiteError whatever the channel's call throws; `payload_invalid`; `case_not_found` (retryable: a part of a case
 * that has not arrived); `case_changed` (retryable).
 */
export async function observeCases(notice: Notice, session: Session, deps: ObserveDeps): Promise<Case[]> {
  const { shop, connector } = session;
  const observations = await readObservations(notice, session, deps);
  // One after the other: several facets of one case must not race each other.
  const saved: Case[] = [];
  let { held } = deps;
  for (const observation of observations) {
    const about = { opens: notice.opens, tenantId: shop.tenantId, addTasks: tasksOf(connector) };
    const subject = await saveObservation(observation, about, { ...deps, ...(held && { held }) });
    if (subject.caseId === held?.caseId) held = subject;
    saved.push(subject);
  }
  return saved;
}

/** What the channel states about the notice's subject now, without saving it. @throws as `observeCases` */
export async function readObservations(
  notice: Notice,
  session: Session,
  deps: ObserveDeps,
): Promise<CaseObservation[]> {
  const { connector, shop } = session;
  const { fetch } = connector;
  const known = knownOf(shop, deps);
  const raws = fetch ? await session.call((world) => fetch(notice, world, known)) : [{ payload: notice.payload }];
  const observedAt = deps.clock.now();
  const observations = raws.map((raw) =>
    translate(() => connector.normalize(raw, { shopId: shop.shopId, observedAt })),
  );
  const pinned = session.pinnedVersion;
  for (const { facts, channelCaseId } of observations) {
    const answered = facts.raw?.apiVersion;
    if (pinned === undefined || answered === undefined || answered === pinned) continue;
    count("ApiVersionDiffers", 1, { channel: shop.channel });
    log.warn("the channel answers in another API version", { channelCaseId, shopId: shop.shopId, pinned, answered });
  }
  return observations;
}

function knownOf({ tenantId, channel, shopId }: Session["shop"], deps: ObserveDeps): Known {
  const { references } = deps;
  return {
    held: (channelCaseId) => heldCase(tenantId, caseIdOf(channel, shopId, channelCaseId), deps),
    ofReference: async (reference) => {
      const found = (await references?.find(tenantId, reference)) ?? [];
      // A tenant may sell on several channels, whose order numbers may be alike.
      const own = found.map(partsOf).filter((parts) => parts.channel === channel && parts.shopId === shopId);
      return own.map(({ channelCaseId }) => channelCaseId);
    },
  };
}

async function heldCase(tenantId: TenantId, caseId: CaseId, { cases, held }: ObserveDeps): Promise<Case | undefined> {
  return held?.caseId === caseId && held.tenantId === tenantId ? held : cases.get(tenantId, caseId);
}

/** What a connector gives must fit the model, whatever the channel sent. */
function translate(normalize: () => CaseObservation): CaseObservation {
  try {
    const observation = normalize();
    // A time that cannot be read is set aside, so that it does not take the case with it.
    const facts = readDeadlines(observation.facts, observation.facts.openedAt);
    return caseObservationSchema.parse({ ...observation, facts });
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw new SuiteError("payload_invalid", "the channel's case does not fit our model", {
      details: { issue: cause instanceof Error ? cause.message.slice(0, 300) : undefined },
      cause,
    });
  }
}

/**
 * Merges one observation into its case, or opens it. Safe to repeat.
 * @throws SuiteError `case_not_found`, `case_changed` (both retryable)
 */
export async function saveObservation(
  observation: CaseObservation,
  { opens, tenantId, addTasks }: { opens: boolean; tenantId: Case["tenantId"]; addTasks?: AddTasks },
  deps: ObserveDeps,
): Promise<Case> {
  const { cases, clockRulesOf } = deps;
  const { channel, shopId, channelCaseId } = observation;
  const clockRules = await clockRulesOf(tenantId);
  const caseId = caseIdOf(channel, shopId, channelCaseId);
  // A case that is said to be new is written without looking: one request in the usual case, and one when it was not new.
  let current = opens ? undefined : await heldCase(tenantId, caseId, deps);
  for (let attempt = 0; attempt < 5; attempt++) {
    const observed = observe(current, observation, tenantId, { clockRules });
    if (observed.kind === "early") {
      if (current === undefined && opens) {
        current = await cases.get(tenantId, caseId);
        if (current) continue;
      }
      throw new SuiteError("case_not_found", "a part of a case came before the case", { details: { caseId } });
    }
    if (observed.kind === "same" || observed.kind === "stale") {
      count("ObservationRepeated", 1, { channel });
      return current as Case;
    }
    const next = addTasks ? addTasks(observed.next, observation.observedAt) : observed.next;
    if (observed.kind === "opened") {
      const created = await cases.create(next);
      if (created.created) return told(next);
      current = created.current;
      continue;
    }
    try {
      await cases.save(next);
      return told(next);
    } catch (fault) {
      if (!(fault instanceof SuiteError) || fault.code !== "case_changed") throw fault;
      current = await cases.get(tenantId, caseId);
    }
  }
  throw new SuiteError("case_changed", "the case changed faster than we could save", { details: { caseId } });
}

function told(saved: Case): Case {
  const { channel } = saved;
  count(saved.revision === 1 ? "CaseOpened" : "CaseChanged", 1, { channel });
  if (!saved.facts.state.known || !saved.facts.type.known) count("UnknownStatus", 1, { channel });
  if (saved.facts.unreadableDeadlines?.length)
    count("DeadlineUnreadable", saved.facts.unreadableDeadlines.length, { channel });
  if (saved.unexpectedMove) count("UnexpectedMove", 1, { channel });
  if (!partsAddUp(saved.facts.money)) {
    count("RefundUnbalanced", 1, { channel });
    log.warn("the parts of a refund do not add up to it", { caseId: saved.caseId });
  }
  return saved;
}
