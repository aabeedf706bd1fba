import type { CaseTruth } from "../contract.ts";
import { sellerNodes } from "./lifecycle.ts";
import { isDisputed, isOver, paysBack, type TaobaoCase } from "./model.ts";
import { exchangeStatus, refundStatus } from "./wording.ts";

/** The state of our case model this case is in, by the fact sheet's mapping. A dispute is an overlay there. */
export function stateOf(case_: TaobaoCase): string {
  if (case_.strangeStatus) return "unknown";
  switch (case_.node) {
    case "pending":
      return "requested";
    case "address_owed":
    case "buyer_returns":
      return "approved";
    case "returned":
      return "return_in_transit";
    case "to_ship":
    case "shipped":
      return "received";
    case "refused":
      return "rejected";
    case "done":
      return paysBack(case_) ? "refunded" : "closed";
    case "closed":
    case "converted":
      return "closed";
  }
}

export function truthOf(case_: TaobaoCase): CaseTruth {
  const dueAtMs = sellerDueMs(case_);
  return {
    shopId: case_.shopId,
    channelCaseId: case_.id,
    plan: case_.plan,
    state: stateOf(case_),
    final: isOver(case_) && !case_.strangeStatus,
    settledMinor: case_.settledFen,
    currency: "CNY",
    ...(dueAtMs !== undefined && { dueAt: new Date(dueAtMs).toISOString() }),
    missedDeadlines: case_.missedDeadlines,
    settled: isSettled(case_),
    rawStatus: case_.kind === "exchange" ? exchangeStatus(case_) : refundStatus(case_),
  };
}

/** Whole seconds, as the platform states it. */
function sellerDueMs(case_: TaobaoCase): number | undefined {
  const { timeoutMs, node, csStatus } = case_;
  const isSellers = isDisputed(case_) ? csStatus === 10 : sellerNodes.includes(node);
  return isSellers && timeoutMs > 0 && !isOver(case_) ? Math.floor(timeoutMs / 1000) * 1000 : undefined;
}

/** Nothing more will happen by itself: no step of the plan, no money on its way, no timer. */
function isSettled(case_: TaobaoCase): boolean {
  const { step, moneyAtMs, timeoutMs } = case_;
  return step === undefined && moneyAtMs === undefined && (isOver(case_) || timeoutMs === 0);
}
