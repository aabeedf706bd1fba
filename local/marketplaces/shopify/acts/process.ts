import { nextId } from "../model/ids.ts";
import type { Order, Return } from "../model/types.ts";
import { editedOrderBody } from "../webhooks/order-bodies.ts";
import { financialOutcome, type Units } from "./outcome.ts";
import { bookRefund, type PaymentWish } from "./pay.ts";
import { type DispositionWish, dispose, dispositionFaults } from "./reverse.ts";
import { type Outcome, refused, stamp, type Turn, touch, type UserError } from "./turn.ts";

export interface ProcessWish {
  lines: (Units & { dispositions: DispositionWish[] })[];
  exchanges: Units[];
  payments: PaymentWish[];
  allowOverRefunding?: boolean;
  refundShippingMinor?: number;
  note?: string;
}

/**
 * Confirms returned (and hands out exchanged) units, and pays where asked. May be called for some of the units now and
 * the rest later. Nothing protects a caller from doing it twice except the quantities.
 */
export function processReturn(turn: Turn, order: Order, one: Return, wish: ProcessWish): Outcome<Return> {
  const errors = faultsOf(order, one, wish);
  if (errors.length > 0) return { errors };
  const dispositions = wish.lines.flatMap((line) => line.dispositions);
  if (dispositions.length > 0) dispose(turn, order, one, { wishes: dispositions, field: [] });
  const isPaying = wish.payments.length > 0;
  const location = dispositions.find((disposition) => disposition.locationId !== undefined)?.locationId;
  if (isPaying) {
    bookRefund(turn, order, {
      returnId: one.id,
      note: wish.note,
      shippingMinor: wish.refundShippingMinor ?? 0,
      payments: wish.payments,
      lines: wish.lines.flatMap(({ id, quantity }) => {
        const line = one.lines.find((candidate) => candidate.id === id);
        if (line === undefined) return [];
        line.refunded += quantity;
        const lineId = nextId(order, "RefundLineItem");
        return [{ id: lineId, orderLineId: line.orderLineId, quantity, restockType: "RETURN", locationId: location }];
      }),
    });
  }
  for (const { id, quantity } of wish.lines) {
    const line = one.lines.find((candidate) => candidate.id === id);
    if (line !== undefined) line.processed += quantity;
  }
  handOut(turn, order, one, wish.exchanges);
  for (const reverse of one.reverseOrders) {
    const isDone = one.lines.every((line) => line.processed === line.quantity);
    if (isDone && reverse.status === "OPEN") reverse.status = "CLOSED";
  }
  touch(turn, order);
  // The published example of this body is empty, in every version.
  turn.announce("returns/process", order, {});
  return { value: one };
}

/** Exchanged goods become lines of the order. */
function handOut(turn: Turn, order: Order, one: Return, exchanges: readonly Units[]): void {
  const added = exchanges.flatMap(({ id, quantity }) => {
    const line = one.exchanges.find((candidate) => candidate.id === id);
    if (line === undefined) return [];
    line.processed += quantity;
    const orderLine = {
      id: nextId(order, "LineItem"),
      sku: line.sku,
      title: line.title,
      variantTitle: line.variantTitle,
      productId: line.productId,
      variantId: line.variantId,
      quantity,
      unitMinor: line.unitMinor,
      refundedQuantity: 0,
    };
    order.lines.push(orderLine);
    line.orderLineIds.push(orderLine.id);
    return [{ id: orderLine.id, delta: quantity }];
  });
  if (added.length > 0) turn.announce("orders/edited", order, editedOrderBody(order, added, stamp(turn.now)));
}

function faultsOf(order: Order, one: Return, wish: ProcessWish): UserError[] {
  if (one.status !== "OPEN") return refused("INVALID_STATE", ["input", "returnId"], "The return is not open.").errors;
  const isEmpty = wish.lines.length + wish.exchanges.length + wish.payments.length === 0;
  if (isEmpty) return refused("BLANK", ["input"], "There is nothing to process.").errors;
  for (const [name, units, kept] of [
    ["returnLineItems", wish.lines, one.lines],
    ["exchangeLineItems", wish.exchanges, one.exchanges],
  ] as const) {
    for (const [index, { id, quantity }] of units.entries()) {
      const field = ["input", name, String(index)];
      const line = kept.find((candidate) => candidate.id === id);
      if (line === undefined) return refused("NOT_FOUND", [...field, "id"], "The return has no such item.").errors;
      if (quantity < 1) return refused("GREATER_THAN", [...field, "quantity"], "The quantity must be positive.").errors;
      const wished = units.filter((other) => other.id === id).reduce((sum, other) => sum + other.quantity, 0);
      if (wished > line.quantity - line.processed) {
        return refused("LESS_THAN_OR_EQUAL_TO", [...field, "quantity"], "So many units cannot be processed.").errors;
      }
    }
  }
  const dispositions = wish.lines.flatMap((line) => line.dispositions);
  const faults = dispositionFaults(one, dispositions, ["input", "returnLineItems"]);
  return faults.length > 0 ? faults : paymentFaults(order, one, wish);
}

function paymentFaults(order: Order, one: Return, wish: ProcessWish): UserError[] {
  if (wish.payments.length === 0) return [];
  const field = ["input", "financialTransfer", "issueRefund", "orderTransactions"];
  if (wish.payments.some((payment) => payment.amountMinor <= 0)) {
    return refused("GREATER_THAN", field, "The amount must be positive.").errors;
  }
  const outcome = financialOutcome(order, one, { ...wish, shippingMinor: wish.refundShippingMinor ?? 0 });
  if (outcome.netMinor < 0) return refused("INVALID", field, "The buyer owes a balance; there is no refund.").errors;
  const wished = wish.payments.reduce((sum, payment) => sum + payment.amountMinor, 0);
  if (wish.allowOverRefunding) return [];
  return wished > outcome.maximumRefundableMinor
    ? refused("TOO_BIG", field, "The amount exceeds what can be refunded.").errors
    : [];
}
