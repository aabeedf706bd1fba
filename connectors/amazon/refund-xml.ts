import { decimalOf, type Money } from "#shared/case/money.ts";

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
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">',
    `<Header>${tag("DocumentVersion", "1.01")}${tag("MerchantIdentifier", sellerId)}</Header>`,
    tag("MessageType", "OrderAdjustment"),
    `<Message>${tag("MessageID", "1")}<OrderAdjustment>${adjustment.join("")}</OrderAdjustment></Message>`,
    "</AmazonEnvelope>",
  ].join("\n");
}

function tag(name: string, text: string): string {
  const safe = text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<${name}>${safe}</${name}>`;
}
