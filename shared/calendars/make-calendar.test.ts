import { describe, expect, it } from "vitest";
import { isBusinessDay } from "#shared/case/calendar.ts";
import { calendarWishSchema, makeCalendar } from "./make-calendar.ts";

const make = (wish: Record<string, unknown>) => makeCalendar(calendarWishSchema.parse({ years: [2026], ...wish }));

describe("makeCalendar", () => {
  it.each([
    ["CN", "2026-02-20", false],
    ["CN", "2026-02-28", true],
    ["CN", "2026-06-01", true],
    ["US", "2026-07-03", false],
    ["US", "2026-11-26", false],
    ["GB", "2026-12-28", false],
    ["DE", "2026-10-05", true],
    ["JP", "2026-05-06", false],
  ])("in %s has %s as a day at work: %s", (market, date, isOpen) => {
    expect(isBusinessDay(date, make({ market }))).toBe(isOpen);
  });

  it("falls back to the days of law for a year that China has not proclaimed", () => {
    const calendar = make({ market: "CN", years: [2031] });
    expect(isBusinessDay("2031-10-01", calendar)).toBe(false);
    expect(isBusinessDay("2031-10-06", calendar)).toBe(true);
    expect(isBusinessDay("2031-05-04", make({ market: "CN", years: [2027] }))).toBe(false); // a Sunday
    expect(isBusinessDay("2027-03-08", make({ market: "CN", years: [2027] }))).toBe(true); // women's day, half a day for some
  });

  it("puts the tenant's own days over those of the market", () => {
    const calendar = make({ market: "CN", openOn: ["2026-02-20"], closedOn: ["2026-02-28"], opensAt: 480 });
    expect([isBusinessDay("2026-02-20", calendar), isBusinessDay("2026-02-28", calendar)]).toEqual([true, false]);
    expect(calendar.opensAt).toBe(480);
  });

  it("knows the days of a region", () => {
    expect(make({ market: "DE", region: "BY" }).closedOn).toContain("2026-01-06");
    expect(make({ market: "DE" }).closedOn).not.toContain("2026-01-06");
  });
});
