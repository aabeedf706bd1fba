import { nextId } from "../model/ids.ts";
import { minorOf } from "../model/money.ts";
import { refundableMinor } from "../model/sums.ts";
import type { Order, Refund } from "../model/types.ts";
import { bookRefund, type PaymentWish } from "./pay.ts";
import { type Outcome, refused, type Turn, touch, type UserError } from "./turn.ts";

export interface RefundWish {
  currency?: string;
  note?: string;
  lines: { orderLineId: string; quantity: number; restockType: string; locationId?: string }[];
  shippingMinor: number;
  transactions: { kind: string; amount: string; parentId?: string; gateway: string }[];
  allowOverRefunding?: boolean;
}

/** A refund of an order, without goods coming back. */
export function createRefund(turn: Turn, order: Order, wish: RefundWish): Outcome<Refund> {
  const faults = faultsOf(order, wish);
  if (faults.length > 0) return { errors: faults };
  const payments = paymentsOf(order, wish);
  if (!Array.isArray(payments)) return payments;
  const total = payments.reduce((sum, payment) => sum + payment.amountMinor, 0);
  if (total > refundableMinor(order) && !wish.allowOverRefunding) {
    return refused("INVALID", ["input", "transactions"], "The refund exceeds what is left of the payment.");
  }
  if (payments.length === 0 && wish.lines.length === 0) {
    return refused("BLANK", ["input"], "There is nothing to refund.");
  }
  const refund = bookRefund(turn, order, {
    note: wish.note,
    shippingMinor: wish.shippingMinor,
    payments,
    lines: wish.lines.map((line) => ({ id: nextId(order, "RefundLineItem"), ...line })),
  });
  touch(turn, order);
  return { value: refund };
}

function faultsOf(order: Order, wish: RefundWish): UserError[] {
  const hasTwoCurrencies = order.currency !== order.presentmentCurrency;
  if (hasTwoCurrencies && wish.currency === undefined) {
    return refused("BLANK", ["input", "currency"], "An order with two currencies needs the presentment currency.")
      .errors;
  }
  if (wish.currency !== undefined && wish.currency !== order.presentmentCurrency) {
    return refused("INVALID", ["input", "currency"], "The currency must be the presentment currency.").errors;
  }
  return wish.lines.flatMap((line, index): UserError[] => {
    const field = ["input", "refundLineItems", String(index)];
    const orderLine = order.lines.find((candidate) => candidate.id === line.orderLineId);
    if (orderLine === undefined) return refused("NOT_FOUND", [...field, "lineItemId"], "No such line.").errors;
    if (line.quantity < 1 || line.quantity > orderLine.quantity - orderLine.refundedQuantity) {
      return refused("INVALID", [...field, "quantity"], "So many units cannot be refunded.").errors;
    }
    return [];
  });
}

function paymentsOf(order: Order, wish: RefundWish): PaymentWish[] | { errors: UserError[] } {
  const payments: PaymentWish[] = [];
  for (const [index, transaction] of wish.transactions.entries()) {
    const field = ["input", "transactions", String(index)];
    const parent = order.transactions.find((one) => one.id === transaction.parentId && one.kind === "SALE");
    const amountMinor = minorOf(transaction.amount, order.presentmentCurrency);
    if (transaction.kind !== "REFUND") return refused("INVALID", [...field, "kind"], "The kind must be REFUND.");
    if (parent === undefined) return refused("INVALID", [...field, "parentId"], "The payment to refund is not known.");
    if (parent.gateway !== transaction.gateway) {
      return refused("INVALID", [...field, "gateway"], "The payment was made through another gateway.");
    }
    if (amountMinor === undefined || amountMinor <= 0) {
      return refused("INVALID", [...field, "amount"], "The amount is none of this currency.");
    }
    payments.push({ parent, amountMinor });
  }
  return payments;
}
