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

/**
 * Statuses of a line in the External Fulfillment Returns API, which do come from a list. Only of these returns is it known
 * that the parcel moves. Source: its model of 2024-09-11, read 2026-11-25.
 */
export const externalStatuses: Readonly<Record<string, CaseState>> = {
  CREATED: "approved",
  CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER: "approved",
  CARRIER_OUT_FOR_PICK_UP_FROM_CUSTOMER: "approved",
  CUSTOMER_CANCELLED_PICK_UP: "approved",
  CUSTOMER_RESCHEDULED_PICK_UP: "approved",
  PICKED_FROM_CUSTOMER: "return_in_transit",
  CUSTOMER_DROPPED_OFF: "return_in_transit",
  IN_TRANSIT: "return_in_transit",
  OUT_FOR_DELIVERY: "return_in_transit",
  REPLANNED: "return_in_transit",
  DELIVERED: "received",
  PARTIALLY_PROCESSED: "received",
  PROCESSED: "closed",
  CANCELLED: "closed",
  REJECTED: "rejected",
};

/** Whether a state's own word, or each of several, came from that API. */
export function isExternalWord(raw: string): boolean {
  return raw.split(", ").every((word) => Object.hasOwn(externalStatuses, word));
}

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

/** Whether one state is beyond another. What was rejected is beyond a request and behind whatever moved after it. */
export function isFurther(state: CaseState, than: CaseState): boolean {
  const rank = (each: CaseState) => (each === "rejected" ? 1.5 : order.indexOf(each));
  return rank(state) > rank(than);
}

export function leastAdvanced(states: readonly CaseState[]): CaseState | undefined {
  return [...states].sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
}
