import { expect, inject, it } from "vitest";
import { type ChaosResult, playChaos } from "../../local/chaos/play.ts";
import { summarize } from "../../local/chaos/report.ts";

// A short chaos run: two lives of the process, each ended by SIGKILL, on all channels over bad lines. `npm run chaos` is
// the long one.

const seed = 1;
let result: ChaosResult;

it("plays faults and kills, and comes to rest", async () => {
  const told: string[] = [];
  result = await playChaos({
    ...{ minutes: 0.25, seed, assemblyDir: inject("assemblyDir") },
    tell: (line) => told.push(line),
  });
  expect(told.at(-1)).toBe("good weather from here on");
}, 400_000); // three starts of the whole stack, on whatever the machine has left

it("holds every case as its marketplace does, and no refund was paid twice", () => {
  expect(result.pairs.length, `seed ${seed}`).toBeGreaterThan(0);
  expect(result.findings, [`seed ${seed}`, ...result.story].join("\n")).toEqual([]);
  expect(summarize(result, seed)).toMatchObject({ seed, lost: 0, doubledRefunds: 0, unalarmedDeadLetters: 0 });
});

it("has done something to it", () => {
  const times = result.tally.list();
  expect(times).toMatchObject({ "process killed": 2, "channel timed out": 1, "channel token ended": 2 });
  const ofAws = times["AWS call failed"] + times["AWS call throttled"] + times["AWS answer lost"];
  expect(ofAws + times["worker killed mid-way"]).toBeGreaterThan(0);
});

it("has asked AWS for nothing that it would refuse", () => {
  expect(result.refusals).toEqual([]);
});
