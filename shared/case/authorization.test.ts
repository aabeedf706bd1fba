import { describe, expect, it } from "vitest";
import { daysLeft, type Warned, warningOf } from "./authorization.ts";

const now = new Date("2026-11-25T12:00:00.000Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
const last = (days: Warned["days"], endsAt: Date): Warned => ({ days, endsAt: endsAt.toISOString() });

describe("the end of an authorisation", () => {
  it.each([
    ["further off than two weeks", 14.001, undefined],
    ["in two weeks", 14, 14],
    ["in a week", 7, 14],
    ["in a little more than three days", 3.001, 14],
    ["in three days", 3, 3],
    ["tomorrow", 1, 1],
    ["over", -1, 1],
  ])("that is %s is warned of as the nearest threshold", (_, days, expected) => {
    expect(warningOf(inDays(days), now, undefined)?.days).toBe(expected);
  });

  it.each([
    ["the same threshold", 14, 10, undefined],
    ["a nearer threshold", 14, 2, 3],
    ["a threshold further off", 1, 2, undefined],
  ] as const)("that was warned of before and has come to %s", (_, before, days, expected) => {
    expect(warningOf(inDays(days), now, last(before, inDays(days)))?.days).toBe(expected);
  });

  it("is the same end when the channel tells it some minutes apart", () => {
    expect(warningOf(inDays(10), now, last(14, inDays(10 + 5 / 1440)))).toBeUndefined();
  });

  it("of a new grant is warned of anew", () => {
    expect(warningOf(inDays(10), now, last(1, inDays(0.5)))).toEqual(last(14, inDays(10)));
  });

  it("is told in whole days", () => {
    expect([13.99, 1, 0.99, -3].map((days) => daysLeft(inDays(days), now))).toEqual([13, 1, 0, 0]);
  });
});
