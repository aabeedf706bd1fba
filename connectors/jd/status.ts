import type { ReasonCode } from "#shared/case/reason.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType, Flag, WaitingOn } from "#shared/case/vocabulary.ts";

// Foreign codes and what they mean, as data. None of the tables is on a public page of the channel; B: an ERP that works
// on them (qihangerp, read 2026-11-25), A: in a client generated from the channel's own documents, C: reasoned by us.
// A code that is not here stays unknown.

/** How sure a row is. */
type Mark = "A" | "B" | "C";

/** `by_parcel`: return_in_transit once a waybill is there. `by_type`: what asks for money goes one way, the rest another. */
type TicketRule = CaseState | "by_parcel" | "refunding_by_type" | "final_by_type";

interface TicketFacts {
  label: string;
  state: TicketRule;
  waitingOn: WaitingOn;
  mark: Mark;
  flags?: readonly Flag[];
}

/** `serviceStatus`. */
export const ticketTable: Readonly<Record<string, TicketFacts>> = {
  10000: { label: "waiting to be claimed for audit", state: "requested", waitingOn: "merchant", mark: "B" },
  10001: { label: "waiting for audit", state: "requested", waitingOn: "merchant", mark: "B" },
  10002: { label: "waiting for the buyer's answer", state: "requested", waitingOn: "buyer", mark: "B" },
  10004: { label: "closed at audit", state: "rejected", waitingOn: "buyer", mark: "B" },
  10005: { label: "waiting for the goods", state: "by_parcel", waitingOn: "buyer", mark: "B" },
  10006: { label: "waiting to be claimed for processing", state: "received", waitingOn: "merchant", mark: "B" },
  10007: { label: "waiting for processing", state: "received", waitingOn: "merchant", mark: "B" },
  10009: { label: "waiting for the buyer's word", state: "refunding_by_type", waitingOn: "buyer", mark: "B" },
  10010: { label: "finished", state: "final_by_type", waitingOn: "nobody", mark: "B" },
  10011: { label: "cancelled", state: "closed", waitingOn: "nobody", mark: "B" },
  10012: { label: "the buyer has answered", state: "requested", waitingOn: "merchant", mark: "B" },
  10013: { label: "audit and answer both awaited", state: "requested", waitingOn: "merchant", mark: "B" },
  10041: { label: "refund application submitted", state: "refunding", waitingOn: "channel", mark: "B" },
  1100: { label: "waiting for a repair centre", state: "received", waitingOn: "channel", mark: "B" },
  12000: { label: "repair on site", state: "received", waitingOn: "channel", mark: "B" },
  14000: { label: "inspection on site", state: "received", waitingOn: "channel", mark: "B" },
  // Three labels share the code: claw-back open, goods not received and money due, goods received and money due.
  13000: { label: "collection", state: "refunding", waitingOn: "channel", mark: "C", flags: ["needs_review"] },
};

/** Statuses at which the audit calls are taken. */
export const auditStatuses: readonly number[] = [10000, 10001, 10012, 10013];
/** Statuses at which the goods are booked in and the second answer is due. */
export const processStatuses: readonly number[] = [10006, 10007];
export const waitsForGoods = 10005;
/** The buyer was asked at the audit and has not answered. */
export const waitsForBuyer = 10002;
export const finished = 10010;
/** Statuses at which the channel may already show a refund of this ticket. */
export const paidStatuses: readonly number[] = [10009, 10010, 10041, 13000];

/** `customerExpect`: what the buyer wants. Those marked unmapped are services the model has no word for. */
export const expectTable: Readonly<Record<string, { type: CaseType; unmapped?: true; mark: Mark }>> = {
  10: { type: "return_refund", mark: "A" },
  11: { type: "refund_only", mark: "B" },
  20: { type: "exchange", mark: "A" },
  30: { type: "repair", mark: "A" },
  40: { type: "repair", unmapped: true, mark: "C" },
  50: { type: "repair", unmapped: true, mark: "C" },
  60: { type: "repair", unmapped: true, mark: "C" },
  70: { type: "repair", mark: "B" },
  80: { type: "reissue", mark: "B" },
  90: { type: "refund_only", mark: "B" },
  100: { type: "return_refund", unmapped: true, mark: "C" },
};

/** `approveResult` that changes what the ticket is: refunded without return, replaced without return. */
export const approvedAs: Readonly<Record<string, Readonly<Record<string, CaseType>>>> = {
  10: { 91: "refund_only" },
  20: { 21: "reissue", 87: "reissue" },
};
/** `approveResult` of the lightning refund: the channel pays before the goods are back. */
export const lightningRefund = 34;

/** `processResult`, of which two sets disagree; only what tells that no money moved is read, and its name beside it. */
export const sentBack = 70;
export const sentBackWords = /原返|原物返回|返回客户|寄回客户/;

/** `pickwareType`: how the goods come back. Other ways have no audit call of their own that is documented. */
export const pickware = { homepick: 4, swap: 5, delivery: 7, send: 40 } as const;

/** `wareType` of a line: goods are the main item and gifts; only the main item has a price. */
export const mainWare = 10;
export const giftWare = 20;

interface RefundFacts {
  label: string;
  state: CaseState;
  waitingOn: WaitingOn;
  mark: Mark;
  flags?: readonly Flag[];
  /** The parcel had left, by what the status means. */
  shipped?: true;
}

/** `status` of a refund application: 0 to 11 from the channel's documents, the others from an ERP. */
export const refundTable: Readonly<Record<string, RefundFacts>> = {
  0: { label: "not reviewed", state: "requested", waitingOn: "merchant", mark: "A" },
  1: { label: "approved", state: "refunding", waitingOn: "channel", mark: "A" },
  2: { label: "refused", state: "rejected", waitingOn: "buyer", mark: "A" },
  3: { label: "refund done", state: "refunded", waitingOn: "nobody", mark: "A" },
  4: { label: "refund failed", state: "refunding", waitingOn: "channel", mark: "C", flags: ["refund_failed"] },
  5: { label: "approved by hand", state: "refunding", waitingOn: "channel", mark: "A" },
  6: { label: "intercept and refund", state: "return_in_transit", waitingOn: "carrier", mark: "C", shipped: true },
  7: { label: "intercepted", state: "refunding", waitingOn: "channel", mark: "C", shipped: true },
  8: {
    label: "intercept failed",
    state: "approved",
    waitingOn: "merchant",
    mark: "C",
    flags: ["needs_review"],
    shipped: true,
  },
  9: { label: "force-closed and refunded", state: "refunding", waitingOn: "channel", mark: "A" },
  10: { label: "logistics follow up", state: "approved", waitingOn: "carrier", mark: "C", shipped: true },
  11: { label: "withdrawn by the buyer", state: "closed", waitingOn: "nobody", mark: "A" },
  16: { label: "refused at the door", state: "refunding", waitingOn: "channel", mark: "B", shipped: true },
  17: { label: "return and refund agreed", state: "approved", waitingOn: "buyer", mark: "B", shipped: true },
  18: { label: "closed by agreement", state: "closed", waitingOn: "nobody", mark: "B" },
  // The channel steps in where a refusal is contested.
  19: { label: "dispute", state: "rejected", waitingOn: "channel", mark: "C", flags: ["needs_review"] },
  27: { label: "promised intercept", state: "approved", waitingOn: "carrier", mark: "C", shipped: true },
};
export const disputeStatus = 19;
/** Negotiated to a return with refund. */
export const negotiatedReturn = 17;
/** Where an application may still move by itself; the sweep looks at these. */
export const openRefundStatuses: readonly number[] = [0, 1, 4, 5, 6, 7, 8, 9, 10, 16, 17, 19, 27];

/** `order_state` of an order, where the shop may read it: whether the parcel has left. */
export const shippedByOrder: Readonly<Record<string, boolean>> = {
  WAIT_SELLER_STOCK_OUT: false,
  POP_ORDER_PAUSE: false,
  WAIT_GOODS_RECEIVE_CONFIRM: true,
  FINISHED_L: true,
};

/** Words of the fixed reason texts, most telling first. */
export const reasonWords: readonly (readonly [words: RegExp, code: ReasonCode])[] = [
  [/价保|降价|价格保护|差价/, "price.protection"],
  [/运费/, "price.freight"],
  [/假冒|假货|正品/, "description.counterfeit"],
  [/少件|漏发|少发|缺件/, "fulfilment.missing_item"],
  [/错发|发错/, "fulfilment.wrong_item"],
  [/缺货|无货/, "fulfilment.out_of_stock"],
  [/时间过长|送货慢|发货慢|未按约定|未发货/, "fulfilment.late"],
  [/拒收/, "transit.delivery_refused"],
  [/未收到|丢件|未送达/, "transit.lost"],
  [/运输破损|包装破损|物流破损/, "transit.damaged"],
  [/过敏|异味|气味/, "quality.smell_or_allergy"],
  [/性能故障|功能|无法使用|故障/, "quality.not_working"],
  [/偏小|太小/, "fit.too_small"],
  [/偏大|太大/, "fit.too_large"],
  [/颜色|款式/, "fit.color_or_style"],
  [/不符/, "description.not_as_described"],
  [/质量|瑕疵|破损|商品问题/, "quality.defect"],
  [/发票/, "invoice"],
  [/填写错误|重复下单|拍错|多拍|买错/, "no_reason.ordered_by_mistake"],
  [/不想要|不喜欢|无理由/, "no_reason.changed_mind"],
];
