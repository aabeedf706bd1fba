interface TagFacts {
  /** The channel's published name, in its own spelling. */
  name: string;
  /** The tag's own field with the time of the event, epoch seconds. */
  time?: string;
  /** Set where the case is new. */
  opens?: true;
}

/** Sent when the push address is saved in the console; its data is a bare time. */
export const probeTag = "0";

/**
 * The after-sales messages. Tags 210, 219 to 223 and those above 227 are not published.
 * Source: https://op.jinritemai.com/docs/message-docs/31/115 and its siblings, by copy, read 2026-11-25.
 */
export const tags: Readonly<Record<string, TagFacts>> = {
  200: { name: "doudian_refund_RefundCreated", time: "apply_time", opens: true },
  201: { name: "doudian_refund_RefundAgreed", time: "agree_time" },
  202: { name: "doudian_refund_ReturnApplyAgreed", time: "agree_time" },
  203: { name: "doudian_refund_BuyerReturnGoods", time: "return_time" },
  204: { name: "doudian_refund_RefundRefused", time: "refuse_time" },
  205: { name: "doudian_refund_ReturnApplyRefused", time: "refuse_time" },
  206: { name: "doudian_refund_RefundSuccess", time: "success_time" },
  207: { name: "doudian_refund_RefundClosed", time: "close_time" },
  208: { name: "doudian_refund_RefundModified", time: "modify_time" },
  209: { name: "doudian_refund_ExpirationChange" },
  211: { name: "doudian_refund_ExchangeComfirmed", time: "apply_time" },
  212: { name: "doudian_refund_ArbitrateApplied" },
  213: { name: "doudian_refund_ArbitrateSubmiting" },
  214: { name: "doudian_refund_ArbitrateSubmited" },
  215: { name: "doudian_refund_ArbitrateCancelled" },
  216: { name: "doudian_refund_ArbitrateAudited" },
  217: { name: "doudian_refund_ArbitrateServiceIntervene" },
  218: { name: "doudian_refund_ArbitrateDiscussUpload" },
  224: { name: "doudian_refund_SpecialRefund", time: "apply_time", opens: true },
  225: { name: "doudian_refund_SpecialRefundSuccess", time: "success_time" },
  226: { name: "doudian_refund_ResendFillLogistics" },
  227: { name: "doudian_refund_AuditAgreeResend" },
};
