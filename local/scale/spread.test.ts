import { expect, it } from "vitest";
import { caseIdSchema } from "#shared/case/ids.ts";
import { dueCasePartition } from "#shared/store/keys.ts";
import { duePartitionOf, isHot, spreadOf } from "./spread.ts";

const wishes = { casesPerSecond: 1000, shops: 10_000, shards: 16, seconds: 10, seed: 1 };

it("puts no more on any key than it bears, at a thousand cases a second", () => {
  const spreads = spreadOf(wishes).filter(({ what }) => what !== "lanes of shops"); // ten seconds are too few cases for a lane
  expect(spreads.filter(isHot)).toEqual([]);
  const shards = spreads.find(({ what }) => what === "shards of what is due");
  expect(shards?.meanPerSecond).toBe(500);
  expect(shards?.busiestPerSecond).toBeLessThan(600);
});

it("finds a hot key where there is one", () => {
  const hot = spreadOf({ ...wishes, shards: 4 }).filter(isHot);
  expect(hot.map(({ what }) => what)).toContain("shards of what is due");
});

it("is the same for the same seed", () => {
  expect(spreadOf(wishes)).toEqual(spreadOf(wishes));
});

it("counts the shards as the table has them", () => {
  const caseId = caseIdSchema.parse("douyin:4463798:6930000000000000001");
  expect(duePartitionOf(caseId, 16)).toBe(dueCasePartition(caseId));
  expect(Number(duePartitionOf(caseId, 64).split("#")[1]) % 16).toBe(Number(dueCasePartition(caseId).split("#")[1]));
});
