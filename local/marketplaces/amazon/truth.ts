import type { CaseTruth } from "../contract.ts";
import { automatedRefundAt } from "./lifecycle.ts";
import { type AmazonReturn, refundedMinor } from "./model.ts";
import type { Platform } from "./platform.ts";

/** The state of our case model this return is in, by the fact sheet's mapping, first match wins. */
export function stateOf({ refunds, deliveredMs, scannedMs, status, resolution, external }: AmazonReturn): string {
  if (refunds.length > 0) return "refunded";
  if (external?.processedMs !== undefined) return "closed";
  // Goods that are back and not paid for stay in sight, closed or not; a replacement has been answered for.
  const isAnswered = deliveredMs === undefined || resolution.startsWith("Replacement");
  if ((status === "Closed" || status === "Completed") && isAnswered) return "closed";
  if (deliveredMs !== undefined) return "received";
  if (external && scannedMs !== undefined) return "return_in_transit";
  return { Approved: "approved", PendingApproval: "requested" }[status] ?? "unknown";
}

/** Amazon's clocks are stated nowhere, so there is no due time here. */
export function truthOf(platform: Platform, return_: AmazonReturn): CaseTruth {
  const state = stateOf(return_);
  const dueAtMs = automatedRefundAt(platform, return_);
  return {
    shopId: return_.shopId,
    channelCaseId: return_.key,
    plan: return_.plan,
    state,
    final: state === "refunded" || state === "closed",
    settledMinor: refundedMinor(return_),
    currency: platform.currencyOf(return_.shopId),
    missedDeadlines: return_.missedDeadlines,
    settled: return_.step === undefined && dueAtMs === undefined,
    rawStatus: `${return_.status}${return_.claim === "none" ? "" : `/claim ${return_.claim}`}`,
  };
}
