import type { Instant } from "#shared/case/instant.ts";
import { instantOfText } from "../kit/time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const named = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
const numbered = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The instant of a date or time in a report; undefined for any other text. A bare day is its 00:00 UTC: of which zone the
 * days are is not documented, so this may be hours early and is never a day late.
 */
export function instantOfReport(text: string): Instant | undefined {
  const [, day = "", month = "", year = ""] = named.exec(text) ?? [];
  const number = months.indexOf(month.toLowerCase()) + 1;
  if (number > 0) return instantOfText(`${year}-${pad(number)}-${pad(Number(day))}T00:00:00Z`);
  return instantOfText(numbered.test(text) ? `${text}T00:00:00Z` : text);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
