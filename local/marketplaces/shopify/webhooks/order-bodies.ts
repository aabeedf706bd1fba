import { gid, nextId } from "../model/ids.ts";
import { fixedText, moneySet } from "../model/money.ts";
import { refundedMinor, totalMinor } from "../model/sums.ts";
import type { Order } from "../model/types.ts";
import { bare } from "./raw-json.ts";
import { refundBody } from "./refund-bodies.ts";
import { decidedReturnBody, reference } from "./return-bodies.ts";

/** orders/cancelled: the part of the order body that concerns after-sales, without the buyer's contact data. */
export function cancelledOrderBody(order: Order) {
  return {
    ...reference("Order", order.id),
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    cancelled_at: order.cancelledAt ?? null,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    currency: order.currency,
    presentment_currency: order.presentmentCurrency,
    customer_locale: order.buyer?.locale ?? null,
    financial_status: refundedMinor(order) > 0 ? "refunded" : "voided",
    name: `#${order.number}`,
    order_number: order.number,
    total_price: fixedText(totalMinor(order), order.presentmentCurrency),
    total_price_set: moneySet(order, totalMinor(order)),
    line_items: order.lines.map((line) => ({
      id: bare(line.id),
      admin_graphql_api_id: gid("LineItem", line.id),
      quantity: line.quantity,
      sku: line.sku,
      title: line.title,
      price: fixedText(line.unitMinor, order.presentmentCurrency),
    })),
    refunds: order.refunds.map((refund) => refundBody(order, refund)),
    returns: order.returns.map((one) => decidedReturnBody(order, one)),
  };
}

/** orders/edited. */
export function editedOrderBody(order: Order, additions: readonly { id: string; delta: number }[], at: string) {
  return {
    order_edit: {
      id: bare(nextId(order, "OrderEdit")),
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: bare(order.id),
      staff_note: "",
      user_id: null,
      line_items: { additions: additions.map(({ id, delta }) => ({ id: bare(id), delta })), removals: [] },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}
