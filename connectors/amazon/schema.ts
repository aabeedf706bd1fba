import * as z from "zod";
import { instantSchema } from "#shared/case/instant.ts";
import { moneySchema } from "#shared/case/money.ts";
import { disputeSchema, factsSchema, goodsSchema, moneyAxisSchema } from "#shared/case/observation.ts";
import { parseLossless } from "#shared/json.ts";

const id = z.string().min(1).max(200);
/** An optional field that Amazon may also send as null. */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const tokenSchema = z.object({
  access_token: z.string().min(1).max(2048),
  refresh_token: maybe(z.string().min(1).max(2048)),
  expires_in: z.int().positive(),
});

// Reports API 2021-06-30 and Feeds API 2021-06-30, which have the same frame.
const processingStatus = z.string().max(40);
export const reportCreatedSchema = z.object({ reportId: id });
export const reportSchema = z.object({ reportId: id, processingStatus, reportDocumentId: maybe(id) });
export const documentSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  compressionAlgorithm: maybe(z.string()),
});
export const feedDocumentSchema = z.object({ feedDocumentId: id, url: z.url({ protocol: /^https?$/ }) });
export const feedCreatedSchema = z.object({ feedId: id });
export const feedSchema = z.object({
  feedId: id,
  processingStatus,
  createdTime: z.string(),
  processingEndTime: maybe(z.string()),
  resultFeedDocumentId: maybe(id),
});
export const feedsSchema = z.object({ feeds: z.array(z.unknown()), nextToken: maybe(z.string()) });

// Finances API 2024-06-19: what was posted, by window.
export const transactionSchema = z.object({
  transactionId: maybe(id),
  transactionType: maybe(z.string()),
  postedDate: maybe(z.string()),
  relatedIdentifiers: z.array(
    z.object({ relatedIdentifierName: maybe(z.string()), relatedIdentifierValue: maybe(z.string()) }),
  ),
});
export const transactionsSchema = z.object({
  payload: z.object({ nextToken: maybe(z.string()), transactions: maybe(z.array(z.unknown())) }),
});

// Finances API v0: what belongs to one order, by kind. The only place that names a debit for an A-to-z claim.
const amount = z.object({
  CurrencyCode: maybe(z.string().regex(/^[A-Z]{3}$/)),
  CurrencyAmount: maybe(z.union([z.string(), z.number()]).transform(String)),
});
const charge = z.object({ ChargeType: maybe(z.string()), ChargeAmount: maybe(amount) });
const promotion = z.object({ PromotionAmount: maybe(amount) });
const eventItem = z.object({
  SellerSKU: maybe(z.string()),
  OrderItemId: maybe(z.string()),
  QuantityShipped: maybe(z.int()),
  ItemChargeList: maybe(z.array(charge)),
  ItemChargeAdjustmentList: maybe(z.array(charge)),
  PromotionList: maybe(z.array(promotion)),
  PromotionAdjustmentList: maybe(z.array(promotion)),
});
export type EventItem = z.infer<typeof eventItem>;
const event = z.object({
  PostedDate: maybe(z.string()),
  ShipmentItemList: maybe(z.array(eventItem)),
  ShipmentItemAdjustmentList: maybe(z.array(eventItem)),
});
export type FinancialEvent = z.infer<typeof event>;
export const eventsSchema = z.object({
  ShipmentEventList: maybe(z.array(event)),
  RefundEventList: maybe(z.array(event)),
  GuaranteeClaimEventList: maybe(z.array(event)),
  ChargebackEventList: maybe(z.array(event)),
});
export type Events = z.infer<typeof eventsSchema>;
export const financialEventsSchema = z.object({
  payload: z.object({ FinancialEvents: maybe(eventsSchema), NextToken: maybe(z.string()) }),
});

/** One row of a returns report, blank cells left out. The words are Amazon's. */
export const rowSchema = z.object({
  requestDate: z.string().max(40),
  status: z.string().max(100).default(""),
  sku: maybe(z.string().max(128)),
  asin: maybe(z.string().max(20)),
  orderItemId: maybe(z.string().min(1).max(64)),
  quantity: maybe(z.string().regex(/^\d{1,5}$/)),
  orderQuantity: maybe(z.string().regex(/^\d{1,5}$/)),
  reason: maybe(z.string().max(64)),
  resolution: maybe(z.string().max(100)),
  returnType: maybe(z.string().max(100)),
  aToZ: maybe(z.string().max(10)),
  carrier: maybe(z.string().max(128)),
  trackingId: maybe(z.string().min(1).max(128)),
  deliveryDate: maybe(z.string().max(40)),
  currency: maybe(z.string().regex(/^[A-Z]{3}$/)),
  refundedAmount: maybe(z.string().max(30)),
  safetReason: maybe(z.string().max(100)),
  safetId: maybe(z.string().min(1).max(64)),
  safetState: maybe(z.string().max(100)),
  safetFiledAt: maybe(z.string().max(40)),
  safetAmount: maybe(z.string().max(30)),
});
export type Row = z.infer<typeof rowSchema>;

const market = maybe(z.string().regex(/^[A-Z]{2}$/));
const orderId = z.string().regex(/^[A-Za-z0-9-]{3,40}$/);

/** Our own schemas refuse keys that they do not know; only a hostile file could have put one here. */
const plain = (value: unknown) => (value === undefined ? undefined : parseLossless(JSON.stringify(value)));

/** Of what we hold, the facts that a later file must not erase. */
const heldFields = z.object({
  state: factsSchema.shape.state,
  type: factsSchema.shape.type,
  openedAt: factsSchema.shape.openedAt,
  orders: factsSchema.shape.orders,
  goods: goodsSchema,
  money: moneyAxisSchema,
  dispute: disputeSchema,
  flags: factsSchema.shape.flags,
  returnedAt: factsSchema.shape.returnedAt,
  market,
  reason: factsSchema.shape.reason.optional(),
  raw: factsSchema.shape.raw.optional(),
});
export const heldSchema = z.preprocess(plain, heldFields);
export type Held = z.infer<typeof heldFields>;

const base = { orderId, market, held: z.preprocess(plain, maybe(heldFields)), events: maybe(eventsSchema) };
const returnPayload = z.object({
  kind: z.literal("return"),
  ...base,
  rmaId: maybe(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)),
  source: z.enum(["flat", "xml"]),
  rows: z.array(rowSchema).min(1).max(250),
});
const cancelPayload = z.object({
  kind: z.literal("cancel"),
  ...base,
  askedAt: z.iso.datetime({ offset: true }),
  orderStatus: z.string().max(60),
  latestShipAt: maybe(instantSchema),
  /** Whether the buyer asks for every item of the order. */
  whole: maybe(z.boolean()),
  items: z
    .array(
      z.object({
        orderItemId: z.string().min(1).max(64),
        sku: maybe(z.string().max(128)),
        quantity: z.int().nonnegative(),
        status: maybe(z.string().max(60)),
      }),
    )
    .min(1)
    .max(100),
});
const fbaPayload = z.object({
  kind: z.literal("fba_return"),
  ...base,
  unitId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  returnedOn: z.string().max(40),
  sku: maybe(z.string().max(128)),
  quantity: maybe(z.string().regex(/^\d{1,5}$/)),
  reason: maybe(z.string().max(64)),
  disposition: maybe(z.string().max(64)),
  status: maybe(z.string().max(100)),
});
const externalLine = z.object({
  returnId: z.string().min(1).max(200),
  status: z.string().max(100),
  createdAt: maybe(z.string().max(40)),
  updatedAt: z.string().max(40),
  returnType: maybe(z.string().max(60)),
  subType: maybe(z.string().max(60)),
  sku: maybe(z.string().max(128)),
  quantity: maybe(z.int().nonnegative()),
  reason: maybe(z.string().max(64)),
  deliveredAt: maybe(z.string().max(40)),
  carrier: maybe(z.string().max(128)),
  trackingId: maybe(z.string().min(1).max(128)),
  channelName: maybe(z.string().max(60)),
});
export type ExternalLine = z.infer<typeof externalLine>;
const externalPayload = z.object({
  kind: z.literal("external"),
  ...base,
  rmaId: maybe(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)),
  lines: z.array(externalLine).min(1).max(2000),
});
/**
 * What became of our refund by feed: carried out, refused by its processing report, or stopped by Amazon, when it may have
 * been carried out all the same.
 */
const refundResultSchema = z.object({ is: z.enum(["done", "failed", "stopped"]), at: instantSchema });
export type RefundResult = z.infer<typeof refundResultSchema>;
/** What is only told of an order: what we hold of one of its cases, and what Finances or a feed's result says. */
const heldPayload = z.object({
  kind: z.literal("held"),
  ...base,
  held: heldSchema,
  channelCaseId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/),
  refund: maybe(refundResultSchema),
  refusedAnswer: factsSchema.shape.refusedAnswer,
  reimbursed: z.preprocess(plain, maybe(moneySchema)),
});

export const payloadSchema = z.discriminatedUnion("kind", [
  returnPayload,
  cancelPayload,
  fbaPayload,
  externalPayload,
  heldPayload,
]);
export type ReturnPayload = z.infer<typeof returnPayload>;
export type ExternalPayload = z.infer<typeof externalPayload>;
export type CancelPayload = z.infer<typeof cancelPayload>;
export type FbaPayload = z.infer<typeof fbaPayload>;
export type HeldPayload = z.infer<typeof heldPayload>;
