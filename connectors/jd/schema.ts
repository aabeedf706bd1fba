import * as z from "zod";

// What we read from this channel, nothing more. Fields we do not name are ignored, and so are names, phones and addresses
// of buyers. The channel's own SDKs read leniently, so we do too: an empty text stands for nothing, one object for a list
// of one. Names with a slip in them are the channel's own. Fields of two vintages stand side by side.

const orNothing = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());
const listOf = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (value === null || value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value]),
    z.array(schema),
  );

/** A Long with all its digits: long ones arrive from the parser as text, short ones as numbers. */
const id = z
  .union([z.string(), z.int().nonnegative()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,19}$/));
const code = z
  .union([z.int(), z.string().regex(/^-?\d{1,9}$/)])
  .transform(Number)
  .pipe(z.int());
const count = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,6}$/)])
  .transform(Number)
  .pipe(z.int().max(1_000_000));
const text = z.string();
/** A decimal with its digits, never a rounded number. */
const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,12}(?:\.\d{1,8})?$/));
/** Epoch milliseconds or `yyyy-MM-dd HH:mm:ss` in China. */
const time = z.union([z.int(), z.string()]);

/** Rows of `asc.sync.list` and `asc.query.list`. Source: JD's SDK classes ServiceBrief, ServiceBrief2, read 2026-11-25. */
export const ticketRowSchema = z.object({
  serviceId: id,
  orderId: orNothing(id),
  applyId: orNothing(id),
  sysVersion: orNothing(count),
  updateTime: orNothing(time),
  updateDate: orNothing(time),
  expressCode: orNothing(text),
  freightUpdateDate: orNothing(time),
});
export type TicketRow = z.infer<typeof ticketRowSchema>;

/** Rows of `asc.audit.list`: one application with all its tickets. The only place where the channel states a clock. */
export const auditRowSchema = z.object({
  applyId: orNothing(id),
  serviceIdList: listOf(id),
  auditOvertime: orNothing(time),
  timeoutFlag: orNothing(z.union([z.boolean(), z.string(), z.int()])),
});
export type AuditRow = z.infer<typeof auditRowSchema>;

export const pageSchema = z.object({ totalCount: orNothing(count), data: listOf(z.unknown()) });

const contact = z.object({
  contactName: orNothing(text),
  contactTel: orNothing(text),
  contactMobile: orNothing(text),
  contactZipcode: orNothing(text),
  provinceCode: orNothing(code),
  cityCode: orNothing(code),
  countyCode: orNothing(code),
  villageCode: orNothing(code),
  detailAddress: orNothing(text),
});
export type Contact = z.infer<typeof contact>;

/** `data` of `asc.query.view`. Source: JD's SDK class ServiceBill, read 2026-11-25. */
export const billSchema = z.object({
  serviceId: id,
  applyId: orNothing(id),
  applyTime: time,
  serviceStatus: code,
  orderId: id,
  sysVersion: count,
  updateDate: orNothing(time),
  updateTime: orNothing(time),
  customerExpect: code,
  pickwareType: orNothing(code),
  expectPickwareType: orNothing(code),
  approveResult: orNothing(code),
  processResult: orNothing(code),
  processResultName: orNothing(text),
  receiveDate: orNothing(time),
  questionTypeCid1: orNothing(code),
  questionTypeCid1Name: orNothing(text),
  questionTypeCid2: orNothing(code),
  questionTypeCid2Name: orNothing(text),
  questionPic: orNothing(text),
  serviceCount: orNothing(count),
  refundAmt: orNothing(decimal),
  serviceBillDetailList: listOf(
    z.object({
      serviceDetailId: orNothing(id),
      serviceDetailIdLong: orNothing(id),
      skuId: orNothing(id),
      wareType: orNothing(code),
      actualPayPrice: orNothing(decimal),
      wareNum: orNothing(count),
    }),
  ),
  afsContactInfo: orNothing(contact),
});
export type Bill = z.infer<typeof billSchema>;

/** What a write takes from the ticket: the block of the way back, and which units of the application it is about. */
export const billToAnswerSchema = z.object({
  serviceId: id,
  serviceStatus: code,
  sysVersion: count,
  customerInfo: orNothing(z.object({ contactInfo: orNothing(contact) })),
  pickwareAddress: orNothing(contact),
  returnWareAddress: orNothing(contact),
  applyDetailList: listOf(z.object({ applyDetailId: id })),
  serviceBillDetailList: listOf(
    z.object({ wareType: orNothing(code), skuId: orNothing(id), wareName: orNothing(text), wareNum: orNothing(count) }),
  ),
});
export type BillToAnswer = z.infer<typeof billToAnswerSchema>;

/** `data` of `asc.freight.view`. */
export const freightSchema = z.object({
  expressCode: orNothing(text),
  expressCompany: orNothing(text),
  firstUploadDate: orNothing(time),
  deliveryDate: orNothing(time),
});
export type Freight = z.infer<typeof freightSchema>;

/** Rows of `asc.serviceAndRefund.view`; the names differ from those of the ticket. */
export const refundProofSchema = z.object({
  sameOrderServiceBill: z.object({ serviceId: id }),
  refoundAmount: orNothing(decimal),
  completeTime: orNothing(time),
  status: orNothing(code),
});
export type RefundProof = z.infer<typeof refundProofSchema>;

/** Rows of `refundapply.queryPageList` and `queryById`. Source: JD's SDK class RefundApplyVo, read 2026-11-25. */
export const refundApplySchema = z.object({
  id,
  orderId: orNothing(z.union([z.string(), z.int()]).transform(String).pipe(z.string().min(1).max(64))),
  applyTime: time,
  checkTime: orNothing(time),
  /** Fen, as a double. */
  applyRefundSum: orNothing(decimal),
  status: code,
  reason: orNothing(text),
  systemId: orNothing(code),
  partRefundType: orNothing(code),
  skuVoList: listOf(z.object({ skuId: orNothing(id), skuUuid: orNothing(text), skuCount: orNothing(count) })),
});
export type RefundApply = z.infer<typeof refundApplySchema>;

export const refundPageSchema = z.object({ totalCount: orNothing(count), result: listOf(z.unknown()) });
export const dataSchema = z.object({ data: z.unknown() });

export const reasonListSchema = z.object({
  data: listOf(z.object({ code: z.union([text, z.int()]).transform(String) })),
});

export const orderStateSchema = z.object({ orderInfo: orNothing(z.object({ orderState: orNothing(text) })) });

export const returnAddressesSchema = z.object({
  return_address_s: listOf(
    z.object({
      id,
      contact: orNothing(text),
      phone: orNothing(text),
      zip_code: orNothing(text),
      full_address: orNothing(text),
      full_area_id: orNothing(text),
      address_type: orNothing(code),
    }),
  ),
});
export type ShopAddress = z.infer<typeof returnAddressesSchema>["return_address_s"][number];

export const venderSchema = z.object({ vender_id: id });
export const grantedShopSchema = venderSchema.extend({ shop_name: orNothing(text) });

/** What the OAuth host answers; the fields that are not confirmed are not read. */
export const tokenSchema = z.object({
  access_token: text.min(1),
  refresh_token: orNothing(text),
  expires_in: z.union([z.int().positive(), z.string().regex(/^\d{1,10}$/)]).transform(Number),
});

/** What `fetch` hands to `normalize`: everything read about one case. */
export const rawTicketSchema = z.object({
  bill: billSchema,
  row: ticketRowSchema,
  freight: freightSchema.optional(),
  audit: auditRowSchema.optional(),
  proof: refundProofSchema.optional(),
  /** The shop asked the channel to arbitrate. */
  disputed: z.boolean().optional(),
  /** The shop vouches that buyers see the ticket's after-sales contact. */
  addressIsShown: z.boolean().optional(),
});
export type RawTicket = z.infer<typeof rawTicketSchema>;

export const rawRefundSchema = z.object({
  refundApply: refundApplySchema,
  /** The order's own state, where the shop may read it. */
  orderState: z.string().max(64).optional(),
});
export type RawRefund = z.infer<typeof rawRefundSchema>;
