import { describe, expect, it } from "vitest";
import { instantOfReport } from "./day.ts";

describe("a day of a report", () => {
  it.each([
    ["US", "12-Jan-2026", "2026-01-12T08:00:00.000Z"],
    ["US", "12-Jul-2026", "2026-07-12T07:00:00.000Z"],
    // The clocks change after the midnight with which these days begin.
    ["US", "08-Mar-2026", "2026-03-08T08:00:00.000Z"],
    ["US", "1-NOV-2026", "2026-11-01T07:00:00.000Z"],
    ["GB", "2026-06-30", "2026-06-29T23:00:00.000Z"],
    ["DE", "29-Mar-2026", "2026-03-28T23:00:00.000Z"],
    ["JP", "01-Jan-2026", "2025-12-31T15:00:00.000Z"],
    ["IN", "2026-02-01", "2026-01-31T18:30:00.000Z"],
    // Egypt's clocks go forward at midnight, so this day has none: the first moment that could be meant.
    ["EG", "2026-04-24", "2026-04-23T21:00:00.000Z"],
    [undefined, "12-Jan-2026", "2026-01-12T00:00:00.000Z"],
    ["KR", "12-Jan-2026", "2026-01-12T00:00:00.000Z"],
    ["constructor", "12-Jan-2026", "2026-01-12T00:00:00.000Z"],
  ])("begins with its store: %s, %s", (market, text, at) => {
    expect(instantOfReport(text, market)).toBe(at);
  });

  it("with a time of its own is that time, whatever the store", () => {
    expect(instantOfReport("2026-03-12T12:44:17+01:00", "JP")).toBe("2026-03-12T11:44:17.000Z");
  });

  it.each(["30-Feb-2026", "2026-02-30", "12-Foo-2026", "12/01/2026", "", "1-Jan-2000 JP"])("is none: %s", (text) => {
    expect(instantOfReport(text, "US")).toBeUndefined();
  });

  it("that began before the model's years is none", () => {
    expect(instantOfReport("1-Jan-2000", "JP")).toBeUndefined();
  });
});
