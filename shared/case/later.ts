import type { Instant } from "./instant.ts";
import { instant } from "./instant-of.ts";

/** The instant so many milliseconds after another. */
export function later(from: Instant, ms: number): Instant {
  return instant(new Date(Date.parse(from) + ms));
}

/** The earlier of two instants. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
