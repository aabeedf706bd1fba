import * as z from "zod";
import { shopKindSchema } from "./settings.ts";

// What we read from this channel, nothing more. Fields we do not name are ignored; a field we name may be null or absent
// unless the case cannot be understood without it. Names with a slip in them are the channel's own.

/** An id with all its digits: the same id is a number in one answer and text in another. */
export const id = z
  .union([z.string(), z.int().nonnegative()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,25}$/));
const text = z.string();
const whole = z.int().nonnegative();
const code = z.union([z.string(), z.int()]).transform((value) => String(value).trim());
const flag = z.union([z.boolean(), z.enum(["true", "false"])]).transform((value) => value === true || value === "true");
/** Yuan with at most two decimals, as text, as the channel reads out all amounts. */
const yuan = z.string().regex(/^\d{1,12}(?:\.\d{1,2})?$/);
/** Epoch milliseconds. */
const version = z
  .union([z.int().positive(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
  .pipe(z.int().positive());

/** A list hides in one or two wrappers, is absent when empty, and may be a lone object instead of an array. */
export function listOf(wrapper: unknown, name: string): unknown[] {
  const inner = isObject(wrapper) && !Array.isArray(wrapper) ? wrapper[name] : wrapper;
  if (inner === undefined || inner === null) return [];
  return Array.isArray(inner) ? inner : [inner];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * A refund, return or whatever else `taobao.refund.get` knows; also a row of `tmall.dispute.receive.get`, which names the
 * trade `biz_order_id` and the deadline `time_out`.
 * Source: API metadata 53 and 33878, by copies (github.com/bububa/opentaobao), read 2026-11-25.
 */
export const refundSchema = z.object({
  refund_id: id,
  tid: id.nullish(),
  biz_order_id: id.nullish(),
  oid: id.nullish(),
  status: code,
  dispute_type: text.nullish(),
  special_refund_type: text.nullish(),
  order_status: text.nullish(),
  good_status: text.nullish(),
  has_good_return: flag.nullish(),
  refund_phase: text.nullish(),
  refund_version: version.nullish(),
  refund_fee: yuan.nullish(),
  /** What stays with the seller. */
  payment: yuan.nullish(),
  num: whole.nullish(),
  outer_id: text.nullish(),
  reason: text.nullish(),
  created: text,
  modified: text,
  end_time: text.nullish(),
  good_return_time: text.nullish(),
  company_name: text.nullish(),
  sid: text.nullish(),
  /** The seller's return address, as the buyer is shown it. */
  address: text.nullish(),
  cs_status: code.nullish(),
  advance_status: code.nullish(),
  operation_contraint: text.nullish(),
  refund_remind_timeout: z.object({ exist_timeout: flag.nullish(), timeout: text.nullish() }).nullish(),
  time_out: text.nullish(),
});
export type Refund = z.infer<typeof refundSchema>;

/** An exchange of a Tmall shop. Source: API metadata 31194, by copies (github.com/bububa/opentaobao), read 2026-11-25. */
export const exchangeSchema = z.object({
  dispute_id: id,
  biz_order_id: id.nullish(),
  status: code,
  good_status: text.nullish(),
  refund_phase: text.nullish(),
  refund_version: version.nullish(),
  num: whole.nullish(),
  reason: text.nullish(),
  created: text,
  modified: text,
  time_out: text.nullish(),
  address: text.nullish(),
  buyer_logistic_name: text.nullish(),
  buyer_logistic_no: text.nullish(),
  seller_logistic_name: text.nullish(),
  seller_logistic_no: text.nullish(),
  cs_status: code.nullish(),
  operation_contraint: text.nullish(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/** What `fetch` hands to `normalize`. The kind of shop is not in the channel's answer, and decides which calls it takes. */
export const payloadSchema = z.union([
  z.object({ shop: shopKindSchema, refund: refundSchema }),
  z.object({ shop: shopKindSchema, exchange: exchangeSchema }),
]);

const anything = z.unknown().optional();
export const refundAnswerSchema = z.object({ refund: z.looseObject({ refund_id: id }).nullish() });
export const exchangeAnswerSchema = z.object({
  result: z.object({
    success: flag.nullish(),
    msg_code: text.nullish(),
    message: text.nullish(),
    exchange: z.looseObject({ dispute_id: id }).nullish(),
  }),
});

/** Lists; the dispute list nests everything once more. Rows are checked one by one. */
const listFields = { has_next: flag.nullish() };
export const refundListSchema = z.object({ ...listFields, refunds: anything });
export const exchangeListSchema = z.object({ ...listFields, results: anything, error_msg: text.nullish() });
export const disputeListSchema = z.object({
  result: z.object({ ...listFields, results: anything, error_msg: text.nullish() }),
});
export const refundRowSchema = z.object({ refund_id: id, modified: text, dispute_type: text.nullish() });
export const exchangeRowSchema = z.object({ dispute_id: id, modified: text });

/** Source: API metadata 21986, by copies (github.com/bububa/opentaobao), read 2026-11-25. */
export const messagesSchema = z.object({ messages: anything });
/** Only the receipt: whatever else is wrong with a message, it can be confirmed once it is set aside. */
export const receiptSchema = z.object({ id });
export const messageSchema = z.object({
  id,
  topic: text.min(1).max(100),
  user_id: id,
  pub_time: text.nullish(),
  content: text,
});
/** Business type of the newer family: 1, 2 refund, 3 return, 4, 6 exchange, 10 reissue. */
export const messageContentSchema = z.object({ refund_id: id, biz_claim_type: code.nullish() });

export const successSchema = z.object({ is_success: flag });
export const resultFlagSchema = z.object({ result: flag });
export const nothingSchema = z.object({});
export const createdMessageSchema = z.object({ refund_message: z.object({ id }) });

/** Source: https://developer.alibaba.com/docs/doc.htm?treeId=568&articleId=22465&docType=2, read 2026-11-25. */
export const refundsAgreedSchema = z.object({
  succ: flag,
  message: text.nullish(),
  msg_code: text.nullish(),
  results: anything,
});
export const refundAgreedSchema = z.object({ refund_id: id, succ: flag, message: text.nullish() });

export const reasonsSchema = z.object({ reasons: anything });
export const exchangeReasonsSchema = z.object({ result: z.object({ results: anything }) });
export const reasonSchema = z.object({ reason_id: code, reason_text: text.nullish() });

export const addressesSchema = z.object({ addresses: anything });
/** `country` is the district. */
export const addressSchema = z.object({
  contact_id: id,
  contact_name: text.nullish(),
  province: text.nullish(),
  city: text.nullish(),
  country: text.nullish(),
  addr: text.nullish(),
  zip_code: text.nullish(),
  phone: text.nullish(),
  mobile_phone: text.nullish(),
  memo: text.nullish(),
  cancel_def: flag.nullish(),
});
export type Address = z.infer<typeof addressSchema>;

/** Source: API metadata 233, by copies (github.com/bububa/opentaobao), read 2026-11-25. */
export const carriersSchema = z.object({ logistics_companies: anything });
export const carrierSchema = z.object({ code: text.min(1), name: text.min(1) });

/** AliGenius. Source: API metadata 29304 and 42161, by copies (github.com/bububa/opentaobao), read 2026-11-25. */
export const cancelledAnswerSchema = z.object({
  result: z.object({ success: flag, error_code: text.nullish(), error_info: text.nullish() }),
});
export const uploadedAnswerSchema = z.object({
  success_flag: flag,
  fail_code: text.nullish(),
  fail_info: text.nullish(),
});

export const tokenAnswerSchema = z.object({ token_result: text });
/** Seconds of life, and in newer answers the same ends in epoch milliseconds. */
export const tokenSchema = z.object({
  access_token: text.min(1),
  expires_in: whole,
  expire_time: whole.nullish(),
  refresh_token: text.nullish(),
  re_expires_in: whole.nullish(),
  refresh_token_valid_time: whole.nullish(),
  w1_expires_in: whole.nullish(),
  w1_valid: whole.nullish(),
  w2_expires_in: whole.nullish(),
  w2_valid: whole.nullish(),
  taobao_user_id: id.nullish(),
  taobao_user_nick: text.nullish(),
  sub_taobao_user_nick: text.nullish(),
});
