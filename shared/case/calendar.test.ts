import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calendar, calendarSchema, endOf, isBusinessDay, plainCalendar } from "./calendar.ts";
import { addOutside, type Pause, pauseSchema, windowsOf } from "./pause.ts";
import { instantOfWall, wallOf } from "./zoned.ts";

const at = (text: string) => Date.parse(text);
const text = (ms: number) => new Date(ms).toISOString();
const china: Calendar = {
  ...plainCalendar("CN"),
  closedOn: ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"],
  openOn: ["2026-02-14", "2026-02-28"],
};
const newYork = plainCalendar("US");

describe("a zone's clocks", () => {
  it.each([
    ["2026-03-08T06:59:59.000Z", "2026-03-08", 1, 59],
    ["2026-03-08T07:00:00.000Z", "2026-03-08", 3, 0],
    ["2026-11-01T05:30:00.000Z", "2026-11-01", 1, 30],
    ["2026-11-01T06:30:00.000Z", "2026-11-01", 1, 30],
  ])("show %s in New York as %s %i:%i", (instant, date, hour, minute) => {
    const wall = wallOf(at(instant), "America/New_York");
    expect([wall.date, Math.floor(wall.msOfDay / 60_000)]).toEqual([date, hour * 60 + minute]);
  });

  it("that show a time twice mean the first, and one they skip is early", () => {
    const half = { msOfDay: 90 * 60_000 };
    expect(text(instantOfWall({ date: "2026-11-01", ...half }, "America/New_York"))).toBe("2026-11-01T05:30:00.000Z");
    const skipped = { date: "2026-03-08", msOfDay: 150 * 60_000 };
    expect(text(instantOfWall(skipped, "America/New_York"))).toBe("2026-03-08T06:30:00.000Z");
  });

  it("give back every instant they showed, but for the hour shown twice", () => {
    const zones = fc.constantFrom("Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "UTC");
    const times = fc.integer({ min: at("2024-01-01T00:00:00Z"), max: at("2028-12-31T00:00:00Z") });
    fc.assert(
      fc.property(zones, times, (zone, ms) => {
        const again = instantOfWall(wallOf(ms, zone), zone);
        expect([0, 1_800_000, 3_600_000]).toContain(ms - again);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a calendar", () => {
  it("knows the days that China shifted around Spring Festival 2026", () => {
    expect(["2026-02-14", "2026-02-15", "2026-02-16", "2026-02-24"].map((day) => isBusinessDay(day, china))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it.each([
    ["a weekend", "2026-01-16T15:00:00.000Z", 2, "2026-01-20T15:00:00.000Z"],
    ["the change to summer time, by the clock on the wall", "2026-03-06T15:00:00.000Z", 2, "2026-03-10T14:00:00.000Z"],
    ["a start on a Sunday", "2026-01-18T15:00:00.000Z", 1, "2026-01-19T15:00:00.000Z"],
  ])("counts business days over %s", (_, start, businessDays, end) => {
    expect(text(endOf(at(start), { businessDays }, newYork))).toBe(end);
  });

  it("counts a shifted Saturday as a day at work", () => {
    // Friday the 13th, then Saturday the 14th at work, then the festival until Tuesday the 24th.
    expect(text(endOf(at("2026-02-13T02:00:00.000Z"), { businessDays: 2 }, china))).toBe("2026-02-24T02:00:00.000Z");
  });

  it.each([
    ["inside the hours", "2026-11-25T02:00:00.000Z", "2026-11-25T03:40:00.000Z"],
    ["over the evening", "2026-11-25T09:00:00.000Z", "2026-11-26T01:40:00.000Z"],
    ["from outside of the hours, from the next morning", "2026-11-25T14:00:00.000Z", "2026-11-26T02:40:00.000Z"],
    ["over a weekend", "2026-11-27T09:30:00.000Z", "2026-11-30T02:10:00.000Z"],
  ])("counts 100 open minutes %s", (_, start, end) => {
    expect(text(endOf(at(start), { openMinutes: 100 }, plainCalendar("CN")))).toBe(end);
  });

  it("is refused when it closes before it opens, or has no such zone", () => {
    expect(calendarSchema.safeParse({ ...newYork, opensAt: 600, closesAt: 540 }).success).toBe(false);
    expect(calendarSchema.safeParse({ ...newYork, timeZone: "Mars/Olympus" }).success).toBe(false);
  });
});

describe("a pause", () => {
  const day = 86_400_000;
  const pause = (from: number, days: number, parts: Partial<Pause> = {}): Pause => ({
    channel: "jd",
    from: text(from),
    until: text(from + days * day),
    link: "https://example.com/notice",
    readOn: "2026-11-25",
    ...parts,
  });
  const start = at("2026-02-13T02:00:00.000Z");
  const pauses = fc.array(
    fc.record({ offset: fc.integer({ min: -5, max: 20 }), days: fc.integer({ min: 1, max: 12 }) }),
    { maxLength: 5 },
  );
  const spans = fc.constantFrom(
    { hours: 24 },
    { hours: 100 },
    { calendarDays: 4 },
    { businessDays: 3 },
    { openMinutes: 700 },
  );
  const windows = (given: readonly Pause[]) => windowsOf(given, { channel: "jd", kind: "respond" });

  it("twice is the same as once", () => {
    fc.assert(
      fc.property(pauses, spans, (given, span) => {
        const once = given.map(({ offset, days }) => pause(start + offset * day, days));
        const twice = [...once, ...once.toReversed()];
        expect(endOf(start, span, china, windows(twice))).toBe(endOf(start, span, china, windows(once)));
      }),
    );
  });

  it("never brings an end forward, and no end lies inside of one", () => {
    fc.assert(
      fc.property(pauses, fc.integer({ min: -5, max: 20 }), spans, (given, offset, span) => {
        const before = given.map((each) => pause(start + each.offset * day, each.days));
        const after = windows([...before, pause(start + offset * day, 4)]);
        const end = endOf(start, span, china, after);
        expect(end).toBeGreaterThanOrEqual(endOf(start, span, china, windows(before)));
        if (!("hours" in span)) expect(after.some(([from, until]) => from <= end && end < until)).toBe(false);
      }),
    );
  });

  it("is of its channel and its clocks alone", () => {
    const own = pause(start, 2, { kinds: ["respond"] });
    expect(windowsOf([own], { channel: "jd", kind: "refund" })).toEqual([]);
    expect(windowsOf([own], { channel: "taobao", kind: "respond" })).toEqual([]);
    expect(addOutside(start - day, 2 * day, windows([own]))).toBe(start + 3 * day);
  });

  it("ends after it begins, and in less than four months", () => {
    expect(pauseSchema.safeParse(pause(start, 0)).success).toBe(false);
    expect(pauseSchema.safeParse(pause(start, 121)).success).toBe(false);
  });
});
