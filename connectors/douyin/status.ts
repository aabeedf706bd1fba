import type { DeadlineKind, OnExpiry } from "#shared/case/deadline.ts";
import type { ReasonCode } from "#shared/case/reason.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType, DisputeStatus, WaitingOn } from "#shared/case/vocabulary.ts";

// Foreign codes and what they mean, as data. Source: https://op.jinritemai.com/docs/api-docs/17/1095 and 17/254, by copy,
// read 2026-11-25. A code that is not here stays unknown.

/** `after_sale_type`. 4 and 5 are cancellations by the system and by the buyer, on which nothing can be done. */
export const typeTable = {
  0: "return_refund",
  1: "refund_only",
  2: "refund_only",
  3: "exchange",
  4: "refund_only",
  5: "refund_only",
  6: "price_protection",
  7: "reissue",
  8: "repair",
} as const satisfies Readonly<Record<string, CaseType>>;

export const cancelTypes: readonly number[] = [4, 5];
/** Whether the order had left the merchant; types that are not here do not say. */
export const shippedTable: Readonly<Record<string, boolean>> = {
  0: true,
  1: true,
  2: false,
  3: true,
  7: true,
  8: true,
};
/** Types in which the goods come back; a repair only when a parcel does. */
export const returningTypes: readonly number[] = [0, 3, 8];

/** `by_refund`: consent, so that the money decides. `by_parcel`: received where goods came back, else approved. */
type StateRule = CaseState | "by_refund" | "by_parcel" | "refunded_or_closed";

interface StatusFacts {
  state: StateRule;
  waitingOn: WaitingOn;
  /** What `status_deadline` ends at this node. */
  deadline?: DeadlineKind;
  /** Types at which the channel publishes this status; others are kept and marked for review. */
  types?: readonly number[];
}

/** `after_sale_status`. */
export const statusTable: Readonly<Record<string, StatusFacts>> = {
  0: { state: "requested", waitingOn: "merchant", deadline: "respond" },
  6: { state: "requested", waitingOn: "merchant", deadline: "respond" },
  7: { state: "approved", waitingOn: "buyer", deadline: "buyer_return", types: [0, 3, 8] },
  8: { state: "by_parcel", waitingOn: "merchant", deadline: "ship_replacement", types: [7, 8] },
  11: { state: "return_in_transit", waitingOn: "merchant", deadline: "confirm_receipt", types: [0, 3, 8] },
  12: { state: "by_refund", waitingOn: "channel" },
  3: { state: "by_parcel", waitingOn: "buyer", deadline: "buyer_confirm", types: [3, 7, 8] },
  13: { state: "by_parcel", waitingOn: "buyer", deadline: "buyer_confirm", types: [3, 7, 8] },
  14: { state: "closed", waitingOn: "nobody", types: [3, 7, 8] },
  27: { state: "rejected", waitingOn: "buyer", deadline: "buyer_appeal" },
  28: { state: "closed", waitingOn: "nobody" },
  29: { state: "rejected", waitingOn: "buyer", deadline: "buyer_appeal", types: [0, 3, 8] },
  51: { state: "refunded_or_closed", waitingOn: "nobody" },
  53: { state: "refunded_or_closed", waitingOn: "nobody" },
};

/**
 * What the channel does when a node's time runs out, as far as it is published: a refund without goods and a return are
 * agreed, a receipt is confirmed and the refund follows, a buyer who does nothing has the case closed.
 */
export function onExpiryOf(deadline: DeadlineKind, type: number): OnExpiry {
  if (deadline === "respond") {
    if (type === 1 || type === 2) return "auto_refund";
    return type === 0 || type === 3 ? "auto_approve" : "unknown";
  }
  if (deadline === "confirm_receipt") return type === 0 ? "auto_refund" : "unknown";
  return deadline === "buyer_return" || deadline === "buyer_appeal" ? "auto_close" : "unknown";
}

/** `refund_status`. 5: the money came and was later recovered from the merchant. */
export const refundTable = { 0: "none", 1: "pending", 2: "moving", 3: "paid", 4: "failed", 5: "paid" } as const;

/** `refund_type` of Detail: the platform paid in advance. */
export const platformAdvance = 5;

/** `arbitrate_status` while it runs, and the results it names itself. 6 and 255 are over; the conclusion tells how. */
export const disputeTable: Readonly<Record<string, DisputeStatus>> = {
  0: "none",
  1: "under_review",
  2: "decided_for_buyer",
  3: "decided_for_merchant",
  4: "evidence_due",
  5: "negotiating",
};
export const disputeOver: readonly number[] = [6, 255];
/** `arbitrate_conclusion`; 3 is for the buyer with immediate refund. */
export const conclusionTable: Readonly<Record<string, DisputeStatus>> = {
  1: "decided_for_buyer",
  2: "decided_for_merchant",
  3: "decided_for_buyer",
};

/** `reason_code`, where one code means one thing. The list is open-ended and the others are read from their fixed text. */
export const reasonTable: Readonly<Record<string, ReasonCode>> = {
  1: "no_reason.ordered_by_mistake",
  2: "fulfilment.late",
  3: "transit.lost",
  4: "transit.lost",
  6: "no_reason.changed_mind",
  7: "quality.defect",
  8: "quality.not_working",
  9: "description.not_as_described",
  10: "description.not_as_described",
  11: "description.not_as_described",
  12: "description.counterfeit",
  14: "fulfilment.out_of_stock",
  16: "description.not_as_described",
  17: "description.not_as_described",
  18: "description.not_as_described",
  19: "quality.defect",
  20: "fulfilment.missing_item",
  21: "transit.damaged",
  22: "fulfilment.wrong_item",
  24: "price.freight",
  25: "description.not_as_described",
  26: "quality.defect",
  27: "quality.defect",
  28: "description.not_as_described",
  30: "description.counterfeit",
  31: "quality.defect",
  32: "quality.defect",
  33: "description.not_as_described",
  34: "quality.smell_or_allergy",
};

/** Words of the fixed reason texts, most telling first. */
export const reasonWords: readonly (readonly [words: RegExp, code: ReasonCode])[] = [
  [/价保|价格保护|退差价/, "price.protection"],
  [/退运费|运费/, "price.freight"],
  [/假冒|假货|盗版|正品/, "description.counterfeit"],
  [/少件|漏发|少发|缺件/, "fulfilment.missing_item"],
  [/错发|发错/, "fulfilment.wrong_item"],
  [/缺货|无货/, "fulfilment.out_of_stock"],
  [/未按约定时间|发货慢|未发货/, "fulfilment.late"],
  [/拒收/, "transit.delivery_refused"],
  [/未收到|无跟踪|丢件|未送达/, "transit.lost"],
  [/包装破损|运输破损|包裹破损/, "transit.damaged"],
  [/过敏|异味|气味/, "quality.smell_or_allergy"],
  [/功能故障|功能异常|无法使用/, "quality.not_working"],
  [/偏小|太小/, "fit.too_small"],
  [/偏大|太大/, "fit.too_large"],
  [/不符/, "description.not_as_described"],
  [/质量|破损|瑕疵|污渍|变质|过期|做工/, "quality.defect"],
  [/发票/, "invoice"],
  [/多拍|拍错|错拍/, "no_reason.ordered_by_mistake"],
  [/不喜欢|不想要|七天无理由|7天无理由/, "no_reason.changed_mind"],
];
