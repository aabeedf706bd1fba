import type { WorklistQuery, WorklistRow } from "#shared/api/forms.ts";
import { isProblem } from "#shared/api/problem.ts";
import { atStake, nearestClock, weightOf } from "#shared/case/at-stake.ts";
import { type Case, stateOf } from "#shared/case/case.ts";
import { cursorOf, type Place, placeOf } from "./cursor.ts";
import type { Work } from "./works.ts";

/** How many cases one call reads at most: a page may then be short, and says so with its cursor. */
const lookedAtMost = 1_000;

export const listWorklist: Work<"list_worklist"> = async ({ operator, query }, { store }) => {
  const { waitingOn, limit, cursor } = query;
  const place = cursor === undefined ? undefined : placeOf(cursor, query);
  if (place && isProblem(place)) return place;
  const after = place?.by === "deadline" ? place : undefined;
  const pageSize = query.by === "loss" ? undefined : Math.max(limit, 10);

  const fitting: Case[] = [];
  let looked = 0;
  for await (const each of store.cases.worklistFrom(operator.tenantId, waitingOn, { after, pageSize })) {
    looked += 1;
    if (fits(each.subject, query)) fitting.push(each.subject);
    if (query.by === "deadline" && (fitting.length === limit || looked === lookedAtMost)) {
      return { cases: fitting.map(rowOf), next: cursorOf({ by: "deadline", ...each.place }, query) };
    }
    if (looked === lookedAtMost) break;
  }
  return query.by === "loss" ? byLoss(fitting, query, place) : { cases: fitting.map(rowOf) };
};

/** The most at stake first. The index knows only times, so this order is made of the most urgent cases, anew per page. */
function byLoss(found: readonly Case[], query: WorklistQuery, place: Place | undefined) {
  const sorted = found
    .map((subject) => ({ subject, caseId: subject.caseId, loss: weightOf(atStake(subject)) }))
    .sort(byLossThenId);
  const start = place?.by === "loss" ? sorted.findIndex((each) => byLossThenId(place, each) < 0) : 0;
  const page = start < 0 ? [] : sorted.slice(start, start + query.limit);
  const last = page.at(-1);
  const more = last && last !== sorted.at(-1);
  const next = more ? cursorOf({ by: "loss", loss: last.loss, caseId: last.caseId }, query) : undefined;
  return { cases: page.map(({ subject }) => rowOf(subject)), ...(next && { next }) };
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

/** A case as a line of a list. */
export function rowOf(subject: Case): WorklistRow {
  const { caseId, channel, shopId, facts, tasks, commands } = subject;
  const clock = nearestClock(subject);
  return {
    ...{ caseId, channel, shopId },
    type: facts.type.known ? facts.type.value : "unknown",
    state: stateOf(subject),
    waitingOn: facts.waitingOn,
    deadline: clock && { kind: clock.kind, dueAt: clock.dueAt, onExpiry: clock.onExpiry },
    claimed: facts.money.claimed,
    atStake: atStake(subject),
    flags: facts.flags,
    tasks: tasks.length,
    proposed: commands.filter(({ status }) => status === "proposed").map(({ commandId }) => commandId),
    openedAt: facts.openedAt,
  };
}
