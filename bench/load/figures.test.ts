import { describe, expect, it } from "vitest";
import { isMet, percentile } from "./figures.ts";

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])("is the value that %d of them do not exceed", (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it("of few is one that was seen", () => {
    expect(percentile([7, 3], 0.99)).toBe(7);
  });

  it("of none is no number", () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

it.each([
  [{ value: 150, most: 150 }, true],
  [{ value: 151, most: 150 }, false],
  [{ value: 0.4, least: 0.5 }, false],
  [{ value: -6, least: -5, most: 5 }, false],
  [{ value: Number.NaN, most: 5 }, false],
])("an aim is met or not: %o", (figure, met) => {
  expect(isMet({ name: "x", unit: "ms", ...figure })).toBe(met);
});
