import * as z from "zod";

// What we read from this channel, nothing more. Fields we do not name are ignored; a field we name may be null or absent
// unless the case cannot be understood without it. Names with a slip in them are the channel's own.

/** An id with all its digits: long integers arrive from the parser as text, short ones as numbers. */
const id = z
  .union([z.string(), z.int().nonnegative()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,25}$/));
const whole = z.int().nonnegative();
const code = z.int();
const text = z.string();
/** Fen. */
const amount = whole;
/** Epoch seconds; 0 stands for none. */
const seconds = whole;

const parcel = z.object({
  tracking_no: text.nullish(),
  company_name: text.nullish(),
  logistics_time: seconds.nullish(),
});
const pictures = z.object({ images: z.array(z.unknown()).nullish() });

/** `data` of `/afterSale/Detail`. Source: https://op.jinritemai.com/docs/api-docs/17/1095, by copy, read 2026-11-25. */
export const detailSchema = z.object({
  process_info: z.object({
    after_sale_info: z.object({
      after_sale_id: id,
      after_sale_status: code,
      after_sale_type: code,
      after_sale_sub_type: code.nullish(),
      update_time: seconds,
      apply_time: seconds,
      status_deadline: seconds.nullish(),
      aftersale_status_to_final_time: seconds.nullish(),
      refund_status: code.nullish(),
      refund_type: code.nullish(),
      refund_total_amount: amount.nullish(),
      real_refund_amount: amount.nullish(),
      refund_time: seconds.nullish(),
      part_type: code.nullish(),
      reason: text.nullish(),
      reason_code: code.nullish(),
      evidence: z.array(z.unknown()).nullish(),
      need_return_count: whole.nullish(),
      got_pkg: code.nullish(),
      return_address_id: id.nullish(),
      /** 1: agreed to refund once the delivery is refused. Other numbers are not certain. */
      agree_refuse_sign: code.nullish(),
      auto_audit_bits: z.array(code).nullish(),
    }),
    arbitrate_info: z
      .object({
        arbitrate_id: text.nullish(),
        arbitrate_status: code.nullish(),
        is_required_evidence: z.boolean().nullish(),
        /** Epoch digits in the published example; a date in Beijing time is read too. */
        arbitrate_status_deadline: z.union([text, seconds]).nullish(),
        arbitrate_conclusion: code.nullish(),
        arbitrate_evidence_tmpl: z.object({ dead_line: seconds.nullish() }).nullish(),
        arbitrate_evidence: pictures.nullish(),
      })
      .nullish(),
    logistics_info: z
      .object({
        return: parcel.nullish(),
        exchange: parcel.nullish(),
        resend: parcel.nullish(),
      })
      .nullish(),
  }),
  order_info: z
    .object({
      shop_order_id: id.nullish(),
      sku_order_infos: z
        .array(
          z.object({
            sku_order_id: id,
            pay_amount: amount.nullish(),
            post_amount: amount.nullish(),
            item_quantity: whole.nullish(),
            after_sale_item_count: whole.nullish(),
            shop_sku_code: text.nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
export type Detail = z.infer<typeof detailSchema>;
export type AfterSaleInfo = Detail["process_info"]["after_sale_info"];
export type ArbitrateInfo = NonNullable<Detail["process_info"]["arbitrate_info"]>;
export type Parcel = z.infer<typeof parcel>;

/** `data` of `/afterSale/List`. Source: https://op.jinritemai.com/docs/api-docs/17/254, by copy, read 2026-11-25. */
export const listSchema = z.object({
  items: z.array(z.unknown()).nullish(),
  has_more: z.boolean().nullish(),
});

export const listRowSchema = z.object({
  aftersale_info: z.object({ aftersale_id: id, update_time: seconds, status_deadline: seconds.nullish() }),
});

export const operateAnswerSchema = z.object({
  items: z.array(z.object({ aftersale_id: id, status_code: code.nullish() })).nullish(),
});

/** What of the case an interception needs: its version, and the parcels of its order. */
export const outboundSchema = z.object({
  process_info: z.object({
    after_sale_info: z.object({ update_time: seconds }),
    logistics_info: z
      .object({ order: z.array(z.object({ tracking_no: text.nullish(), company_code: text.nullish() })).nullish() })
      .nullish(),
  }),
});

export const interceptAnswerSchema = z.object({
  intercept_results: z.array(z.object({ is_success: z.boolean(), unavailable_reason_code: code.nullish() })).nullish(),
  failed_count: whole.nullish(),
});

export const rejectReasonsSchema = z.object({
  items: z.array(z.object({ reject_reason_code: code, reason: text, evidence_need: text.nullish() })).nullish(),
});

export const addressesSchema = z.object({
  total: whole.nullish(),
  address_list: z
    .array(
      z.object({
        address_id: id,
        is_default: code.nullish(),
        receiver_provinc: text.nullish(),
        receiver_city: text.nullish(),
        receiver_district: text.nullish(),
        receiver_street: text.nullish(),
        receiver_detail: text.nullish(),
        remark: text.nullish(),
      }),
    )
    .nullish(),
});

export const tokenSchema = z.object({
  access_token: text.min(1),
  refresh_token: text.min(1),
  expires_in: whole,
  shop_id: id.nullish(),
  shop_name: text.nullish(),
});

/** A picture in the shop's library. Ids are text there. Source: https://op.jinritemai.com/docs/api-docs/69/1146, by copy. */
export const materialSchema = z.object({ material_id: text.min(1) });

/** `audit_status`: 1 waiting, 2 under way, 3 passed, 4 rejected. */
const audited = z.object({ audit_status: code, byte_url: text.nullish() });
export const materialDetailSchema = z.object({ material_info: audited });
export const materialsSchema = z.object({
  material_info_list: z.array(audited.extend({ material_name: text.nullish() })).nullish(),
});
