import type { PaymentWish } from "../acts/pay.ts";
import { connection, type PageArguments } from "../graphql/connection.ts";
import { gid } from "../model/ids.ts";
import { money, moneyBag } from "../model/money.ts";
import { orderLineOf, refundableMinor, refundTransactions, sumOf, taxInside } from "../model/sums.ts";
import type { Order, Refund, Transaction } from "../model/types.ts";
import { lineItemView, orderView } from "./order-view.ts";
import { returnView } from "./return-view.ts";
import { locationView, type View } from "./view.ts";

export function refundView(view: View, order: Order, refund: Refund): object {
  const transactions = refundTransactions(order, refund);
  const succeeded = transactions.filter(({ status }) => status === "SUCCESS");
  return {
    __typename: "Refund",
    id: gid("Refund", refund.id),
    legacyResourceId: refund.id,
    createdAt: refund.createdAt,
    updatedAt: refund.createdAt,
    processedAt: refund.processedAt,
    note: refund.note ?? null,
    order: () => orderView(view, order),
    return: () => {
      const one = order.returns.find(({ id }) => id === refund.returnId);
      return one === undefined ? null : returnView(view, order, one);
    },
    totalRefundedSet: moneyBag(order, sumOf(succeeded)),
    refundLineItems: (page: PageArguments) =>
      connection(refund.lines, page, {
        idOf: ({ id }) => id,
        view: (line) => refundLineView(view, order, line),
      }),
    refundShippingLines: (page: PageArguments) =>
      connection(refund.shippingMinor > 0 ? [refund] : [], page, {
        idOf: ({ id }) => id,
        view: ({ id, shippingMinor }) => ({
          __typename: "RefundShippingLine",
          id: gid("RefundShippingLine", id),
          subtotalAmountSet: moneyBag(order, shippingMinor),
          taxAmountSet: moneyBag(order, taxInside(shippingMinor)),
        }),
      }),
    orderAdjustments: (page: PageArguments) => connection([], page, { idOf: String, view: String }),
    transactions: (page: PageArguments) =>
      connection(transactions, page, {
        idOf: ({ id }) => id,
        view: (transaction) => transactionView(view, order, transaction),
      }),
  };
}

function refundLineView(view: View, order: Order, line: Refund["lines"][number]) {
  const orderLine = orderLineOf(order, line.orderLineId);
  const subtotalMinor = orderLine.unitMinor * line.quantity;
  return {
    id: gid("RefundLineItem", line.id),
    lineItem: () => lineItemView(view, order, orderLine),
    quantity: line.quantity,
    restockType: line.restockType,
    restocked: line.restockType !== "NO_RESTOCK",
    location: () => (line.locationId === undefined ? null : locationView(view, line.locationId)),
    priceSet: moneyBag(order, orderLine.unitMinor),
    subtotalSet: moneyBag(order, subtotalMinor),
    totalTaxSet: moneyBag(order, taxInside(subtotalMinor)),
  };
}

export function transactionView(view: View, order: Order, transaction: Transaction): object {
  return {
    __typename: "OrderTransaction",
    id: gid("OrderTransaction", transaction.id),
    kind: transaction.kind,
    status: transaction.status,
    gateway: transaction.gateway,
    formattedGateway: transaction.gateway,
    manualPaymentGateway: transaction.gateway === "manual",
    createdAt: transaction.createdAt,
    processedAt: transaction.processedAt ?? null,
    errorCode: transaction.errorCode ?? null,
    test: false,
    amountSet: moneyBag(order, transaction.amountMinor),
    maximumRefundableV2: transaction.kind === "SALE" ? money(refundableMinor(order), order.presentmentCurrency) : null,
    order: () => orderView(view, order),
    parentTransaction: () => {
      const parent = order.transactions.find(({ id }) => id === transaction.parentId);
      return parent === undefined ? null : transactionView(view, order, parent);
    },
  };
}

export function suggestedTransactionView(view: View, order: Order, { parent, amountMinor }: PaymentWish) {
  return {
    kind: "SUGGESTED_REFUND",
    gateway: parent.gateway,
    formattedGateway: parent.gateway,
    accountNumber: null,
    amountSet: moneyBag(order, amountMinor),
    maximumRefundableSet: moneyBag(order, refundableMinor(order)),
    parentTransaction: () => transactionView(view, order, parent),
  };
}

export function shippingRefundView(order: Order, shippingMinor: number) {
  return {
    amountSet: moneyBag(order, shippingMinor),
    maximumRefundableSet: moneyBag(order, order.shippingMinor),
    taxSet: moneyBag(order, taxInside(shippingMinor)),
  };
}
