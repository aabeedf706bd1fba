import { gid } from "../model/ids.ts";
import { fixedText, moneySet } from "../model/money.ts";
import { orderLineOf, refundTransactions, taxInside } from "../model/sums.ts";
import type { Dispute, Order, Refund, Transaction } from "../model/types.ts";
import { bare, bareOrNull } from "./raw-json.ts";
import { reference } from "./return-bodies.ts";

/** refunds/create: the record, whether or not money moved. `return` is null without goods. */
export function refundBody(order: Order, refund: Refund) {
  return {
    id: bare(refund.id),
    order_id: bare(order.id),
    created_at: refund.createdAt,
    note: refund.note ?? null,
    user_id: refund.by === "staff" ? 548380009 : null,
    processed_at: refund.processedAt,
    duties: [],
    total_duties_set: moneySet(order, 0),
    return: refund.returnId === undefined ? null : reference("Return", refund.returnId),
    refund_shipping_lines: [],
    restock: refund.lines.some((line) => line.restockType !== "NO_RESTOCK"),
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: [],
    refund_line_items: refund.lines.map((line) => {
      const subtotalMinor = orderLineOf(order, line.orderLineId).unitMinor * line.quantity;
      const currency = order.presentmentCurrency;
      return {
        id: bare(line.id),
        quantity: line.quantity,
        line_item_id: bare(line.orderLineId),
        location_id: bareOrNull(line.locationId),
        restock_type: line.restockType.toLowerCase(),
        // Floating numbers, as the real bodies have them; the sets beside them are exact.
        subtotal: Number(fixedText(subtotalMinor, currency)),
        total_tax: Number(fixedText(taxInside(subtotalMinor), currency)),
        subtotal_set: moneySet(order, subtotalMinor),
        total_tax_set: moneySet(order, taxInside(subtotalMinor)),
      };
    }),
    transactions: refundTransactions(order, refund).map((transaction) => transactionBody(order, transaction)),
  };
}

/** order_transactions/create. The currency is null on manual payments: then the order's presentment currency counts. */
export function transactionBody(order: Order, transaction: Transaction) {
  const isManual = transaction.gateway === "manual";
  const currency = isManual ? null : order.presentmentCurrency;
  const unsettled = { amount: "0.0", currency };
  return {
    id: bare(transaction.id),
    order_id: bare(order.id),
    kind: transaction.kind.toLowerCase(),
    gateway: transaction.gateway,
    status: transaction.status.toLowerCase(),
    message: null,
    created_at: transaction.createdAt,
    test: false,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: bareOrNull(transaction.parentId),
    processed_at: transaction.processedAt ?? null,
    device_id: null,
    error_code: transaction.errorCode?.toLowerCase() ?? null,
    source_name: "web",
    receipt: {},
    amount: fixedText(transaction.amountMinor, order.presentmentCurrency),
    currency,
    payment_id: `#${order.number}.${order.transactions.indexOf(transaction) + 1}`,
    total_unsettled_set: { presentment_money: unsettled, shop_money: unsettled },
    manual_payment_gateway: isManual,
    amount_rounding: null,
    admin_graphql_api_id: gid("OrderTransaction", transaction.id),
  };
}

/** disputes/create and disputes/update: without a global id. */
export function disputeBody(order: Order, dispute: Dispute) {
  return {
    id: bare(dispute.id),
    order_id: bare(order.id),
    type: dispute.type.toLowerCase(),
    amount: fixedText(dispute.amountMinor, order.presentmentCurrency),
    currency: order.presentmentCurrency,
    reason: dispute.reason.toLowerCase(),
    network_reason_code: dispute.networkReasonCode,
    status: dispute.status.toLowerCase(),
    evidence_due_by: withOffset(dispute.evidenceDueBy),
    evidence_sent_on: withOffset(dispute.evidenceSentOn),
    finalized_on: withOffset(dispute.finalizedOn),
    initiated_at: withOffset(dispute.initiatedAt),
  };
}

/** Dates of disputes carry an offset in webhooks: the same instant as New York winter time. */
function withOffset(at: string | undefined): string | null {
  if (at === undefined) return null;
  const shifted = new Date(Date.parse(at) - 5 * 60 * 60_000).toISOString();
  return shifted.replace(/(\.\d+)?Z$/, "-05:00");
}
