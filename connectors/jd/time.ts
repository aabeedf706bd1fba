import { type Instant, instant } from "#shared/case/instant.ts";
import { instantOfChinaTime } from "../kit/time.ts";

const chinaOffsetMs = 8 * 3_600_000;

/** The wall-clock text `yyyy-MM-dd HH:mm:ss` in China, as the channel expects all its times. */
export function chinaTimeOf(epochMs: number): string {
  return new Date(epochMs + chinaOffsetMs).toISOString().slice(0, 19).replace("T", " ");
}

/** Tickets give epoch milliseconds, refund applications China's wall clock; each is read in either. */
export function instantOf(value: string | number | null | undefined): Instant | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value === "string" && !/^\d+$/.test(value)) return instantOfChinaTime(value);
  try {
    return instant(new Date(Number(value)));
  } catch {
    return undefined;
  }
}

/** How long until China's next midnight, when the day's quota of calls begins anew. */
export function msToChinaMidnight(epochMs: number): number {
  const dayMs = 86_400_000;
  return dayMs - ((epochMs + chinaOffsetMs) % dayMs);
}
