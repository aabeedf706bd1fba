import { describe, expect, it } from "vitest";
import { readFaults } from "./faults.ts";

describe("--faults", () => {
  it("disturbs marketplaces, and AWS by a tenth of it", () => {
    expect(readFaults("answers-lost=0.2,throttle=0.5")).toEqual({
      markets: { seed: 1, answersLost: 0.2, throttle: 0.5 },
      aws: { seed: 1, exceptCallers: ["outside"], answersLost: expect.closeTo(0.02), throttled: 0.05 },
    });
  });

  it.each([
    "gremlins=0.1",
    "throttle",
    "throttle=2",
    "throttle=much",
    "throttle=-1",
  ])("says what is wrong with %s", (text) => {
    expect(() => readFaults(text)).toThrow(RangeError);
  });
});
