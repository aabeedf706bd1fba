import { type Kind, paysBack, type TaobaoCase, type TaobaoShop } from "./model.ts";
import { int64 } from "./wire.ts";
import { chinaTime, phaseOf, yuan } from "./wording.ts";

/** What may happen to a case, as far as anybody is told. */
export const happenings = [
  "created",
  "agreed",
  "refused",
  "modified",
  "sent_back",
  "received",
  "shipped",
  "message",
  "closed",
  "success",
  "converted",
  "intervention_applied",
  "intervened",
] as const;
export type Happening = (typeof happenings)[number];

const refundFamily: Partial<Record<Happening, string>> = {
  created: "RefundCreated",
  agreed: "RefundSellerAgreeAgreement",
  refused: "RefundSellerRefuseAgreement",
  modified: "RefundBuyerModifyAgreement",
  sent_back: "RefundBuyerReturnGoods",
  message: "RefundCreateMessage",
  closed: "RefundClosed",
  success: "RefundSuccess",
  intervention_applied: "TaobaoInterApplied",
  intervened: "TaobaoIntervened",
};

const disputeFamily: Partial<Record<Happening, string>> = {
  created: "RefundCreated",
  success: "RefundSuccess",
  intervention_applied: "TaobaoInterApplied",
};

/** Of an exchange nothing says that the buyer has sent the goods back, nor that it was refused. */
const exchangeFamily: Partial<Record<Happening, string>> = {
  created: "RefundCreated",
  agreed: "ExchangeAgree",
  modified: "ExchangeModified",
  received: "ExchangeSellerConfirmed",
  shipped: "ExchangeSellerGoodsConsigned",
  success: "ExchangeSuccess",
  converted: "ExchangeTurnToRefund",
  closed: "ExchangeClosed",
  intervention_applied: "TaobaoInterApplied",
};

const reissueFamily: Partial<Record<Happening, string>> = {
  created: "ReshippingBuyerApply",
  agreed: "ReshippingSellerAccept",
  refused: "ReshippingSellerRefused",
  modified: "ReshippingBuyerModify",
  shipped: "ReshippingSellerConsignGoods",
  success: "ReshippingBuyerConfirm",
  closed: "ReshippingBuyerClose",
};

const freightFamily: Partial<Record<Happening, string>> = {
  created: "PostageRefundApplied",
  success: "PostageRefundSuccess",
};

const claimTypes: Readonly<Record<Kind, number>> = {
  refund: 1,
  return: 3,
  exchange: 4,
  reissue: 10,
  repair: 3,
  freight: 1,
  price: 1,
};
const billTypes: Readonly<Partial<Record<Kind, string>>> = { return: "return_bill", exchange: "replace_bill" };

export interface Told {
  topic: string;
  content: object;
}

/** The messages of one happening: the older family, the newer one, or both with the same news. */
export function messagesFor(case_: TaobaoCase, shop: TaobaoShop, what: Happening): Told[] {
  const told: Told[] = [];
  const { kind } = case_;
  const older = kind === "exchange" || kind === "reissue" || kind === "freight" ? undefined : refundFamily[what];
  if (older && kind !== "price") told.push({ topic: `taobao_refund_${older}`, content: refundContent(case_, shop) });
  const newer = newerTopic(case_, what);
  if (newer) told.push({ topic: `taobao_dispute_${newer}`, content: disputeContent(case_, shop) });
  return told;
}

function newerTopic(case_: TaobaoCase, what: Happening): string | undefined {
  switch (case_.kind) {
    case "exchange":
      return exchangeFamily[what];
    case "reissue":
      return reissueFamily[what];
    case "freight":
      return freightFamily[what];
    case "price":
      return what === "success" ? "RefundPriceProtect" : undefined;
    default:
      return paysBack(case_) ? disputeFamily[what] : undefined;
  }
}

function refundContent(case_: TaobaoCase, { nick }: TaobaoShop): object {
  return {
    tid: int64(case_.order.tid),
    oid: int64(case_.order.oid),
    refund_id: int64(case_.id),
    refund_fee: yuan(case_.refundFee),
    refund_phase: phaseOf(case_),
    bill_type: billTypes[case_.kind] ?? "refund_bill",
    buyer_nick: "t**8",
    buyer_open_uid: `AAEsim${case_.order.tid}`,
    seller_nick: nick,
    modified: chinaTime(case_.modifiedMs),
  };
}

/** Ids are text where goods are sent again, and bare numbers everywhere else. */
function disputeContent(case_: TaobaoCase, { openUid }: TaobaoShop): object {
  const id = case_.kind === "reissue" ? (text: string) => text : int64;
  return {
    tid: id(case_.order.tid),
    oid: id(case_.order.oid),
    refund_id: id(case_.id),
    seller_open_uid: openUid,
    create: chinaTime(case_.createdMs),
    modified: chinaTime(case_.modifiedMs),
    buyer_refund_fee: case_.refundFee,
    biz_claim_type: claimTypes[case_.kind],
    dispute_type: case_.order.isFinished ? 2 : 1,
  };
}
