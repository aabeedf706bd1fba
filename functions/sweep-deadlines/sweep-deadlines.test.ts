import { afterEach, beforeEach, expect, it } from "vitest";
import type { Message } from "#shared/queue.ts";
import { createCases } from "#shared/store/cases.ts";
import { listen } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { sweepDeadlines } from "./sweep-deadlines.ts";

const table = useTable();
let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

/** Half of the time of a sample case is over at noon of the 26th: its next rung. */
const rung = Date.parse("2026-11-26T12:00:00.000Z");

async function sweptAt(ms: number, count = 1) {
  const cases = createCases(table());
  for (let index = 0; index < count; index++) await cases.create(sampleCase({ id: `70${index}` }));
  const sent: Message[] = [];
  const enqueue = async (messages: readonly Message[]) => void sent.push(...messages);
  const clock = { now: () => new Date(ms) };
  await sweepDeadlines({ cases, clock, everyMs: 60_000, enqueue });
  return sent;
}

it.each([
  ["76 seconds before", -76_000, []],
  ["75 seconds before", -75_000, [75]],
  ["half a second before", -500, [1]],
  ["on the second", 0, [0]],
  ["long after, because a timer was lost", 3_600_000, [0]],
])("queues a timer that fires on the second: %s", async (_, offsetMs, delays) => {
  const sent = await sweptAt(rung + offsetMs);
  expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual(delays);
});

it("finds the cases of every shard", async () => {
  const sent = await sweptAt(rung, 60);
  expect(new Set(sent.map(({ body }) => JSON.parse(body).caseId)).size).toBe(60);
});

it("tells how late it is", async () => {
  await sweptAt(rung + 90_000);
  expect(heard.metric("SweepLagSeconds")).toEqual([90]);
});

it("tells that it is not late when nothing is due", async () => {
  await sweptAt(rung - 600_000);
  expect(heard.metric("SweepLagSeconds")).toEqual([0]);
});
