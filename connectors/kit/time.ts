import { type Instant, instant, instantOfSeconds } from "#shared/case/instant.ts";

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const local = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/**
 * The instant of an RFC 3339 text with an offset, to the millisecond. Undefined for anything else: no offset, a day or
 * an hour that does not exist, a year outside 2000 to 2099.
 */
export function instantOfText(text: string): Instant | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, day = "", time = "", fraction = "", offset = ""] = match;
  return strictInstant(day, time, (fraction || ".000").slice(0, 4).padEnd(4, "0"), offset);
}

/**
 * The instant of a wall-clock text `yyyy-MM-dd HH:mm:ss` in China, which has kept UTC+8 without summer time since 1991.
 * Undefined when it is not one.
 */
export function instantOfChinaTime(text: string): Instant | undefined {
  const match = local.exec(text);
  return match ? strictInstant(match[1] ?? "", match[2] ?? "", ".000", "+08:00") : undefined;
}

/** The instant of whole epoch seconds; undefined outside the years 2000 to 2099, which milliseconds and 0 are. */
export function instantOfSecondsOr(seconds: number): Instant | undefined {
  try {
    return instantOfSeconds(seconds);
  } catch {
    return undefined;
  }
}

/** Undefined for a day that does not exist: Date.parse would move 30 February into March. */
function strictInstant(day: string, time: string, fraction: string, offset: string): Instant | undefined {
  const wall = new Date(`${day}T${time}${fraction}Z`);
  if (Number.isNaN(wall.getTime()) || wall.toISOString() !== `${day}T${time}${fraction}Z`) return undefined;
  try {
    return instant(new Date(`${day}T${time}${fraction}${offset}`));
  } catch {
    return undefined;
  }
}
