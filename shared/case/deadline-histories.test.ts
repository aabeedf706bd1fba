import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tenantId } from "../../test/builders/case-builder.ts";
import { historyArbitrary, playClocks, type Told } from "../../test/builders/clock-history.ts";
import { actPolicy } from "./act-policy.ts";
import { type Case, projectionOf } from "./case.ts";
import { defaultClockRules } from "./clock-rules.ts";
import { type DeadlineKind, isMerchants } from "./deadline.ts";
import type { CaseObservation } from "./observation.ts";
import { observe } from "./observe.ts";

/** Due times of clocks, from the news that began them to the news that ended them. */
interface Life {
  kind: DeadlineKind;
  dueAt: string;
  missed: number;
  endedAt: string | undefined;
}

function livesOf(told: readonly Told[]): Life[] {
  const lives: Life[] = [];
  const last = (kind: string) => lives.findLast((life) => life.kind === kind);
  for (const { news } of told) {
    const life = "kind" in news.data ? last(news.data.kind) : undefined;
    if (news.name === "deadline.set") lives.push({ ...news.data, missed: 0, endedAt: undefined });
    if (news.name === "deadline.moved") {
      if (life) life.endedAt ??= news.at;
      lives.push({ kind: news.data.kind, dueAt: news.data.to, missed: 0, endedAt: undefined });
    }
    if (life && ["deadline.met", "deadline.cancelled"].includes(news.name)) life.endedAt ??= news.at;
    if (life && news.name === "deadline.missed") {
      life.missed++;
      if (news.data.dueAt !== life.dueAt) throw new Error("missed a clock that is not the one that ran");
    }
  }
  return lives;
}

/** Other histories in every run; `npm run histories` plays ten thousand and more at once, which takes a minute. */
const histories = Number(process.env.HISTORIES ?? 2_000);

describe("over thousands of histories", () => {
  it("no rule answers amiss, every expiry is missed exactly once, and no clock runs on unnoticed", () => {
    let acts = 0;
    let expiries = 0;
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { told, last } = playClocks(history);
        for (const { news, truth } of told) {
          if (news.name !== "command.planned" || news.data.askedBy !== actPolicy) continue;
          acts++;
          // Never for a clock that was met or stands still, never on facts that may be old, never when it has moved.
          const { state, isFresh, isPaused, mode } = truth;
          expect({ state, isFresh, isPaused, mode }).toEqual({
            state: "requested",
            isFresh: true,
            isPaused: false,
            mode: "auto",
          });
          if (truth.dueAt) expect([truth.dueAt > news.at, truth.clocks]).toEqual([true, [truth.dueAt]]);
        }
        for (const { kind, dueAt, missed, endedAt } of livesOf(told)) {
          if (!isMerchants(kind)) continue;
          // What ended in no other way did so long ago, and was missed once; what ended otherwise, at most once.
          const isRight = endedAt === undefined ? missed === 1 : missed <= 1;
          if (!isRight) expect.fail(`the clock ${kind} until ${dueAt} was missed ${missed} times`);
          if (endedAt === undefined) expiries++;
        }
        expect(last.deadlines.filter(({ status }) => status === "running")).toEqual([]);
      }),
      { numRuns: histories },
    );
    expect(acts).toBeGreaterThan(histories / 9);
    expect(expiries).toBeGreaterThan(histories / 3);
  }, 600_000);

  it("the clocks of a case depend on what was observed, not on its order or on when a timer rang", () => {
    fc.assert(
      fc.property(historyArbitrary, fc.infiniteStream(fc.nat()), (history, order) => {
        const { heard } = playClocks({ ...history, events: history.events.filter(({ what }) => what !== "pause") });
        const shuffled = heard
          .map((observation) => ({ observation, place: order.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ observation }) => observation);
        expect(projectionOf(replay(shuffled))).toEqual(projectionOf(replay(heard)));
      }),
      { numRuns: Math.ceil(histories / 10) },
    );
  }, 600_000);
});

function replay(observations: readonly CaseObservation[]): Case {
  let current: Case | undefined;
  for (const observation of observations) {
    const observed = observe(current, observation, tenantId, { clockRules: defaultClockRules });
    if (observed.kind === "opened" || observed.kind === "changed") current = observed.next;
  }
  if (!current) throw new Error("no case came of it");
  return current;
}
