const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

/** Epoch milliseconds of the answer's own `date` header, the only clock a failed answer brings. */
export function instantOfHttpDate(header: string | undefined): number | undefined {
  const ms = Date.parse(header ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** How long until the platform's day, and with it the day's quota of calls, begins anew. */
export function msToChinaMidnight(nowMs: number): number {
  return dayMs - ((nowMs + chinaOffsetMs) % dayMs);
}
