import * as z from "zod";
import { moneyOfDecimal } from "#shared/case/money.ts";
import { instantOfText } from "../kit/time.ts";

// What we read of the Admin API, version 2026-10. Status words stay text: a word we do not know must not break a case.
// A field we may not see is null, so nearly everything may be.

/** `Return/7700110001` out of `gid://shopify/Return/7700110001`. */
const id = z
  .string()
  .regex(/^gid:\/\/shopify\/[A-Za-z]+\/\d{1,20}$/)
  .transform((text) => text.slice("gid://shopify/".length));

const time = z.string().transform((text, context) => {
  const instant = instantOfText(text);
  if (instant !== undefined) return instant;
  context.addIssue({ code: "custom", message: "not a time with an offset" });
  return z.NEVER;
});

const word = z.string().max(60);
const count = z.int().nonnegative();

const money = z
  .object({ amount: z.string(), currencyCode: z.string().regex(/^[A-Z]{3}$/) })
  .transform((value, context) => {
    try {
      return moneyOfDecimal(value.amount, value.currencyCode);
    } catch {
      context.addIssue({ code: "custom", message: "not an amount of this currency" });
      return z.NEVER;
    }
  });

/** The buyer pays and is paid in presentment currency. */
const moneyBag = z.object({ presentmentMoney: money }).transform((bag) => bag.presentmentMoney);
/** A price may be finer than the minor unit; then it is not known to us, which is no reason to lose the case. */
const price = moneyBag.nullish().catch(undefined);

const connection = <T extends z.ZodType>(node: T) =>
  z.object({ nodes: z.array(node), pageInfo: z.object({ hasNextPage: z.boolean() }).nullish() }).nullish();

const orderSchema = z.object({
  id,
  cancelledAt: time.nullish(),
  disputes: z.array(z.object({ id, status: word })).nullish(),
  fulfillments: z.array(z.object({ deliveredAt: time.nullish() })).nullish(),
});

const transactionSchema = z.object({
  kind: word,
  status: word,
  manualPaymentGateway: z.boolean().nullish(),
  processedAt: time.nullish(),
  amountSet: moneyBag,
});
export type Transaction = z.infer<typeof transactionSchema>;

const returnLineSchema = z.object({
  id,
  quantity: count,
  processedQuantity: count,
  unprocessedQuantity: count,
  returnReason: word.nullish(),
  returnReasonDefinition: z.object({ handle: z.string().max(64), name: z.string().max(200).nullish() }).nullish(),
  restockingFee: z.object({ amountSet: price }).nullish(),
  fulfillmentLineItem: z
    .object({ id, lineItem: z.object({ id, sku: z.string().max(128).nullish() }).nullish() })
    .nullish(),
  withCodeDiscountedTotalPriceSet: price,
  /** Only on lines without a link to the order. */
  unitPrice: money.nullish().catch(undefined),
});
export type ReturnLine = z.infer<typeof returnLineSchema>;

const reverseOrderSchema = z.object({
  id,
  status: word,
  thirdPartyConfirmation: z.object({ status: word }).nullish(),
  lineItems: connection(
    z.object({
      id,
      totalQuantity: count,
      fulfillmentLineItem: z.object({ id }).nullish(),
      dispositions: z.array(z.object({ type: word, quantity: count })),
    }),
  ),
  reverseDeliveries: connection(
    z.object({
      id,
      deliverable: z
        .object({
          tracking: z
            .object({ number: z.string().max(128).nullish(), carrierName: z.string().max(128).nullish() })
            .nullish(),
        })
        .nullish(),
    }),
  ),
});
export type ReverseOrder = z.infer<typeof reverseOrderSchema>;

export const returnSchema = z.object({
  id,
  status: word,
  createdAt: time,
  order: orderSchema.nullish(),
  returnLineItems: connection(returnLineSchema),
  exchangeLineItems: connection(z.object({ id, quantity: count, processedQuantity: count })),
  returnShippingFees: z.array(z.object({ amountSet: price })).nullish(),
  reverseFulfillmentOrders: connection(reverseOrderSchema),
  refunds: connection(z.object({ id, transactions: connection(transactionSchema) })),
});
export type ShopifyReturn = z.infer<typeof returnSchema>;

export const refundSchema = z.object({
  id,
  createdAt: time.nullish(),
  processedAt: time,
  totalRefundedSet: price,
  order: orderSchema.nullish(),
  transactions: connection(transactionSchema),
});
export type ShopifyRefund = z.infer<typeof refundSchema>;

export const disputeSchema = z.object({
  id,
  status: word,
  type: word,
  initiatedAt: time,
  /** Read apart: a due time we cannot read is a flag, not the loss of the case. */
  evidenceDueBy: z.string().nullish(),
  finalizedOn: time.nullish(),
  amount: money,
  reasonDetails: z.object({ reason: word }).nullish(),
  order: z.object({ id }).nullish(),
});
export type ShopifyDispute = z.infer<typeof disputeSchema>;

/** What `fetch` hands over: the object with the API version that answered. */
export const rawSchema = z.union([
  z.object({ apiVersion: z.string().max(32), return: returnSchema }),
  z.object({ apiVersion: z.string().max(32), refund: refundSchema }),
  z.object({ apiVersion: z.string().max(32), dispute: disputeSchema }),
]);

/** The whole of a list, and whether it really is the whole. */
export function listOf<T>(list: { nodes: T[]; pageInfo?: { hasNextPage: boolean } | null } | null | undefined): {
  nodes: readonly T[];
  whole: boolean;
} {
  return { nodes: list?.nodes ?? [], whole: list != null && list.pageInfo?.hasNextPage !== true };
}

/** The digits of `Order/5196600000101`, as merchants and redact messages name it. */
export function numberOf(idText: string): string {
  return idText.slice(idText.indexOf("/") + 1);
}
