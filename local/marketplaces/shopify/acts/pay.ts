import { createRandom } from "../../kit/random.ts";
import { nextId } from "../model/ids.ts";
import { refundableMinor } from "../model/sums.ts";
import type { Order, Refund, Transaction } from "../model/types.ts";
import { refundBody, transactionBody } from "../webhooks/refund-bodies.ts";
import { stamp, type Turn } from "./turn.ts";

const minuteMs = 60_000;

export interface PaymentWish {
  parent: Transaction;
  amountMinor: number;
}

/**
 * Books a refund and asks the payment provider to pay it. `refunds/create` announces the record; whether money moved is
 * in the transactions, at once or later.
 */
export function bookRefund(
  turn: Turn,
  order: Order,
  wish: Pick<Refund, "returnId" | "note" | "lines" | "shippingMinor"> & { payments: PaymentWish[] },
): Refund {
  const now = stamp(turn.now);
  const { payments, ...record } = wish;
  const transactions = payments.map(({ parent, amountMinor }): Transaction => {
    const isPending = order.refundBehaviour !== "instant" && parent.gateway !== "manual";
    return {
      id: nextId(order, "OrderTransaction"),
      kind: "REFUND",
      status: isPending ? "PENDING" : "SUCCESS",
      gateway: parent.gateway,
      amountMinor,
      parentId: parent.id,
      createdAt: now,
      processedAt: isPending ? undefined : now,
      by: turn.by,
    };
  });
  const refund: Refund = {
    ...record,
    id: nextId(order, "Refund"),
    createdAt: now,
    processedAt: now,
    transactionIds: transactions.map(({ id }) => id),
    by: turn.by,
  };
  order.transactions.push(...transactions);
  order.refunds.push(refund);
  for (const line of refund.lines) {
    const orderLine = order.lines.find(({ id }) => id === line.orderLineId);
    if (orderLine !== undefined) orderLine.refundedQuantity += line.quantity;
  }
  turn.announce("refunds/create", order, refundBody(order, refund));
  for (const transaction of transactions) {
    if (transaction.status === "SUCCESS") {
      turn.announce("order_transactions/create", order, transactionBody(order, transaction));
    } else {
      const waitMs = createRandom(order.id, transaction.id).int(2, 90) * minuteMs;
      turn.later({
        atMs: turn.now.getTime() + waitMs,
        orderId: order.id,
        what: "settle_transaction",
        objectId: transaction.id,
      });
    }
  }
  return refund;
}

/** The provider's answer to a refund that was pending. */
export function settleTransaction(turn: Turn, order: Order, transaction: Transaction): void {
  if (transaction.status !== "PENDING") return;
  const isRefused = order.refundBehaviour === "fails" || order.refundBehaviour === "fails_once";
  transaction.status = isRefused ? "FAILURE" : "SUCCESS";
  transaction.processedAt = stamp(turn.now);
  if (isRefused) transaction.errorCode = "CARD_DECLINED";
  if (order.refundBehaviour === "fails_once") order.refundBehaviour = "instant";
  turn.announce("order_transactions/create", order, transactionBody(order, transaction));
}

/** The sale a refund of this amount would be taken from. */
export function suggestedPayments(order: Order, amountMinor: number): PaymentWish[] {
  const parent = order.transactions.find((one) => one.kind === "SALE" && one.status === "SUCCESS");
  const payable = Math.min(amountMinor, refundableMinor(order));
  return parent === undefined || payable <= 0 ? [] : [{ parent, amountMinor: payable }];
}
