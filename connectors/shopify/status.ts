import type { ReasonCode } from "#shared/case/reason.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType, DisputeStatus, Mapped } from "#shared/case/vocabulary.ts";

// Foreign words under our own, as data. Source: the Admin API schema, version 2026-10, read 2026-11-22.

/** Return statuses that are a state by themselves; OPEN and CLOSED need the money and the goods. */
const plainReturnStatuses: Readonly<Record<string, CaseState>> = {
  DECLINED: "rejected",
  CANCELED: "closed",
  REQUESTED: "requested",
};

/** What a refund transaction says of its money. UNKNOWN is missing on purpose: Shopify itself does not know. */
export const transactionStatuses: Readonly<Record<string, "settled" | "pending" | "failed">> = {
  SUCCESS: "settled",
  PENDING: "pending",
  AWAITING_RESPONSE: "pending",
  FAILURE: "failed",
  ERROR: "failed",
};

/** Transactions beside the refund itself that may hang on a refund and move no money to the buyer. */
export const otherTransactionKinds: ReadonlySet<string> = new Set([
  "AUTHORIZATION",
  "CAPTURE",
  "CHANGE",
  "EMV_AUTHORIZATION",
  "SALE",
  "SUGGESTED_REFUND",
  "VOID",
]);

/** What became of units that were to come back. */
export const dispositions: Readonly<Record<string, "received" | "missing">> = {
  RESTOCKED: "received",
  NOT_RESTOCKED: "received",
  PROCESSING_REQUIRED: "received",
  MISSING: "missing",
};

export const disputeStatuses: Readonly<Record<string, DisputeStatus>> = {
  NEEDS_RESPONSE: "evidence_due",
  UNDER_REVIEW: "under_review",
  ACCEPTED: "decided_for_buyer",
  LOST: "decided_for_buyer",
  CHARGE_REFUNDED: "decided_for_buyer",
  WON: "decided_for_merchant",
  PREVENTED: "withdrawn",
};

/**
 * The state of a dispute as a case of its own: open until the bank has decided. The bank moves the money, so no state
 * here is `refunded`.
 */
export const disputeStates: Readonly<Record<string, CaseState>> = {
  NEEDS_RESPONSE: "requested",
  UNDER_REVIEW: "requested",
  ACCEPTED: "closed",
  LOST: "closed",
  CHARGE_REFUNDED: "closed",
  WON: "closed",
  PREVENTED: "closed",
};

/** A dispute asks for money and never for goods. */
export const disputeTypes: Readonly<Record<string, CaseType>> = { CHARGEBACK: "refund_only", INQUIRY: "refund_only" };

/** Handles of the reason library and, in upper case, the enum before it. What is not here is `unknown`, with its code. */
export const reasonCodes: Readonly<Record<string, ReasonCode>> = {
  "arrived-late": "fulfilment.late",
  "color-too-bright": "fit.color_or_style",
  color: "fit.color_or_style",
  defective: "quality.defect",
  "not-as-described": "description.not_as_described",
  "size-too-large": "fit.too_large",
  "size-too-small": "fit.too_small",
  style: "fit.color_or_style",
  "too-large": "fit.too_large",
  "too-small": "fit.too_small",
  "too-tight": "fit.too_small",
  unwanted: "no_reason.changed_mind",
  "wrong-item": "fulfilment.wrong_item",
  COLOR: "fit.color_or_style",
  DEFECTIVE: "quality.defect",
  NOT_AS_DESCRIBED: "description.not_as_described",
  SIZE_TOO_LARGE: "fit.too_large",
  SIZE_TOO_SMALL: "fit.too_small",
  STYLE: "fit.color_or_style",
  UNWANTED: "no_reason.changed_mind",
  WRONG_ITEM: "fulfilment.wrong_item",
};

/** What the bank's customer says. FRAUDULENT and the like are no after-sales reasons and stay `unknown`. */
export const disputeReasons: Readonly<Record<string, ReasonCode>> = {
  PRODUCT_NOT_RECEIVED: "transit.lost",
  PRODUCT_UNACCEPTABLE: "description.not_as_described",
};

export interface ReturnSigns {
  status: string;
  /** The whole order has been cancelled. */
  orderCancelled: boolean;
  /** Some refund transaction waits for its provider. */
  pending: boolean;
  /** Some refund transaction succeeded. */
  settled: boolean;
  /** Units not yet processed. */
  outstanding: boolean;
  received: boolean;
  tracked: boolean;
  /** The first transaction or disposition word that no table knows. */
  unknownTransaction?: string;
  unknownDisposition?: string;
}

/** The state of a return: the first rule that fits. A word outside the tables, where it matters, leaves it unknown. */
export function stateOfReturn(signs: ReturnSigns): Mapped<CaseState> {
  const { status } = signs;
  const known = (value: CaseState): Mapped<CaseState> => ({ known: true, value, raw: status });
  // A declined line may be asked for again; one of a cancelled order may not.
  if (status === "DECLINED" && signs.orderCancelled)
    return { known: true, value: "closed", raw: "DECLINED, order cancelled" };
  if (Object.hasOwn(plainReturnStatuses, status)) return known(plainReturnStatuses[status] as CaseState);
  if (status !== "OPEN" && status !== "CLOSED") return { known: false, raw: status };
  if (signs.pending) return known("refunding");
  if (signs.unknownTransaction !== undefined) return { known: false, raw: `${status}, ${signs.unknownTransaction}` };
  if (signs.settled) return known(status === "CLOSED" || !signs.outstanding ? "refunded" : "refunding");
  if (status === "CLOSED") return known("closed");
  if (signs.unknownDisposition !== undefined) return { known: false, raw: `${status}, ${signs.unknownDisposition}` };
  if (signs.received) return known("received");
  // Shopify knows no delivery status, and we have no carrier's: a tracking number is all that tells.
  return known(signs.tracked ? "return_in_transit" : "approved");
}

export interface RefundSigns {
  pending: boolean;
  failed: boolean;
  settled: boolean;
  /** The refund is worth something. */
  worth: boolean;
  unknownTransaction?: string;
}

/** The state of a refund without a return. It exists, so it was agreed; only the money is open. */
export function stateOfRefund({ pending, failed, settled, worth, unknownTransaction }: RefundSigns): Mapped<CaseState> {
  if (pending) return { known: true, value: "refunding", raw: "PENDING" };
  if (unknownTransaction !== undefined) return { known: false, raw: unknownTransaction };
  if (failed) return { known: true, value: "refunding", raw: "FAILURE" };
  if (settled) return { known: true, value: "refunded", raw: "SUCCESS" };
  // A refund may only put goods back on the shelf.
  return { known: true, value: worth ? "refunding" : "closed", raw: "NO_TRANSACTION" };
}
