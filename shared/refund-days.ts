import type { Instant } from "./case/instant.ts";

/** The feed of ours, beside a shop's own, whose turn is its nightly reconciliation. */
export const reconciliation = "own.reconciliation";

/** The name under which a case is found by the day (UTC) on which money moved on it. */
export function refundDayOf({ channel, shopId }: { channel: string; shopId: string }, at: Instant): string {
  return `refunds ${channel}:${shopId} ${at.slice(0, 10)}`;
}
