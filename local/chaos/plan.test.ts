import { describe, expect, it } from "vitest";
import { planOf } from "./plan.ts";

describe("the plan of a chaos run", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(planOf({ seed: 3, minutes: 5 })).toEqual(planOf({ seed: 3, minutes: 5 }));
    expect(planOf({ seed: 4, minutes: 5 }).lives).not.toEqual(planOf({ seed: 3, minutes: 5 }).lives);
  });

  it("kills and starts again at least once, however short it is", () => {
    expect(planOf({ seed: 1, minutes: 0.1 }).lives).toHaveLength(2);
    expect(planOf({ seed: 1, minutes: 5 }).lives).toHaveLength(6);
  });

  it("works for as long as was asked, give or take a third", () => {
    const worksForMs = planOf({ seed: 9, minutes: 5 }).lives.reduce((sum, life) => sum + life.worksForMs, 0);
    expect(worksForMs).toBeGreaterThan(200_000);
    expect(worksForMs).toBeLessThan(400_000);
  });

  it("has each kind of fault in every life, an outage in every second, and some calls that time out", () => {
    const { lives } = planOf({ seed: 5, minutes: 5 });
    for (const { aws, toxics } of lives) {
      const { exceptCallers, ...shares } = aws;
      expect(exceptCallers).toEqual(["outside"]);
      for (const share of [...Object.values(shares), ...Object.values(toxics)]) expect(share).toBeGreaterThan(0);
    }
    expect(new Set(lives.map(({ outage }) => outage)).size).toBe(4);
    expect(lives.filter(({ timesOut }) => timesOut).length).toBeGreaterThan(1);
  });

  it("leaves most calls in peace, so that something is done between the faults", () => {
    for (const { aws, toxics } of planOf({ seed: 6, minutes: 30 }).lives) {
      const { failing = 0, throttled = 0, answersLost = 0, delayed = 0, killed = 0 } = aws;
      expect(failing + throttled + answersLost + delayed + killed).toBeLessThan(0.2);
      const { failedBefore = 0, failedAfter = 0, slow = 0 } = toxics;
      expect(failedBefore + failedAfter + (toxics.answersLost ?? 0) + slow).toBeLessThan(0.5);
    }
  });
});
