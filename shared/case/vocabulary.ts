import * as z from "zod";

// The words of the case model. What each means, in both languages, stands in docs/glossary.md.

export const caseTypes = ["refund_only", "return_refund", "exchange", "reissue", "repair", "price_protection"] as const;
export const caseTypeSchema = z.enum(caseTypes);
export type CaseType = z.infer<typeof caseTypeSchema>;

export const outcomes = [
  "refunded",
  "partially_refunded",
  "replaced",
  "repaired",
  "withdrawn",
  "expired",
  "refused",
  "converted",
] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Who must act next. */
export const waitingOnSchema = z.enum(["merchant", "buyer", "carrier", "channel", "nobody"]);
export type WaitingOn = z.infer<typeof waitingOnSchema>;

/** Where the goods are. */
export const goodsStatusSchema = z.enum([
  "not_shipped",
  "outbound",
  "with_buyer",
  "returning",
  "returned",
  "inspected",
]);
export type GoodsStatus = z.infer<typeof goodsStatusSchema>;

/** Where the money is: `moving` is agreed but not proven, `paid` is proven by the channel. */
export const refundStatusSchema = z.enum(["none", "pending", "moving", "paid", "failed"]);
export type RefundStatus = z.infer<typeof refundStatusSchema>;

export const disputeStatusSchema = z.enum([
  "none",
  "negotiating",
  "evidence_due",
  "under_review",
  "decided_for_buyer",
  "decided_for_merchant",
  "withdrawn",
]);
export type DisputeStatus = z.infer<typeof disputeStatusSchema>;

/** Marks a person or a rule should see; a case may carry several. */
export const flagSchema = z.enum([
  "unknown_status",
  "type_unmapped",
  "refund_failed",
  "web_only",
  "cannot_refuse",
  "unmatched",
  "needs_review",
  "unexpected_move",
  "deadline_unreadable",
  "not_actionable",
]);
export type Flag = z.infer<typeof flagSchema>;

export const evidenceKindSchema = z.enum([
  "photo",
  "video",
  "unboxing_video",
  "chat_log",
  "tracking_proof",
  "weight_proof",
  "inspection",
  "test_report",
  "invoice",
  "outbound_record",
  "platform_screenshot",
  "statement",
]);
export type EvidenceKind = z.infer<typeof evidenceKindSchema>;

/**
 * A channel's code next to what it means. A code the connector does not know stays unknown, with its raw text; it is
 * never mapped to a plausible neighbour.
 */
export const mappedSchema = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("known", [
    z.strictObject({ known: z.literal(true), value, raw: z.string() }),
    z.strictObject({ known: z.literal(false), raw: z.string() }),
  ]);
export type Mapped<T> = { known: true; value: T; raw: string } | { known: false; raw: string };

/** Looks a raw code up in a connector's table; absent codes stay unknown. */
export function mapped<T>(raw: string | number, table: Readonly<Record<string, T>>): Mapped<T> {
  const key = String(raw);
  // Object.hasOwn, because a channel may send "constructor".
  return Object.hasOwn(table, key) ? { known: true, value: table[key] as T, raw: key } : { known: false, raw: key };
}
