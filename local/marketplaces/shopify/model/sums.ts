import type { Order, Refund, Return, ReturnLine, Transaction } from "./types.ts";

export function orderLineOf(order: Order, id: string) {
  const line = order.lines.find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`order ${order.id} has no line ${id}`);
  return line;
}

export function refundTransactions(order: Order, refund: Refund): Transaction[] {
  return order.transactions.filter((transaction) => refund.transactionIds.includes(transaction.id));
}

export function refundsOf(order: Order, one: Return): Refund[] {
  return order.refunds.filter((refund) => refund.returnId === one.id);
}

export function totalMinor(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0) + order.shippingMinor;
}

export function receivedMinor(order: Order): number {
  return sumOf(order.transactions.filter((one) => one.kind === "SALE" && one.status === "SUCCESS"));
}

/** What was paid and is neither given back nor on its way back. */
export function refundableMinor(order: Order): number {
  const taken = order.transactions.filter(
    (one) => one.kind === "REFUND" && (one.status === "SUCCESS" || one.status === "PENDING"),
  );
  return receivedMinor(order) - sumOf(taken);
}

export function refundedMinor(order: Order): number {
  return sumOf(order.transactions.filter((one) => one.kind === "REFUND" && one.status === "SUCCESS"));
}

export function sumOf(transactions: readonly Transaction[]): number {
  return transactions.reduce((sum, transaction) => sum + transaction.amountMinor, 0);
}

/** Units of an order line that are in no live return and not refunded. A declined or cancelled return frees its units. */
export function returnableQuantity(order: Order, orderLineId: string): number {
  const line = orderLineOf(order, orderLineId);
  if (line.fulfillmentLineId === undefined) return 0;
  const inReturns = order.returns
    .filter((one) => one.status !== "DECLINED" && one.status !== "CANCELED")
    .flatMap((one) => one.lines)
    .filter((candidate) => candidate.orderLineId === orderLineId);
  const returning = inReturns.reduce((sum, candidate) => sum + candidate.quantity, 0);
  const refundedInReturns = inReturns.reduce((sum, candidate) => sum + candidate.refunded, 0);
  return line.quantity - returning - (line.refundedQuantity - refundedInReturns);
}

export function unprocessedUnits(one: Return): number {
  const units = [...one.lines, ...one.exchanges];
  return units.reduce((sum, line) => sum + line.quantity - line.processed, 0);
}

export function lineValueMinor(order: Order, line: ReturnLine, quantity: number): number {
  return orderLineOf(order, line.orderLineId).unitMinor * quantity;
}

export function restockingFeeMinor(order: Order, line: ReturnLine, quantity: number): number {
  return Math.round((lineValueMinor(order, line, quantity) * (line.restocking?.percentage ?? 0)) / 100);
}

/** The tax inside a price that includes it, at the one rate this platform knows. */
export function taxInside(minor: number): number {
  return minor - Math.round(minor / 1.19);
}
