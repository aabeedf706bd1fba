import * as z from "zod";
import { addOutside, outOf, type Window } from "./pause.ts";
import { dayAfter, instantOfWall, isTimeZone, wallOf, weekdayOf } from "./zoned.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;
const minuteOfDay = z.int().min(0).max(1440);
const dates = z.array(z.iso.date()).max(1000);

/** ISO 3166 code of a country, or `EU`; a tenant may keep a second calendar of a market as `CN-shanghai`. */
export const marketSchema = z.string().regex(/^[A-Z]{2}(-[a-z0-9]{1,20})?$/);

/** When a market, or a tenant in it, is at work. Plain data: who makes it may use a library, who counts by it does not. */
export const calendarSchema = z
  .strictObject({
    market: marketSchema,
    timeZone: z.string().refine(isTimeZone, "no such time zone"),
    /** Days of the week at work, 1 for Monday to 7 for Sunday. */
    weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
    /** Minutes of the local day. */
    opensAt: minuteOfDay,
    closesAt: minuteOfDay,
    /** Days off, whatever day of the week they are. */
    closedOn: dates,
    /** Days at work although it is a day off of the week, as mainland China shifts them around its festivals. */
    openOn: dates,
  })
  .refine(({ opensAt, closesAt }) => opensAt < closesAt, "a day closes after it opens");
export type Calendar = z.infer<typeof calendarSchema>;

// The zone of a market with several is the one that is first to end a day, so that what is counted is early, never late.
const zones: Readonly<Record<string, string>> = {
  CN: "Asia/Shanghai",
  JP: "Asia/Tokyo",
  AU: "Australia/Sydney",
  EU: "Europe/Athens",
  DE: "Europe/Berlin",
  FR: "Europe/Paris",
  IT: "Europe/Rome",
  ES: "Europe/Madrid",
  GB: "Europe/London",
  US: "America/New_York",
  CA: "America/St_Johns",
};

/** Monday to Friday, nine to six, without holidays: whoever counts by it is early where there are some, never late. */
export function plainCalendar(market: string): Calendar {
  const timeZone = zones[market.slice(0, 2)] ?? "UTC";
  const week = { weekdays: [1, 2, 3, 4, 5], opensAt: 9 * 60, closesAt: 18 * 60 };
  return { market, timeZone, ...week, closedOn: [], openOn: [] };
}

export function isBusinessDay(date: string, { weekdays, closedOn, openOn }: Calendar): boolean {
  return openOn.includes(date) || (weekdays.includes(weekdayOf(date)) && !closedOn.includes(date));
}

/** How long something may take: hours on the clock, days of the calendar or at work, or minutes of the hours at work. */
export const spanSchema = z.union([
  z.strictObject({ hours: z.number().positive().max(10_000) }),
  z.strictObject({ calendarDays: z.int().positive().max(365) }),
  z.strictObject({ businessDays: z.int().positive().max(365) }),
  z.strictObject({ openMinutes: z.int().positive().max(100_000) }),
]);
export type Span = z.infer<typeof spanSchema>;

/**
 * The end of a span, in epoch milliseconds. A number of days ends at the local time of its start, on the last of them,
 * however long the days in between are. Nothing counts inside the windows, and the end never lies in one.
 */
export function endOf(start: number, span: Span, calendar: Calendar, windows: readonly Window[] = []): number {
  if ("hours" in span) return addOutside(start, span.hours * 60 * minuteMs, windows);
  return outOf(endOfDays(start, span, calendar, windows), windows);
}

function endOfDays(
  start: number,
  span: Exclude<Span, { hours: number }>,
  calendar: Calendar,
  windows: readonly Window[],
): number {
  if ("openMinutes" in span) return addOpenTime(start, span.openMinutes * minuteMs, calendar, windows);
  if ("calendarDays" in span) return addDays(start, span.calendarDays, { calendar, windows, counts: () => true });
  const counts = (date: string) => isBusinessDay(date, calendar);
  return addDays(start, span.businessDays, { calendar, windows, counts });
}

interface DayCount {
  calendar: Calendar;
  windows: readonly Window[];
  counts: (date: string) => boolean;
}

function addDays(start: number, days: number, { calendar, windows, counts }: DayCount): number {
  let { date, msOfDay } = wallOf(start, calendar.timeZone);
  for (let left = days; left > 0; ) {
    date = dayAfter(date);
    const [from, until] = [0, dayMs].map((ms) => instantOfWall({ date, msOfDay: ms }, calendar.timeZone));
    const stoodStill = windows.some(
      ([begin, end]) => from !== undefined && until !== undefined && begin <= from && until <= end,
    );
    if (counts(date) && !stoodStill) left--;
  }
  return instantOfWall({ date, msOfDay }, calendar.timeZone);
}

function addOpenTime(start: number, ms: number, calendar: Calendar, windows: readonly Window[]): number {
  let left = ms;
  for (let { date } = wallOf(start, calendar.timeZone); ; date = dayAfter(date)) {
    if (!isBusinessDay(date, calendar)) continue;
    const at = (minute: number) => instantOfWall({ date, msOfDay: minute * minuteMs }, calendar.timeZone);
    const from = Math.max(start, at(calendar.opensAt));
    const until = at(calendar.closesAt);
    // What is left of the day, less what stood still.
    const end = addOutside(from, left, windows);
    if (from < until && end <= until) return end;
    if (from < until) left -= countedBetween(from, until, windows);
  }
}

function countedBetween(from: number, until: number, windows: readonly Window[]): number {
  const still = windows.map(([begin, end]) => Math.max(0, Math.min(until, end) - Math.max(from, begin)));
  return until - from - still.reduce((sum, each) => sum + each, 0);
}
