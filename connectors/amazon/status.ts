import type { CaseState } from "#shared/case/states.ts";
import type { CaseType } from "#shared/case/vocabulary.ts";

/**
 * Words of the returns report, in lower case. There is no official list; these have been seen. A word that is not here
 * stays unknown.
 */
export const returnStatuses: Readonly<Record<string, CaseState>> = {
  pendingapproval: "requested",
  approved: "approved",
  closed: "closed",
  completed: "closed",
};

/** Statuses of an order, or of its items, for a buyer who asked to cancel. Source: OrderChangeNotification.json, 2026-08. */
export const cancelStatuses: Readonly<Record<string, CaseState>> = {
  pending: "requested",
  pendingavailability: "requested",
  invoiceunconfirmed: "requested",
  unshipped: "requested",
  partiallyshipped: "requested",
  // It left all the same: a return may follow, as a case of its own.
  shipped: "rejected",
  canceled: "closed",
};

/** Amazon pays at the carrier's first scan, or has paid by itself. */
export const paidByAmazon = /refund\s*at\s*first\s*scan|automated\s*refund/i;

/** A replacement is Amazon's decision; the buyer sends the first item back. */
export function typeOfResolution(resolution: string | undefined): CaseType {
  return resolution?.toLowerCase().startsWith("replacement") ? "exchange" : "return_refund";
}

/** How far a line is; a case of several lines is as far as the one behind. */
const order: readonly CaseState[] = [
  "requested",
  "approved",
  "return_in_transit",
  "received",
  "refunding",
  "refunded",
  "closed",
];

export function leastAdvanced(states: readonly CaseState[]): CaseState | undefined {
  return [...states].sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
}
