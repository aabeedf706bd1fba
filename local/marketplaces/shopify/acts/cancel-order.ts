import { nextId } from "../model/ids.ts";
import type { Order } from "../model/types.ts";
import { cancelledOrderBody } from "../webhooks/order-bodies.ts";
import { bookRefund, suggestedPayments } from "./pay.ts";
import { type Outcome, refused, stamp, type Turn, touch } from "./turn.ts";

const jobTakesMs = 20_000;

export interface CancelWish {
  reason: string;
  staffNote?: string;
  refundToPayment: boolean;
  refundToStoreCredit: boolean;
}

/** Starts the job that cancels the order; nothing has changed until it ends. Irreversible. */
export function cancelOrder(turn: Turn, order: Order, wish: CancelWish): Outcome<{ jobId: string }> {
  if (order.cancelledAt !== undefined || order.cancelJobId !== undefined) {
    return refused("INVALID", ["orderId"], "The order is already cancelled.");
  }
  if (order.returns.some((one) => one.status === "REQUESTED" || one.status === "OPEN")) {
    return refused("INVALID", ["orderId"], "An order with a return in progress cannot be cancelled.");
  }
  if ((wish.staffNote ?? "").length > 255) return refused("INVALID", ["staffNote"], "It may have 255 characters.");
  if (wish.refundToStoreCredit && order.buyer === undefined) {
    return refused("STORE_CREDIT_REFUND_MISSING_CUSTOMER", ["refundMethod"], "Store credit needs a customer.");
  }
  const jobId = nextId(order, "Job");
  order.cancelJobId = jobId;
  order.cancelReason = wish.reason;
  touch(turn, order);
  turn.later({
    atMs: turn.now.getTime() + jobTakesMs,
    orderId: order.id,
    what: "finish_cancel",
    objectId: wish.refundToPayment ? "refund" : "keep",
  });
  return { value: { jobId } };
}

/** The end of the job: the order is cancelled and, where asked, paid back in full. */
export function finishCancel(turn: Turn, order: Order, { isRefunding }: { isRefunding: boolean }): void {
  order.cancelledAt = stamp(turn.now);
  const payments = isRefunding ? suggestedPayments(order, Number.MAX_SAFE_INTEGER) : [];
  if (payments.length > 0) {
    bookRefund(turn, order, {
      shippingMinor: order.shippingMinor,
      payments,
      lines: order.lines
        .filter((line) => line.quantity > line.refundedQuantity)
        .map((line) => ({
          id: nextId(order, "RefundLineItem"),
          orderLineId: line.id,
          quantity: line.quantity - line.refundedQuantity,
          restockType: "CANCEL",
        })),
    });
  }
  touch(turn, order);
  turn.announce("orders/cancelled", order, cancelledOrderBody(order));
}
