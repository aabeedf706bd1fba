import type { CaseTruth } from "../contract.ts";
import { sellerNodes } from "./lifecycle.ts";
import { caseTypes, type DouyinCase, isArbitrationOpen } from "./model.ts";

const isReplacement = (type: number) => type === caseTypes.reissue || type === caseTypes.repair;

/**
 * The state of our case model this case is in, by the fact sheet's mapping, first match wins. An open arbitration is an
 * overlay there and does not change the state underneath.
 */
export function stateOf({ status, refundStatus, type, returnParcel }: DouyinCase): string {
  switch (status) {
    case 0:
    case 6:
      return "requested";
    case 7:
      return "approved";
    case 8:
      return type === caseTypes.repair && returnParcel !== undefined ? "received" : "approved";
    case 11:
      return "return_in_transit";
    case 3:
    case 13:
      return isReplacement(type) && returnParcel === undefined ? "approved" : "received";
    case 12:
      return refundStatus === 3 || refundStatus === 5 ? "refunded" : "refunding";
    case 14:
    case 28:
      return "closed";
    case 27:
    case 29:
      return "rejected";
    case 51:
    case 53:
      return refundStatus === 3 ? "refunded" : "closed";
    default:
      return "unknown";
  }
}

export function truthOf(case_: DouyinCase): CaseTruth {
  const state = stateOf(case_);
  const dueAt = sellerDueAt(case_);
  return {
    shopId: case_.shopId,
    channelCaseId: case_.id,
    plan: case_.plan,
    state,
    final: state === "refunded" || state === "closed",
    settledMinor: case_.refundStatus === 3 ? case_.realRefundAmount : 0,
    currency: "CNY",
    ...(dueAt === undefined ? {} : { dueAt }),
    missedDeadlines: case_.missedDeadlines,
    settled: isSettled(case_),
    rawStatus: `${case_.status}/${case_.refundStatus}${isArbitrationOpen(case_) ? `/arbitration ${case_.arbitration?.status}` : ""}`,
  };
}

/** The nearest instant by which the seller must act: the node's, or that of the evidence the platform asked for. */
function sellerDueAt(case_: DouyinCase): string | undefined {
  const isSellersTurn = sellerNodes.includes(case_.status) && !isArbitrationOpen(case_);
  const dues = [isSellersTurn ? case_.statusDeadline : 0, case_.arbitration?.deadline ?? 0].filter((due) => due > 0);
  return dues.length === 0 ? undefined : new Date(Math.min(...dues) * 1000).toISOString();
}

/** Nothing more will happen by itself: no step of the plan, no money on its way, no timer. */
function isSettled(case_: DouyinCase): boolean {
  return (
    case_.step === undefined &&
    case_.moneyAtMs === undefined &&
    (case_.finalTime > 0 || case_.statusDeadline === 0) &&
    !isArbitrationOpen(case_)
  );
}
