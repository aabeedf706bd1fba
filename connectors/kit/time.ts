import type { Instant } from "#shared/case/instant.ts";
import { instant } from "#shared/case/instant-of.ts";

const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const local = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/**
 * The instant of an RFC 3339 text with an offset, to the millisecond. Undefined for anything else: no offset, a day or
 * an hour that does not exist, a year outside 2000 to 2099.
 */
export function instantOfText(text: string): Instant | undefined {
  return rfc3339.test(text) && dayExists(text) ? instantOfMsOr(Date.parse(text)) : undefined;
}

/**
 * The instant of a wall-clock text `yyyy-MM-dd HH:mm:ss` in China, which has kept UTC+8 without summer time since 1991.
 * Undefined when it is not one.
 */
export function instantOfChinaTime(text: string): Instant | undefined {
  return local.test(text) ? instantOfText(`${text.replace(" ", "T")}+08:00`) : undefined;
}

/** The instant of whole epoch seconds; undefined outside the years 2000 to 2099, which milliseconds and 0 are. */
export function instantOfSecondsOr(seconds: number): Instant | undefined {
  return instantOfMsOr(seconds * 1000);
}

/** Date.parse would move 30 February into March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}

function instantOfMsOr(ms: number): Instant | undefined {
  try {
    return instant(new Date(ms));
  } catch {
    return undefined;
  }
}
