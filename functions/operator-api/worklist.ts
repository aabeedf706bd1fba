import type { WorklistQuery, WorklistRow } from "#shared/api/forms.ts";
import { isProblem } from "#shared/api/problem.ts";
import { type Case, stateOf } from "#shared/case/case.ts";
import { type Deadline, isMerchants } from "#shared/case/deadline.ts";
import { expectedLossOf, worthOf } from "#shared/case/expected-loss.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { defaultRules, type TenantRules } from "#shared/case/tenant-rules.ts";
import { cursorOf, type Place, placeOf } from "./cursor.ts";
import type { Operator } from "./operator.ts";
import type { Deps, Work } from "./works.ts";

/** How many cases one call reads at most: a page may then be short, and says so with its cursor. */
const lookedAtMost = 1_000;

export const listWorklist: Work<"list_worklist"> = async ({ operator, query }, deps) => {
  const { waitingOn, limit, cursor } = query;
  const place = cursor === undefined ? undefined : placeOf(cursor, query);
  if (place && isProblem(place)) return place;
  const after = place?.by === "deadline" ? place : undefined;
  const pageSize = query.by === "loss" ? undefined : Math.max(limit, 10);
  const row = await rowsFor(operator, deps);

  const fitting: Case[] = [];
  let looked = 0;
  for await (const each of deps.store.cases.worklistFrom(operator.tenantId, waitingOn, { after, pageSize })) {
    looked += 1;
    if (fits(each.subject, query)) fitting.push(each.subject);
    if (query.by === "deadline" && (fitting.length === limit || looked === lookedAtMost)) {
      return { cases: fitting.map(row.of), next: cursorOf({ by: "deadline", ...each.place }, query) };
    }
    if (looked === lookedAtMost) break;
  }
  return query.by === "loss" ? byLoss(fitting, { query, place, row }) : { cases: fitting.map(row.of) };
};

type Rows = Awaited<ReturnType<typeof rowsFor>>;

/**
 * The most to lose first. The index knows only times, so this order is made of the most urgent cases, anew per page, as
 * of the moment of the first one: what is expected to be lost grows by the minute.
 */
function byLoss(
  found: readonly Case[],
  { query, place, row }: { query: WorklistQuery; place: Place | undefined; row: Rows },
) {
  const from = place?.by === "loss" ? place : undefined;
  const asOf = from?.asOf ?? row.now;
  const sorted = found
    .map((subject) => ({ subject, caseId: subject.caseId, loss: row.lossAt(subject, asOf) }))
    .sort(byLossThenId);
  const start = from ? sorted.findIndex((each) => byLossThenId(from, each) < 0) : 0;
  const page = start < 0 ? [] : sorted.slice(start, start + query.limit);
  const last = page.at(-1);
  const more = last && last !== sorted.at(-1);
  const next = more ? cursorOf({ by: "loss", asOf, loss: last.loss, caseId: last.caseId }, query) : undefined;
  return { cases: page.map(({ subject }) => row.of(subject)), ...(next && { next }) };
}

function byLossThenId(a: { loss: number; caseId: string }, b: { loss: number; caseId: string }): number {
  return b.loss - a.loss || (a.caseId < b.caseId ? -1 : Number(a.caseId > b.caseId));
}

function fits(subject: Case, { channel, shopId, state }: WorklistQuery): boolean {
  return (
    (channel === undefined || subject.channel === channel) &&
    (shopId === undefined || subject.shopId === shopId) &&
    (state === undefined || stateOf(subject) === state)
  );
}

/** Makes lines of cases, with what the tenant's rules say a missed clock costs. */
export async function rowsFor({ tenantId }: Operator, { store, clock }: Deps) {
  const rules = (await store.rules.get(tenantId))?.rules ?? defaultRules;
  const now = instant(clock.now());
  return {
    now,
    of: (subject: Case) => rowOf(subject, now, rules),
    /** In units of the tenant's own, so that currencies can be compared. */
    lossAt: (subject: Case, at: Instant) => worthOf(expectedLossOf(subject, at, rules), rules),
  };
}

function rowOf(subject: Case, now: Instant, rules: TenantRules): WorklistRow {
  const { caseId, channel, shopId, facts, tasks, commands } = subject;
  const clock = nearestClock(subject);
  return {
    ...{ caseId, channel, shopId },
    groupKey: facts.groupKey,
    type: facts.type.known ? facts.type.value : "unknown",
    state: stateOf(subject),
    waitingOn: facts.waitingOn,
    deadline: clock && { kind: clock.kind, dueAt: clock.dueAt, onExpiry: clock.onExpiry },
    claimed: facts.money.claimed,
    expectedLoss: expectedLossOf(subject, now, rules),
    flags: facts.flags,
    tasks: tasks.length,
    proposed: commands.filter(({ status }) => status === "proposed").map(({ commandId }) => commandId),
    openedAt: facts.openedAt,
  };
}

/** The merchant's nearest clock that still runs. */
function nearestClock({ deadlines }: Case): Deadline | undefined {
  return deadlines
    .filter(({ kind, status }) => status === "running" && isMerchants(kind))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0];
}
