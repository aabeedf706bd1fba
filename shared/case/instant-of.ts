import type { Instant } from "./instant.ts";

// Apart from the schema, because the webhook function makes instants and must start without the schema library.

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** The instant of a Date. @throws RangeError for an invalid Date or one outside the years 2000 to 2099. */
export function instant(date: Date): Instant {
  const time = date.getTime();
  if (!(time >= earliest && time < latest)) throw new RangeError("time is outside the years 2000 to 2099");
  return date.toISOString();
}

/** The instant of whole epoch seconds. @throws RangeError outside the years 2000 to 2099, so milliseconds are caught. */
export function instantOfSeconds(seconds: number): Instant {
  return instant(new Date(seconds * 1000));
}
