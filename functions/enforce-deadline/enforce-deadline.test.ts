import { afterEach, beforeEach, expect, it } from "vitest";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { inState, names, someCase, someObservation } from "../../test/builders/case-builder.ts";
import { holding, listen, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { enforceDeadline } from "./enforce-deadline.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

// The clock of `someCase` runs from shortly after noon of the 25th to noon of the 27th.
async function at(time: string, { shows = someObservation(1) as CaseObservation | Error, times = 1 } = {}) {
  const { cases, held } = holding(someCase());
  const clock = { now: () => new Date(time) };
  let reads = 0;
  const connector = someConnector({
    fetch: async () => {
      reads++;
      if (shows instanceof Error) throw shows;
      return [{ payload: { ...shows, observedAt: clock.now().toISOString() } }];
    },
    normalize: ({ payload }) => payload as CaseObservation,
  });
  const deps = {
    ...sessionDeps(connector, shopsOf(someShop()).shops),
    cases,
    clock,
    clockRulesOf: async () => defaultClockRules,
  };
  const news: string[] = [];
  for (let time = 0; time < times; time++) {
    const before = held()?.revision;
    await enforceDeadline(someCase(), deps);
    const after = held();
    if (after && after.revision !== before) news.push(...names(after));
  }
  return { news, reads, held: held() };
}

it.each([
  ["before anything is due", "2026-11-25T13:00:00.000Z", []],
  ["when half the time is over", "2026-11-26T13:00:00.000Z", ["deadline.approaching"]],
  ["in the last hour", "2026-11-27T11:30:00.000Z", ["deadline.approaching"]],
  ["at the end", "2026-11-27T12:00:00.000Z", ["deadline.missed"]],
])("says what a clock has to say %s, once", async (_, time, expected) => {
  expect((await at(time, { times: 3 })).news).toEqual(expected);
});

it("asks the channel nothing while nothing is due", async () => {
  expect((await at("2026-11-25T13:00:00.000Z")).reads).toBe(0);
});

it("reads the case first: one that was answered meanwhile is met, not missed", async () => {
  const changedAt = "2026-11-26T09:00:00.000Z";
  const answered = someObservation(2, { ...inState("approved"), waitingOn: "buyer", deadlines: [], changedAt });
  const { news } = await at("2026-11-27T12:00:00.000Z", { shows: answered });
  expect(news).toContain("deadline.met");
  expect(news).not.toContain("deadline.missed");
});

it("rings without a fresh reading when the channel does not answer, and says so", async () => {
  const { news, held } = await at("2026-11-27T12:00:00.000Z", { shows: new SuiteError("channel_unavailable", "away") });
  expect(news).toEqual(["deadline.missed"]);
  expect(held?.deadlines).toMatchObject([{ status: "missed" }]);
  expect(heard.said()).toMatchObject([
    { message: "deadline rings without a fresh reading", errorCode: "channel_unavailable" },
  ]);
});

it("leaves a case alone that is gone", async () => {
  const { cases } = holding();
  const deps = {
    ...sessionDeps(someConnector(), shopsOf(someShop()).shops),
    cases,
    clockRulesOf: async () => defaultClockRules,
  };
  await expect(enforceDeadline(someCase(), deps)).resolves.toBeUndefined();
});
