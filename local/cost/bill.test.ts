import { expect, it } from "vitest";
import { between, billOf, items, times, totalOf, usageOf } from "./bill.ts";
import { prices } from "./prices.ts";

it("bills a million of each item at its list price, dearest first", () => {
  const lines = billOf(usageOf(() => 1e6));
  expect(lines).toHaveLength(items.length);
  expect(lines.map(({ item, dollars }) => [item, Number(dollars.toFixed(4))])).toEqual([
    ["logGigabyte", 500_000],
    ["lambdaGbSecond", 13.3334],
    ["secretRequest", 5],
    ["keyRequest", 3],
    ["httpRequest", 1],
    ["event", 1],
    ["writeUnit", 0.625],
    ["queueRequest", 0.5],
    ["lambdaRequest", 0.2],
    ["readUnit", 0.125],
  ]);
  expect(totalOf(lines)).toBeCloseTo(500_024.7834, 4);
});

it("takes off what runs by itself, and never makes money of it", () => {
  const used = between(
    usageOf(() => 10),
    usageOf((item) => (item === "event" ? 12 : 40)),
    usageOf(() => 5),
  );
  expect(used.event).toBe(0);
  expect(used.writeUnit).toBe(25);
  expect(times(used, 2).writeUnit).toBe(50);
});

it("says of when and where the prices are", () => {
  expect(prices.readOn).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(prices.region).toBe("us-east-1");
});
