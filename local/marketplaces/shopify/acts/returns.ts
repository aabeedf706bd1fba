import { nextId } from "../model/ids.ts";
import { returnableQuantity, unprocessedUnits } from "../model/sums.ts";
import type { ExchangeLine, Order, Return, ReturnLine } from "../model/types.ts";
import { decidedReturnBody, declinedReturnBody, wholeReturnBody } from "../webhooks/return-bodies.ts";
import { type Outcome, refused, stamp, type Turn, touch, type UserError } from "./turn.ts";

export interface ReturnWish {
  lines: {
    orderLineId: string;
    quantity: number;
    reason: string;
    customerNote?: string;
    reasonNote?: string;
    restockingPercentage?: number;
  }[];
  exchanges?: Omit<ExchangeLine, "id" | "processed" | "orderLineIds">[];
  shippingFeeMinor?: number;
}

/** A buyer (or an app for them) asks; the merchant has to answer. */
export function requestReturn(turn: Turn, order: Order, wish: ReturnWish): Outcome<Return> {
  const errors = faultsOf(order, wish);
  if (errors.length > 0) return { errors };
  const one = addReturn(turn, order, wish, "REQUESTED");
  touch(turn, order);
  turn.announce("returns/request", order, wholeReturnBody(order, one));
  return { value: one };
}

/** Staff or an app open a return that nobody has to approve. */
export function createReturn(turn: Turn, order: Order, wish: ReturnWish): Outcome<Return> {
  const errors = faultsOf(order, wish);
  if (errors.length > 0) return { errors };
  const one = addReturn(turn, order, wish, "OPEN");
  openReverseOrder(order, one);
  touch(turn, order);
  turn.announce("returns/approve", order, wholeReturnBody(order, one));
  return { value: one };
}

export function approveReturn(turn: Turn, order: Order, one: Return): Outcome<Return> {
  if (one.status !== "REQUESTED")
    return refused("INVALID_STATE", ["input", "id"], "Only a requested return can be approved.");
  one.status = "OPEN";
  one.approvedAt = stamp(turn.now);
  openReverseOrder(order, one);
  touch(turn, order);
  turn.announce("returns/approve", order, wholeReturnBody(order, one));
  return { value: one };
}

export function declineReturn(
  turn: Turn,
  order: Order,
  one: Return,
  { reason, note }: { reason: string; note?: string },
): Outcome<Return> {
  if (one.status !== "REQUESTED")
    return refused("INVALID_STATE", ["input", "id"], "Only a requested return can be declined.");
  if ((note ?? "").length > 500)
    return refused("TOO_LONG", ["input", "declineNote"], "The note may have 500 characters.");
  one.status = "DECLINED";
  one.decline = { reason, note };
  touch(turn, order);
  turn.announce("returns/decline", order, declinedReturnBody(order, one));
  return { value: one };
}

/** Only while nothing was inspected, processed or refunded. */
export function cancelReturn(turn: Turn, order: Order, one: Return): Outcome<Return> {
  const isWorkedOn =
    one.reverseOrders.some((reverse) => reverse.lines.some((line) => line.dispositions.length > 0)) ||
    [...one.lines, ...one.exchanges].some((line) => line.processed > 0) ||
    order.refunds.some((refund) => refund.returnId === one.id);
  if ((one.status !== "REQUESTED" && one.status !== "OPEN") || isWorkedOn) {
    return refused("INVALID_STATE", ["id"], "This return can no longer be cancelled.");
  }
  one.status = "CANCELED";
  for (const reverse of one.reverseOrders) reverse.status = "CANCELED";
  touch(turn, order);
  turn.announce("returns/cancel", order, decidedReturnBody(order, one));
  return { value: one };
}

export function closeReturn(turn: Turn, order: Order, one: Return): Outcome<Return> {
  if (one.status !== "OPEN") return refused("INVALID_STATE", ["id"], "Only an open return can be closed.");
  one.status = "CLOSED";
  one.closedAt = stamp(turn.now);
  for (const reverse of one.reverseOrders) reverse.status = "CLOSED";
  touch(turn, order);
  turn.announce("returns/close", order, decidedReturnBody(order, one));
  return { value: one };
}

export function reopenReturn(turn: Turn, order: Order, one: Return): Outcome<Return> {
  if (one.status !== "CLOSED") return refused("INVALID_STATE", ["id"], "Only a closed return can be reopened.");
  one.status = "OPEN";
  delete one.closedAt;
  for (const reverse of one.reverseOrders) if (unprocessedUnits(one) > 0) reverse.status = "OPEN";
  touch(turn, order);
  turn.announce("returns/reopen", order, decidedReturnBody(order, one));
  return { value: one };
}

function faultsOf(order: Order, wish: ReturnWish): UserError[] {
  const errors: UserError[] = [];
  if (wish.lines.length === 0 && (wish.exchanges ?? []).length === 0) {
    errors.push({ code: "BLANK", field: ["returnLineItems"], message: "A return needs at least one item." });
  }
  wish.lines.forEach((line, index) => {
    const field = ["returnLineItems", String(index)];
    if (line.quantity < 1) {
      errors.push({ code: "GREATER_THAN", field: [...field, "quantity"], message: "The quantity must be positive." });
    } else if (line.quantity > returnableQuantity(order, line.orderLineId)) {
      errors.push({ code: "INVALID", field: [...field, "quantity"], message: "Fewer units can be returned." });
    }
    if ((line.customerNote ?? "").length > 300) {
      errors.push({
        code: "TOO_LONG",
        field: [...field, "customerNote"],
        message: "The note may have 300 characters.",
      });
    }
    if ((line.reasonNote ?? "").length > 255) {
      errors.push({ code: "TOO_LONG", field: [...field, "returnReasonNote"], message: "It may have 255 characters." });
    }
  });
  return errors;
}

function addReturn(turn: Turn, order: Order, wish: ReturnWish, status: "REQUESTED" | "OPEN"): Return {
  const one: Return = {
    id: nextId(order, "Return"),
    name: `#${order.number}-R${order.returns.length + 1}`,
    status,
    createdAt: stamp(turn.now),
    lines: wish.lines.map((line): ReturnLine => {
      const percentage = line.restockingPercentage ?? 0;
      return {
        id: nextId(order, "ReturnLineItem"),
        orderLineId: line.orderLineId,
        quantity: line.quantity,
        processed: 0,
        refunded: 0,
        reason: line.reason,
        customerNote: line.customerNote,
        reasonNote: line.reasonNote ?? "",
        restocking: percentage > 0 ? { id: nextId(order, "RestockingFee"), percentage } : undefined,
      };
    }),
    exchanges: (wish.exchanges ?? []).map((line) => ({
      ...line,
      id: nextId(order, "ExchangeLineItem"),
      processed: 0,
      orderLineIds: [],
    })),
    shippingFees: wish.shippingFeeMinor
      ? [{ id: nextId(order, "ReturnShippingFee"), amountMinor: wish.shippingFeeMinor }]
      : [],
    reverseOrders: [],
  };
  order.returns.push(one);
  return one;
}

function openReverseOrder(order: Order, one: Return): void {
  if (one.lines.length === 0) return;
  one.reverseOrders.push({
    id: nextId(order, "ReverseFulfillmentOrder"),
    status: "OPEN",
    lines: one.lines.map((line) => ({
      id: nextId(order, "ReverseFulfillmentOrderLineItem"),
      returnLineId: line.id,
      quantity: line.quantity,
      dispositions: [],
    })),
    deliveries: [],
  });
}
