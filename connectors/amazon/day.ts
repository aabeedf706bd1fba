import { storeTimeZone } from "#shared/case/deadline-policy/amazon-zones.ts";
import type { Instant } from "#shared/case/instant.ts";
import { instantOfWall } from "#shared/case/zoned.ts";
import { instantOfText } from "../kit/time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const named = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
const numbered = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The instant of a date or time in a report of a market's store; undefined for any other text. A bare day is the first
 * moment of it there. Of which zone the days are is not documented; see `storeTimeZones`.
 */
export function instantOfReport(text: string, market: string | undefined): Instant | undefined {
  const [, day = "", month = "", year = ""] = named.exec(text) ?? [];
  const number = months.indexOf(month.toLowerCase()) + 1;
  if (number > 0) return midnightOf(`${year}-${pad(number)}-${pad(Number(day))}`, market);
  return numbered.test(text) ? midnightOf(text, market) : instantOfText(text);
}

/** Undefined for a day that does not exist. */
function midnightOf(date: string, market: string | undefined): Instant | undefined {
  if (instantOfText(`${date}T00:00:00Z`) === undefined) return undefined;
  return instantOfText(new Date(instantOfWall({ date, msOfDay: 0 }, storeTimeZone(market))).toISOString());
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
