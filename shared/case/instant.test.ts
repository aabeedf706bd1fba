import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantSchema } from "./instant.ts";
import { instant, instantOfSeconds } from "./instant-of.ts";

const inRange = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) - 1 });

describe("instant", () => {
  it("writes what Date writes", () => {
    fc.assert(
      fc.property(inRange, (time) => {
        expect(instant(new Date(time))).toBe(new Date(time).toISOString());
      }),
      { numRuns: 2000 },
    );
  });

  it("is what the schema takes", () => {
    expect(instantSchema.parse(instantOfSeconds(1_767_226_200))).toBe("2026-01-01T00:10:00.000Z");
  });

  it.each([Number.NaN, -1, Date.UTC(1999, 11, 31), Date.UTC(2100, 0, 1)])("refuses %d", (time) => {
    expect(() => instant(new Date(time))).toThrow(RangeError);
  });

  it("catches milliseconds in the place of seconds", () => {
    expect(() => instantOfSeconds(1_767_226_200_000)).toThrow(RangeError);
  });
});
