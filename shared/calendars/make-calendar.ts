import Holidays from "date-holidays";
import * as z from "zod";
import { type Calendar, calendarSchema, marketSchema, plainCalendar } from "#shared/case/calendar.ts";
import { dayAfter } from "#shared/case/zoned.ts";
import { shiftedDaysOfChina } from "./shifted-days.ts";

/** How a tenant asks for a calendar: its market's, and what is different for itself. */
export const calendarWishSchema = z.strictObject({
  market: marketSchema,
  years: z.array(z.int().min(2000).max(2098)).min(1).max(5),
  /** State or province, as ISO 3166-2 has it: `BY` for Bavaria. */
  region: z.string().max(10).optional(),
  timeZone: calendarSchema.shape.timeZone.optional(),
  weekdays: calendarSchema.shape.weekdays.optional(),
  opensAt: calendarSchema.shape.opensAt.optional(),
  closesAt: calendarSchema.shape.closesAt.optional(),
  /** The tenant's own days, which go before those of the market. */
  closedOn: calendarSchema.shape.closedOn.default([]),
  openOn: calendarSchema.shape.openOn.default([]),
});
export type CalendarWish = z.infer<typeof calendarWishSchema>;

/** Days on which China's law gives a day off to everybody; the library's list also has those of women, youth, children and soldiers. */
const forEverybody = /元旦|春节|清明|劳动节|端午|中秋|国庆/;

/**
 * A market's calendar of some years with the tenant's own days over it, as plain data. @throws z.ZodError for hours that do
 * not fit each other.
 */
export function makeCalendar(wish: CalendarWish): Calendar {
  const { market, years, region, closedOn, openOn, ...own } = wish;
  const days = years.map((year) => daysOf(market.slice(0, 2), year, region));
  const marketClosed = days.flatMap((each) => each.closedOn).filter((date) => !openOn.includes(date));
  const marketOpen = days.flatMap((each) => each.openOn).filter((date) => !closedOn.includes(date));
  return calendarSchema.parse({
    ...plainCalendar(market),
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    closedOn: sorted([...marketClosed, ...closedOn]),
    openOn: sorted([...marketOpen, ...openOn]),
  });
}

function daysOf(country: string, year: number, region: string | undefined): { closedOn: string[]; openOn: string[] } {
  const shifted = country === "CN" ? shiftedDaysOfChina[year] : undefined;
  if (shifted)
    return { closedOn: shifted.closedOn.flatMap(([from, until]) => range(from, until)), openOn: [...shifted.openOn] };
  const holidays = new Holidays(country, region ?? "", { types: ["public"] });
  const closedOn = holidays
    .getHolidays(year)
    .filter(({ name }) => country !== "CN" || forEverybody.test(name))
    .map(({ date }) => date.slice(0, 10));
  return { closedOn, openOn: [] };
}

function range(from: string, until: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= until; day = dayAfter(day)) days.push(day);
  return days;
}

function sorted(dates: readonly string[]): string[] {
  return [...new Set(dates)].sort();
}
