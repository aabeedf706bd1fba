import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { statedDeadlineSchema, unreadableDeadlineSchema } from "./deadline.ts";
import { channelCaseIdSchema, shopIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";
import { moneySchema } from "./money.ts";
import { reasonCodeSchema } from "./reason.ts";
import { caseStateSchema } from "./states.ts";
import {
  caseTypeSchema,
  disputeStatusSchema,
  evidenceKindSchema,
  flagSchema,
  goodsStatusSchema,
  mappedSchema,
  outcomeSchema,
  refundStatusSchema,
  waitingOnSchema,
} from "./vocabulary.ts";

const count = z.int().nonnegative();

export const orderRefSchema = z.strictObject({
  orderId: z.string().min(1).max(64),
  lineId: z.string().min(1).max(64).optional(),
});

/** Quantities per line: what was asked, what must come back, what came, in which condition. */
export const lineSchema = z.strictObject({
  lineId: z.string().max(64),
  sku: z.string().max(128).optional(),
  requested: count,
  toReturn: count.optional(),
  received: count.optional(),
  accepted: count.optional(),
  damaged: count.optional(),
  missing: count.optional(),
  unitPaid: moneySchema.optional(),
});
export type Line = z.infer<typeof lineSchema>;

export const parcelSchema = z.strictObject({
  carrier: z.string().max(128).optional(),
  trackingNo: z.string().min(1).max(128),
  /** When the buyer or the carrier reported it. */
  reportedAt: instantSchema.optional(),
});

export const goodsSchema = z.strictObject({
  status: goodsStatusSchema.optional(),
  lines: z.array(lineSchema).max(250).optional(),
  wayBack: parcelSchema.optional(),
  replacement: parcelSchema.optional(),
  /** Whether the buyer has been told where to send the goods. */
  addressProvided: z.boolean().optional(),
});

export const moneyPartSchema = z.strictObject({
  kind: z.enum(["goods", "outbound_freight", "return_freight", "tax", "fee", "compensation", "exchange_difference"]),
  ledger: z.enum(["buyer", "merchant", "platform", "insurance"]),
  amount: moneySchema,
  status: z.enum(["expected", "confirmed", "failed"]),
});

export const moneyAxisSchema = z.strictObject({
  status: refundStatusSchema,
  /** What the buyer asks for. */
  claimed: moneySchema.optional(),
  /** What may be paid at most: received × unit paid + allowed freight. */
  ceiling: moneySchema.optional(),
  /** What the channel proves to have paid. */
  settled: moneySchema.optional(),
  settledAt: instantSchema.optional(),
  /** When the channel gave up on a payment, where it says so: what was sent before has then failed. */
  failedAt: instantSchema.optional(),
  parts: z.array(moneyPartSchema).max(50).optional(),
  executedBy: z.enum(["merchant", "platform_robot", "platform_advance"]).optional(),
  /** The merchant has agreed to what the channel pays once the delivery is refused; nothing moves before. */
  agreedIfDeliveryRefused: z.literal(true).optional(),
});

/** What the merchant's own warehouse counted; the channel does not know of it. */
export const inspectionSchema = z.strictObject({
  at: instantSchema,
  result: z.enum(["accepted", "accepted_partial", "rejected", "wrong_item", "empty_parcel", "damaged"]),
  lines: z
    .array(
      z.strictObject({
        sku: z.string().max(128).optional(),
        expected: count,
        received: count,
        accepted: count,
        damaged: count,
        missing: count,
      }),
    )
    .max(250),
  /** Pictures that can be offered as evidence. */
  photos: z.array(z.strictObject({ url: z.url(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(20),
});

export const disputeSchema = z.strictObject({
  status: mappedSchema(disputeStatusSchema),
  disputeId: z.string().max(64).optional(),
  round: count.optional(),
});

export const caseReasonSchema = z.strictObject({
  code: reasonCodeSchema,
  /** The channel's own code and its fixed text; the buyer's free text is personal data and is not kept here. */
  rawCode: z.string().max(64),
  rawText: z.string().max(200).optional(),
});

/** The facts about a case that a channel can state. A fact that is left out is not known, which is not the same as none. */
export const factsSchema = z.strictObject({
  orders: z.array(orderRefSchema).max(100),
  /** Joins cases that belong together, e.g. one service ticket per unit. */
  groupKey: z.string().max(128).optional(),
  type: mappedSchema(caseTypeSchema),
  shipped: z.boolean().optional(),
  state: mappedSchema(caseStateSchema),
  outcome: outcomeSchema.optional(),
  waitingOn: waitingOnSchema,
  goods: goodsSchema,
  money: moneyAxisSchema,
  dispute: disputeSchema,
  deadlines: z.array(statedDeadlineSchema).max(12),
  /** Clocks that the channel states in a form that gives no time; the tenant's own clock runs in their place. */
  unreadableDeadlines: z.array(unreadableDeadlineSchema).max(12).optional(),
  reason: caseReasonSchema,
  evidence: z.array(z.strictObject({ kind: evidenceKindSchema, source: z.string().max(64), count })).max(20),
  flags: z.array(flagSchema),
  openedAt: instantSchema,
  /** When the channel last changed the case. */
  changedAt: instantSchema.optional(),
  /** When the goods reached the buyer; return windows count from here. */
  deliveredAt: instantSchema.optional(),
  /** When the goods came back to the merchant, by the carrier or the channel; times to refund count from here. */
  returnedAt: instantSchema.optional(),
  /** The market the order belongs to, as ISO 3166 code, where the channel serves several. */
  market: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  /** What the merchant's warehouse and finance report by their own webhook, each a facet of its own. */
  receipt: z.strictObject({ at: instantSchema }).optional(),
  inspection: inspectionSchema.optional(),
  /** Paid to the buyer by the merchant's finance, outside of the channel: it is not paid again. */
  paidOutside: z.strictObject({ at: instantSchema, amount: moneySchema, reference: z.string().max(64) }).optional(),
  /**
   * An answer of ours that the channel took and then did not carry out, by its own reference. `reason` is the channel's.
   */
  refusedAnswer: z
    .strictObject({ reference: z.string().max(128), at: instantSchema, reason: z.string().max(300) })
    .optional(),
  /** What the merchant has asked back of the platform after it paid the buyer, in the platform's own words. */
  reclaim: z
    .strictObject({
      claimId: z.string().max(64),
      status: z.string().max(100).optional(),
      filedAt: instantSchema.optional(),
      granted: moneySchema.optional(),
    })
    .optional(),
  /** Raw status words and the API version they came from, for the person who has to look. */
  raw: z.strictObject({ status: z.string().max(200), type: z.string().max(100), apiVersion: z.string().max(32) }),
});
export type Facts = z.infer<typeof factsSchema>;

/**
 * What a connector reports about one case. `facts` is a whole snapshot where the channel has one; a channel that reports
 * in pieces uses one facet per feed, and no two facets state the same fact, so that the order of arrival cannot matter.
 */
export const caseObservationSchema = z.strictObject({
  channel: channelSchema,
  shopId: shopIdSchema,
  channelCaseId: channelCaseIdSchema,
  facet: z.string().regex(/^[a-z_]+$/),
  /** Orders the observations of a facet: the channel's own version, or the reading's epoch milliseconds. */
  version: z.int().nonnegative(),
  observedAt: instantSchema,
  facts: factsSchema.partial(),
});
export type CaseObservation = z.infer<typeof caseObservationSchema>;

/** The facet that states the case itself; a case exists once it has been observed. */
export const wholeCase = "case";
