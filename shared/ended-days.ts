import type { Instant } from "./case/instant.ts";

/** The name under which a case is found by the day (UTC) on which it came to an end. */
export function endedDayOf({ channel, shopId }: { channel: string; shopId: string }, at: Instant): string {
  return `ended ${channel}:${shopId} ${at.slice(0, 10)}`;
}
