import * as z from "zod";
import { caseIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";
import { moneySchema } from "./money.ts";
import { inspectionSchema } from "./observation.ts";

// What the merchant's own warehouse and finance send to `POST /inbound/{tenantId}`. The form is ours: docs/inbound.md.

const count = z.int().nonnegative().max(100_000);

const where = {
  case_id: caseIdSchema.optional(),
  tracking_number: z.string().min(1).max(128).optional(),
  carrier: z.string().max(128).optional(),
  operator: z.string().max(128).optional(),
  warehouse: z.string().max(128).optional(),
};
const lineSchema = z
  .object({
    sku: z.string().min(1).max(128).optional(),
    expected_qty: count,
    received_qty: count,
    accepted_qty: count.default(0),
    condition: z.enum(["new", "opened", "used", "damaged", "missing"]).default("new"),
  })
  .refine(({ received_qty, accepted_qty }) => accepted_qty <= received_qty, "accepted_qty is above received_qty");
const photoSchema = z.object({
  /** Shown to people and read by channels' connectors: nothing but a page of the web. */
  url: z.url({ protocol: /^https$/ }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  taken_at: z.string().optional(),
});

const event = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({
    event_id: z.string().regex(/^[\w.:-]{1,64}$/),
    type: z.literal(type),
    /** UTC. */
    occurred_at: z.iso.datetime().transform((text) => new Date(text).toISOString()),
    data: z
      .object({ ...where, ...data })
      .refine((each) => "case_id" in each || "tracking_number" in each, "case_id or tracking_number is missing"),
  });

/** The sender is not ours, so members we do not know are ignored. */
export const inboundEventSchema = z.discriminatedUnion("type", [
  event("return.received", {}),
  event("return.inspected", {
    result: inspectionSchema.shape.result,
    lines: z.array(lineSchema).max(250).default([]),
    photos: z.array(photoSchema).max(20).default([]),
  }),
  event("return.restocked", {}),
  event("exchange.shipped", {}),
  event("refund.paid", {
    amount: z.object({ amount_minor: z.int().positive(), currency: moneySchema.shape.currency }),
    reference: z.string().min(1).max(64),
  }),
]);
export type InboundEvent = z.infer<typeof inboundEventSchema>;

/** A checked event on its way to its case. */
export const inboundMessageSchema = z.strictObject({
  tenantId: z.string(),
  caseId: caseIdSchema,
  eventId: z.string(),
  occurredAt: instantSchema,
  fact: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("receipt") }),
    z.strictObject({ kind: z.literal("inspection"), inspection: inspectionSchema }),
    z.strictObject({ kind: z.literal("paidOutside"), amount: moneySchema, reference: z.string() }),
    /** Understood, and of no consequence for the case. */
    z.strictObject({ kind: z.literal("nothing") }),
  ]),
});
export type InboundMessage = z.infer<typeof inboundMessageSchema>;

/** What the event says about the case, in our words. */
export function factOf(event: InboundEvent): InboundMessage["fact"] {
  switch (event.type) {
    case "return.received":
      return { kind: "receipt" };
    case "return.inspected": {
      const { result, lines, photos } = event.data;
      return {
        kind: "inspection",
        inspection: {
          ...{ at: event.occurred_at, result },
          lines: lines.map(({ sku, expected_qty: expected, received_qty: received, accepted_qty, condition }) => ({
            ...(sku !== undefined && { sku }),
            ...{ expected, received, accepted: accepted_qty },
            damaged: condition === "damaged" ? received - accepted_qty : 0,
            missing: Math.max(0, expected - received),
          })),
          photos: photos.map(({ url, sha256 }) => ({ url, sha256 })),
        },
      };
    }
    case "refund.paid": {
      const { amount, reference } = event.data;
      const { amount_minor: amountMinor, currency } = amount;
      return { kind: "paidOutside", amount: { amountMinor, currency }, reference };
    }
    default:
      return { kind: "nothing" };
  }
}
