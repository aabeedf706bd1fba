import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { createStore } from "#shared/store/index.ts";
import { hearLines } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { measureClocks } from "./measure-clocks.ts";

const table = useTable();
const dueAt = "2026-11-27T12:00:00.000Z";
const minutesBefore = (minutes: number) => new Date(Date.parse(dueAt) - minutes * 60_000);

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  hearLines((line) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** What was measured at an instant, as `name channel value`. */
async function measuredAt(now: Date, { everyMs = 60_000 } = {}): Promise<string[]> {
  await measureClocks(createStore(table()).cases, { now, everyMs });
  const told = lines.splice(0).map((line) => JSON.parse(line));
  const names = ["CasesLate", "CasesDueWithinHour", "NearestDueSeconds", "CasesOnTheClock"];
  return told
    .flatMap((each) =>
      names
        .filter((name) => name in each)
        .map((name) => [name, each.Channel, ...(each.Kind ? [each.Kind] : []), each[name]].join(" ")),
    )
    .sort();
}

async function keep(id: string, change: Partial<Case["deadlines"][number]>, rest: object = {}): Promise<void> {
  const [clock] = sampleCase().deadlines;
  if (!clock) throw new Error("the sample has no clock");
  await createStore(table()).cases.create(sampleCase({ id, deadlines: [{ ...clock, ...change }], ...rest }));
}

it("counts what nobody has answered in the last hour, and how long the nearest has", async () => {
  await keep("1", { announced: ["half", "four_fifths", "last_hour"] });
  await keep("2", { announced: ["last_30m"], ladder: [{ rung: "last_30m", at: minutesBefore(30).toISOString() }] });
  await keep("3", { announced: ["half"] });
  expect(await measuredAt(minutesBefore(20.5))).toEqual([
    "CasesDueWithinHour douyin 2",
    "CasesDueWithinHour douyin respond 2",
    "NearestDueSeconds douyin 1230",
  ]);
});

it("counts what is late until it is answered, and is silent about channels without any", async () => {
  await keep("1", { status: "missed", announced: ["half", "four_fifths", "last_hour"] });
  expect(await measuredAt(minutesBefore(-90.5))).toEqual(["CasesLate douyin 1", "CasesLate douyin respond 1"]);
  const { cases } = createStore(table());
  const held = sampleCase({ id: "1" });
  const refunded = { known: true, value: "refunded", raw: "12" } as const;
  await cases.change(held.tenantId, held.caseId, (current) => ({
    ...current,
    revision: 2,
    facts: { ...current.facts, state: refunded },
  }));
  expect(await measuredAt(minutesBefore(-91.5))).toEqual([]);
});

it("leaves the merchant's own promises and the buyer's clocks out", async () => {
  const source = { from: "tenant", rule: "day" } as const;
  await keep("1", { status: "missed", source });
  await keep("2", { status: "missed", kind: "buyer_return" });
  expect(await measuredAt(minutesBefore(-1.5))).toEqual([]);
});

it("tells kinds of clock apart, and the channel's number is the sum", async () => {
  await keep("1", { announced: ["last_hour"] });
  await keep("2", { announced: ["last_hour"], kind: "refund" });
  expect((await measuredAt(minutesBefore(20))).filter((line) => line.startsWith("CasesDue"))).toEqual([
    "CasesDueWithinHour douyin 2",
    "CasesDueWithinHour douyin refund 1",
    "CasesDueWithinHour douyin respond 1",
  ]);
});

it("counts every case on the clock once in a quarter of an hour, however often it sweeps", async () => {
  await keep("1", {});
  await keep("2", {});
  const counted = ["CasesOnTheClock douyin 2"];
  expect(await measuredAt(minutesBefore(600))).toEqual(counted);
  expect(await measuredAt(minutesBefore(599))).toEqual([]);
  expect(await measuredAt(minutesBefore(586), { everyMs: 14 * 60_000 })).toEqual([]);
  expect(await measuredAt(minutesBefore(572), { everyMs: 14 * 60_000 })).toEqual(counted);
});
