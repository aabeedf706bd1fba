import { describe, expect, it } from "vitest";
import { createTally, faultNames } from "./tally.ts";
import { ToxicPicker } from "./toxics.ts";

const many = Array.from({ length: 2000 });

function chosen(seed: number) {
  const picker = new ToxicPicker();
  picker.set({ seed, answersLost: 0.1, failedAfter: 0.2, pushesDropped: 0.3, pushesLate: 0.1 }, "douyin");
  return { calls: many.map(() => picker.ofCall()), pushes: many.map(() => picker.ofPush()) };
}

describe("the bad line", () => {
  it("chooses the same for the same seed, and nothing when it is good", () => {
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
    const calm = new ToxicPicker();
    expect([calm.ofCall(), calm.ofPush()]).toEqual([undefined, undefined]);
  });

  it("keeps to the shares", () => {
    const { calls, pushes } = chosen(1);
    const share = (of: readonly unknown[], name: string) => of.filter((each) => each === name).length / of.length;
    expect(share(calls, "channel failed after applying")).toBeCloseTo(0.2, 1);
    expect(share(calls, "channel answer lost")).toBeCloseTo(0.1, 1);
    expect(share(calls, "channel failed before")).toBe(0);
    expect(share(pushes, "push dropped")).toBeCloseTo(0.3, 1);
    expect(share(pushes, "push late")).toBeCloseTo(0.1, 1);
  });

  it("lets one call time out, and not the one after it", () => {
    const picker = new ToxicPicker();
    picker.timeOutNext();
    expect([picker.ofCall(), picker.ofCall()]).toEqual(["channel timed out", undefined]);
  });

  it("is told by the tally what never happened", () => {
    const tally = createTally();
    for (const name of faultNames.slice(1)) tally.add(name, 3);
    expect(tally.missing()).toEqual([faultNames[0]]);
    tally.add(faultNames[0]);
    expect(tally.missing()).toEqual([]);
    expect(tally.list()["push late"]).toBe(3);
  });
});
