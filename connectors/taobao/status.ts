import type { DeadlineKind, OnExpiry } from "#shared/case/deadline.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType, DisputeStatus, GoodsStatus, WaitingOn } from "#shared/case/vocabulary.ts";

// Foreign codes and what they mean, as data. Refunds and exchanges number their steps differently, and answers mix
// numbers, words and Chinese text; so each spelling leads to a step, and the step to what it means. Source: API metadata
// 53, 52, 33878 and 31198, by copies (github.com/bububa/opentaobao), read 2026-11-25. What is not here stays unknown.

interface StepFacts {
  /** `done`: refunded where the case is about money, else closed and fulfilled. */
  state: CaseState | "done";
  waitingOn: WaitingOn;
  /** What the channel's clock ends at this step. */
  deadline?: DeadlineKind;
}

export const steps = {
  pending: { state: "requested", waitingOn: "merchant", deadline: "respond" },
  /** A freight dispute that has not begun yet. */
  freight_pending: { state: "requested", waitingOn: "merchant", deadline: "respond" },
  address_owed: { state: "approved", waitingOn: "merchant", deadline: "provide_address" },
  buyer_returns: { state: "approved", waitingOn: "buyer", deadline: "buyer_return" },
  returned: { state: "return_in_transit", waitingOn: "merchant", deadline: "confirm_receipt" },
  to_ship: { state: "received", waitingOn: "merchant", deadline: "ship_replacement" },
  shipped: { state: "received", waitingOn: "buyer", deadline: "buyer_confirm" },
  /** Not the end: the buyer may ask again or call the platform in. */
  refused: { state: "rejected", waitingOn: "buyer", deadline: "buyer_appeal" },
  done: { state: "done", waitingOn: "nobody" },
  closed: { state: "closed", waitingOn: "nobody" },
  /** Goes on as a refund with an id of its own. */
  converted: { state: "closed", waitingOn: "nobody" },
} as const satisfies Record<string, StepFacts>;
export type Step = keyof typeof steps;

/** Words of refunds and filters, with the channel's own slip in GOOGDS, and the numbers of the dispute list. */
export const refundSteps: Readonly<Record<string, Step>> = {
  WAIT_SELLER_AGREE: "pending",
  WAIT_BUYER_RETURN_GOODS: "buyer_returns",
  WAIT_SELLER_CONFIRM_GOODS: "returned",
  SELLER_REFUSE_BUYER: "refused",
  CLOSED: "closed",
  SUCCESS: "done",
  WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS: "shipped",
  EXCHANGE_WAIT_BUYER_CONFIRM_GOODS: "shipped",
  WAIT_BUYER_CONFIRM_REDO_SEND_GOODS: "shipped",
  WAIT_SELLER_CONSIGN_GOODS: "to_ship",
  WAIT_SELLER_CONSIGN_GOOGDS: "to_ship",
  WAIT_SELLER_CONFIRM_RETURN_ADDRESS: "address_owed",
  EXCHANGE_TRANSFORM_TO_REFUND: "converted",
  POST_FEE_DISPUTE_WAIT_ACTIVATE: "freight_pending",
  1: "pending",
  2: "buyer_returns",
  3: "returned",
  4: "closed",
  5: "done",
  6: "refused",
  7: "shipped",
  8: "address_owed",
  12: "to_ship",
  13: "shipped",
  14: "converted",
};

/** Numbers are documented, the Chinese text is what answers have been seen to carry. */
export const exchangeSteps: Readonly<Record<string, Step>> = {
  1: "pending",
  换货待处理: "pending",
  2: "buyer_returns",
  待买家退货: "buyer_returns",
  3: "returned",
  "买家已退货，待收货": "returned",
  4: "closed",
  换货关闭: "closed",
  5: "done",
  换货成功: "done",
  6: "refused",
  待买家修改: "refused",
  12: "to_ship",
  待发出换货商品: "to_ship",
  13: "shipped",
  待买家收货: "shipped",
  14: "converted",
  请退款: "converted",
};

/** `dispute_type`. OTHERS and a missing one are told by whether goods come back. */
export const typeTable: Readonly<Record<string, CaseType>> = {
  REFUND: "refund_only",
  REFUND_AND_RETURN: "return_refund",
  TMALL_EXCHANGE: "exchange",
  TAOBAO_EXCHANGE: "exchange",
  REPAIR: "repair",
  RESHIPPING: "reissue",
};
export const typesByGoods: readonly string[] = ["OTHERS", ""];
/** `special_refund_type`: paid by the platform's own rule, without a decision of the seller. */
export const specialTypeTable: Readonly<Record<string, CaseType>> = {
  priceProtect: "price_protection",
  cashBack: "refund_only",
};

export const movesMoney: readonly CaseType[] = ["refund_only", "return_refund", "price_protection"];

/** `cs_status`. 6 is over without a word on who won. */
export const disputeTable: Readonly<Record<string, DisputeStatus>> = {
  0: "none",
  1: "none",
  2: "under_review",
  3: "under_review",
  4: "under_review",
  5: "under_review",
  6: "none",
  7: "withdrawn",
  8: "decided_for_buyer",
  9: "decided_for_merchant",
  10: "evidence_due",
  11: "under_review",
};

/** `advance_status` in which the platform has paid the buyer itself. */
export const advanced: readonly string[] = ["2", "5"];

/** `order_status` that tells whether the order had left the seller. */
export const shippedTable: Readonly<Record<string, boolean>> = {
  WAIT_SELLER_SEND_GOODS: false,
  WAIT_BUYER_CONFIRM_GOODS: true,
  TRADE_BUYER_SIGNED: true,
  TRADE_FINISHED: true,
};

/** `good_status`; exchanges have been constructed with Chinese text, which no document lists. */
export const goodsTable: Readonly<Record<string, GoodsStatus>> = {
  BUYER_NOT_RECEIVED: "outbound",
  BUYER_RECEIVED: "with_buyer",
  BUYER_RETURNED_GOODS: "returning",
  买家未收到货: "outbound",
  买家已收到货: "with_buyer",
  买家已退货: "returning",
};

/**
 * What the channel does when a step's time runs out, as far as anything is published; the platform changes it by
 * announcement. Source: https://chinashoppingguide.com/taobao-general-refund-timeout-guidelines (first part) and
 * platform announcement 25639 of 2022-04-29, read 2026-11-25.
 */
export function onExpiryOf(deadline: DeadlineKind, type: CaseType | undefined): OnExpiry {
  switch (deadline) {
    case "respond":
      if (type === "refund_only") return "auto_refund";
      return type === "return_refund" || type === "exchange" ? "auto_approve" : "unknown";
    case "confirm_receipt":
      if (type === "return_refund") return "auto_refund";
      return type === "exchange" ? "auto_confirm" : "unknown";
    case "buyer_return":
    case "buyer_appeal":
      return "auto_close";
    case "buyer_confirm":
      return "auto_confirm";
    default:
      return "unknown";
  }
}
