import { describe, expect, it } from "vitest";
import type { HttpClient } from "../contract.ts";
import type { Cost } from "./answer.ts";
import * as documents from "./documents.ts";
import { type Leave, takePoints } from "./pace.ts";

const at = (seconds: number) => Date.UTC(2026, 10, 25) + seconds * 1000;

/** Calls of one process that has just begun, in one shop. */
function worker() {
  const http: HttpClient = async () => ({ status: 200, headers: {}, body: new Uint8Array() });
  const take = (document: string, seconds: number, shopId = "a") =>
    takePoints({ http, app: "app", shopId, document }, at(seconds));
  /** What stops the call, or undefined when it may go. */
  const stop = (document: string, seconds: number) => {
    try {
      take(document, seconds);
      return undefined;
    } catch (fault) {
      return (fault as { details: Record<string, number> }).details;
    }
  };
  return { take, stop };
}

/** An answer: what was wanted, what it took, and what is left of a standard shop's bucket. */
const cost = (requested: number, actual: number, available: number): Cost => ({
  ...{ requested, actual, available },
  ...{ maximum: 2000, restoreRate: 100 },
});
const { returnCase, approve, returnsSweep } = documents;

/** A worker that Shopify has told what is left. */
function told(available: number) {
  const one = worker();
  one.take(returnCase, 0).answered(cost(509, 30, available), at(0));
  return one;
}

describe("the points of a shop", () => {
  it("are taken for as much as one query may cost while nothing is known of them", () => {
    const { take, stop } = worker();
    take(returnCase, 0);
    take(returnsSweep, 0);
    expect(stop(returnCase, 0)).toMatchObject({ channelCode: "points", pointsWanted: 509, pointsLeft: 91 });
  });

  it("are what the last answer says, with what has flowed in since", () => {
    const { stop } = told(300);
    expect(stop(returnCase, 0)).toMatchObject({ retryAfterMs: 2090, pointsLeft: 300 });
    expect(told(300).stop(returnCase, 2)).toMatchObject({ retryAfterMs: 1000 });
    expect(told(300).stop(returnCase, 2.1)).toBeUndefined();
    expect(told(300).stop(approve, 0)).toBeUndefined();
  });

  it("are never more than the bucket holds", () => {
    const { take, stop } = told(2000);
    for (let calls = 0; calls < 3; calls++) take(returnCase, 3600);
    expect(stop(returnCase, 3600)).toMatchObject({ pointsLeft: 473 });
  });

  it("are held back for what is on its way, until its answer comes", () => {
    const { take, stop } = told(1000);
    const leave: Leave = take(returnCase, 0);
    expect(stop(returnCase, 0)).toMatchObject({ pointsLeft: 491 });
    leave.answered(cost(509, 20, 980), at(0));
    expect(stop(returnCase, 0)).toBeUndefined();
  });

  it("count as taken where the answer is lost, come back where nothing was run, and are none where it was too much", () => {
    const lost = told(600);
    lost.take(returnCase, 0).lost(at(0));
    expect(lost.stop(returnCase, 0)).toMatchObject({ pointsLeft: 91 });
    const away = told(600);
    away.take(returnCase, 0).turnedAway(false, at(0));
    expect(away.stop(returnCase, 0)).toBeUndefined();
    const tooMuch = told(600);
    tooMuch.take(returnCase, 0).turnedAway(true, at(0));
    expect(tooMuch.stop(approve, 0)).toMatchObject({ pointsLeft: 0 });
  });

  it("are wanted as Shopify says, not as our list has it", () => {
    const { take, stop } = worker();
    take(returnCase, 0).answered(cost(700, 30, 650), at(0));
    expect(stop(returnCase, 0)).toMatchObject({ pointsWanted: 700 });
  });

  it("are not waited for by a call that wants more than the bucket holds: Shopify tells what is wrong with it", () => {
    const { take, stop } = worker();
    take(returnCase, 0).answered({ ...cost(509, 10, 100), maximum: 100 }, at(0));
    expect(stop(returnCase, 0)).toBeUndefined();
  });

  it("are given in advance to who was put off, so that they come back one after the other", () => {
    const { stop } = told(209);
    const waits = [1, 2, 3].map(() => stop(returnCase, 0)?.retryAfterMs);
    expect(waits).toEqual([3000, 3300, 3600]);
  });

  it("are each shop's own", () => {
    const { take, stop } = told(0);
    expect(stop(approve, 0)).toBeDefined();
    expect(() => take(approve, 0, "b")).not.toThrow();
  });
});

describe("somebody else who takes from the same points", () => {
  it("is noticed by what is missing, and left as much for the next time", () => {
    const { take, stop } = told(1500);
    take(approve, 0).answered(cost(10, 10, 890), at(0));
    expect(stop(returnCase, 0)).toMatchObject({ pointsTakenByOthers: 600, pointsLeft: 890 });
  });

  it("is forgotten when it takes no more", () => {
    const { take, stop } = told(1500);
    take(approve, 0).answered(cost(10, 10, 300), at(0));
    const [soon, later] = [stop(returnCase, 1), stop(returnCase, 60)];
    expect(soon?.pointsTakenByOthers).toBeGreaterThan(1000);
    expect(later).toBeUndefined();
  });

  it("is not seen in the second that lies between two clocks, nor while calls of ours are on their way", () => {
    const { take } = told(1500);
    take(approve, 0).answered(cost(10, 10, 1400), at(0));
    const first = take(returnCase, 0);
    take(approve, 0).answered(cost(10, 10, 881), at(0));
    first.answered(cost(509, 20, 1360), at(0));
    expect(() => take(returnCase, 0)).not.toThrow();
    expect(() => take(returnCase, 0)).not.toThrow();
  });
});
