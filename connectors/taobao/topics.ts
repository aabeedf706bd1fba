interface TopicFacts {
  /** Set where the case is new. */
  opens?: true;
  /** What kind of record it is about, where the topic alone tells. */
  about?: "exchange";
}

/** Sent when a shop ends its authorisation of our app. */
export const authorisationEnded = "taobao_top_AuthCancel";

/**
 * After-sales messages, both families. The same event may come in both. Left out on purpose: RefundTimeoutRemind and
 * RefundBlockMessage never arrive, RefundableMarked is about trades, tmall_refund_* publish no content. A topic that is
 * not here but names a case is taken too.
 * Source: https://open.taobao.com/tmc.htm, by the schema file of github.com/TheNorthMemory/tmc.js (2026-07), read 2026-11-25.
 */
export const topics: Readonly<Record<string, TopicFacts>> = {
  taobao_refund_RefundCreated: { opens: true },
  taobao_refund_RefundSellerAgreeAgreement: {},
  taobao_refund_RefundSellerRefuseAgreement: {},
  taobao_refund_RefundBuyerModifyAgreement: {},
  taobao_refund_RefundBuyerReturnGoods: {},
  taobao_refund_RefundCreateMessage: {},
  taobao_refund_RefundClosed: {},
  taobao_refund_RefundSuccess: {},
  taobao_refund_TaobaoInterApplied: {},
  taobao_refund_TaobaoIntervened: {},
  taobao_dispute_RefundCreated: { opens: true },
  taobao_dispute_RefundSuccess: {},
  taobao_dispute_RefundPriceProtect: {},
  taobao_dispute_TaobaoInterApplied: {},
  taobao_dispute_ExchangeAgree: { about: "exchange" },
  taobao_dispute_ExchangeModified: { about: "exchange" },
  taobao_dispute_ExchangeSellerConfirmed: { about: "exchange" },
  taobao_dispute_ExchangeSellerGoodsConsigned: { about: "exchange" },
  taobao_dispute_ExchangeSuccess: { about: "exchange" },
  taobao_dispute_ExchangeTurnToRefund: { about: "exchange" },
  taobao_dispute_ExchangeClosed: { about: "exchange" },
  taobao_dispute_NegotiationApply: {},
  taobao_dispute_NegotiationAgreed: {},
  taobao_dispute_NegotiationRefused: {},
  taobao_dispute_PostageRefundSuccess: {},
  taobao_dispute_PostageRefundApplied: {},
  taobao_dispute_ReshippingBuyerApply: { opens: true },
  taobao_dispute_ReshippingSellerRefused: {},
  taobao_dispute_ReshippingSellerConsignGoods: {},
  taobao_dispute_ReshippingBuyerModify: {},
  taobao_dispute_ReshippingBuyerClose: {},
  taobao_dispute_ReshippingBuyerConfirm: {},
  taobao_dispute_ReshippingSellerAccept: {},
};

/** The topic of a notice from the sweep over exchanges, which also tells what it is about. */
export const exchangeSweep = "tmall.exchange.receive.get";

/** Whether a notice with this topic is certainly about an exchange. */
export function isAboutExchange(topic: string): boolean {
  return topic === exchangeSweep || (Object.hasOwn(topics, topic) && topics[topic]?.about === "exchange");
}

/** A family that is about cases, so that a topic added later is not lost. */
export function isAfterSales(topic: string): boolean {
  return /^taobao_(?:refund|dispute)_/.test(topic);
}
