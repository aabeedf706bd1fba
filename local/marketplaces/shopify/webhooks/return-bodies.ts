import { gid } from "../model/ids.ts";
import { moneySet } from "../model/money.ts";
import { reasonNamed } from "../model/reasons.ts";
import { orderLineOf } from "../model/sums.ts";
import type { Order, Return } from "../model/types.ts";
import { bare } from "./raw-json.ts";

/** The pair by which bodies name another object. */
export function reference(type: string, id: string) {
  return { id: bare(id), admin_graphql_api_id: gid(type, id) };
}

/** returns/request and returns/approve. */
export function wholeReturnBody(order: Order, one: Return) {
  return {
    ...reference("Return", one.id),
    status: one.status.toLowerCase(),
    order: reference("Order", order.id),
    total_return_line_items: one.lines.length,
    name: one.name,
    return_line_items: one.lines.map((line) => {
      const orderLine = orderLineOf(order, line.orderLineId);
      return {
        ...reference("ReturnLineItem", line.id),
        fulfillment_line_item: {
          ...reference("FulfillmentLineItem", orderLine.fulfillmentLineId ?? "0"),
          line_item: reference("LineItem", orderLine.id),
        },
        quantity: line.quantity,
        return_reason: reasonNamed(line.reason).old.toLowerCase(),
        return_reason_note: line.reasonNote,
        customer_note: line.customerNote ?? null,
      };
    }),
    return_shipping_fees: one.shippingFees.map((fee) => ({
      ...reference("ReturnShippingFee", fee.id),
      price: moneySet(order, fee.amountMinor),
    })),
    exchange_line_items: one.exchanges.map((line) => ({ ...reference("ExchangeLineItem", line.id), line_item: null })),
    total_exchange_line_items: one.exchanges.length,
  };
}

/** returns/decline: the order as an object, and the refusal. */
export function declinedReturnBody(order: Order, one: Return) {
  return {
    ...reference("Return", one.id),
    status: one.status.toLowerCase(),
    order: reference("Order", order.id),
    decline: { reason: one.decline?.reason.toLowerCase() ?? null, note: one.decline?.note ?? null },
  };
}

/** returns/cancel, returns/close and returns/reopen: here the order is a bare number. */
export function decidedReturnBody(order: Order, one: Return) {
  return { ...reference("Return", one.id), order_id: bare(order.id), status: one.status.toLowerCase() };
}

/** returns/update: no number of its own, no status, no order. */
export function updatedReturnBody(one: Return, removals: readonly { id: string; quantity: number }[]) {
  return {
    admin_graphql_api_id: gid("Return", one.id),
    return_line_items: {
      removals: removals.map(({ id, quantity }) => ({
        admin_graphql_api_id: gid("ReturnLineItem", id),
        delta: quantity,
      })),
    },
    restocking_fees: { updates: [], removals: [] },
    return_shipping_fees: { updates: [], removals: [] },
  };
}
