import { decimalOf, type Money } from "#shared/case/money.ts";
import { envelope, tag } from "./feed-xml.ts";

export interface RefundMessage {
  sellerId: string;
  orderId: string;
  orderItemId: string;
  /** Our own mark. Amazon does not compare it. */
  adjustmentId: string;
  reason: string;
  components: readonly { type: "Principal" | "Tax" | "Shipping"; amount: Money }[];
}

/**
 * A refund as an order adjustment feed: one message, one item. Amounts are totals for the quantity and positive for the
 * buyer; no quantity is given, because amounts beside one have been paid several times over.
 * Source: Seller Central help, G200387280, and threads 4185 and 4405 of amzn/selling-partner-api-models, read 2026-11-25.
 */
export function refundXml({ sellerId, orderId, orderItemId, adjustmentId, reason, components }: RefundMessage): string {
  const priced = components.map(
    ({ type, amount }) =>
      `<Component><Type>${type}</Type><Amount currency="${amount.currency}">${decimalOf(amount)}</Amount></Component>`,
  );
  const item = [
    tag("AmazonOrderItemCode", orderItemId),
    tag("MerchantAdjustmentItemID", adjustmentId),
    tag("AdjustmentReason", reason),
    `<ItemPriceAdjustments>${priced.join("")}</ItemPriceAdjustments>`,
  ];
  const adjustment = [
    tag("AmazonOrderID", orderId),
    tag("ActionType", "Refund"),
    `<AdjustedItem>${item.join("")}</AdjustedItem>`,
  ];
  return envelope({ sellerId, type: "OrderAdjustment", content: adjustment.join("") });
}
