import { financialOutcome, type Units } from "../acts/outcome.ts";
import { suggestedPayments } from "../acts/pay.ts";
import { connection, type PageArguments } from "../graphql/connection.ts";
import { gid, idOf } from "../model/ids.ts";
import { minorOf, moneyBag } from "../model/money.ts";
import { reasonNamed } from "../model/reasons.ts";
import { lineValueMinor, orderLineOf, refundsOf, refundTransactions, restockingFeeMinor } from "../model/sums.ts";
import type { ExchangeLine, Order, Return, ReturnLine } from "../model/types.ts";
import { fulfillmentLineView, lineItemView, orderView } from "./order-view.ts";
import { refundView, shippingRefundView, suggestedTransactionView, transactionView } from "./refund-view.ts";
import { reverseOrderView } from "./reverse-view.ts";
import { reasonView, type View } from "./view.ts";

type LinePage = PageArguments & { processingStatus?: "PROCESSABLE" | "PROCESSED" | null };

export function returnView(view: View, order: Order, one: Return) {
  return {
    __typename: "Return",
    id: gid("Return", one.id),
    name: one.name,
    status: one.status,
    createdAt: one.createdAt,
    requestApprovedAt: one.approvedAt ?? null,
    closedAt: one.closedAt ?? null,
    decline: one.decline === undefined ? null : { reason: one.decline.reason, note: one.decline.note ?? null },
    order: () => orderView(view, order),
    totalQuantity: one.lines.reduce((sum, line) => sum + line.quantity, 0),
    returnLineItems: (page: LinePage) =>
      connection(one.lines.filter(byProcessing(page)), page, {
        idOf: (line) => line.id,
        view: (line) => returnLineView(view, order, line),
      }),
    exchangeLineItems: (page: LinePage) =>
      connection(one.exchanges.filter(byProcessing(page)), page, {
        idOf: (line) => line.id,
        view: (line) => exchangeLineView(view, order, line),
      }),
    returnShippingFees: one.shippingFees.map((fee) => ({
      __typename: "ReturnShippingFee",
      id: gid("ReturnShippingFee", fee.id),
      amountSet: moneyBag(order, fee.amountMinor),
    })),
    reverseFulfillmentOrders: (page: PageArguments) =>
      connection(one.reverseOrders, page, {
        idOf: (reverse) => reverse.id,
        view: (reverse) => reverseOrderView(view, order, one, reverse),
      }),
    refunds: (page: PageArguments) =>
      connection(refundsOf(order, one), page, {
        idOf: (refund) => refund.id,
        view: (refund) => refundView(view, order, refund),
      }),
    transactions: (page: PageArguments) =>
      connection(
        refundsOf(order, one).flatMap((refund) => refundTransactions(order, refund)),
        page,
        { idOf: (transaction) => transaction.id, view: (transaction) => transactionView(view, order, transaction) },
      ),
    suggestedFinancialOutcome: (ask: OutcomeArguments) => outcomeView(view, order, one, ask),
  };
}

function byProcessing({ processingStatus }: LinePage) {
  return (line: { quantity: number; processed: number }) => {
    if (processingStatus === "PROCESSABLE") return line.processed < line.quantity;
    return processingStatus === "PROCESSED" ? line.processed > 0 : true;
  };
}

function counters(line: { quantity: number; processed: number }) {
  const open = line.quantity - line.processed;
  return { processableQuantity: open, processedQuantity: line.processed, unprocessedQuantity: open };
}

function returnLineView(view: View, order: Order, line: ReturnLine) {
  const { definition, old } = reasonNamed(line.reason);
  return {
    __typename: "ReturnLineItem",
    id: gid("ReturnLineItem", line.id),
    quantity: line.quantity,
    ...counters(line),
    refundedQuantity: line.refunded,
    refundableQuantity: line.quantity - line.refunded,
    customerNote: line.customerNote ?? null,
    returnReason: old,
    returnReasonNote: line.reasonNote,
    returnReasonDefinition: definition === undefined ? null : reasonView(definition),
    restockingFee:
      line.restocking === undefined
        ? null
        : {
            __typename: "RestockingFee",
            id: gid("RestockingFee", line.restocking.id),
            percentage: line.restocking.percentage,
            amountSet: moneyBag(order, restockingFeeMinor(order, line, line.quantity)),
          },
    fulfillmentLineItem: () => fulfillmentLineView(view, order, orderLineOf(order, line.orderLineId)),
    withCodeDiscountedTotalPriceSet: moneyBag(order, lineValueMinor(order, line, line.quantity)),
  };
}

function exchangeLineView(view: View, order: Order, line: ExchangeLine) {
  const handedOut = line.orderLineIds.map((id) => lineItemView(view, order, orderLineOf(order, id)));
  return {
    __typename: "ExchangeLineItem",
    id: gid("ExchangeLineItem", line.id),
    quantity: line.quantity,
    ...counters(line),
    variantId: gid("ProductVariant", line.variantId),
    productId: gid("Product", line.productId),
    title: line.title,
    variantSku: line.sku,
    variantTitle: line.variantTitle,
    // Null until the exchange is processed.
    lineItems: handedOut.length > 0 ? handedOut : null,
    lineItem: handedOut[0] ?? null,
  };
}

interface OutcomeArguments {
  returnLineItems: Units[];
  exchangeLineItems: Units[];
  refundShipping?: { fullRefund?: boolean; shippingRefundAmount?: { amount: string } };
}

function outcomeView(view: View, order: Order, one: Return, ask: OutcomeArguments) {
  const shippingMinor = ask.refundShipping?.fullRefund
    ? order.shippingMinor
    : (minorOf(ask.refundShipping?.shippingRefundAmount?.amount ?? "0", order.presentmentCurrency) ?? 0);
  const outcome = financialOutcome(order, one, {
    lines: ask.returnLineItems.map(({ id, quantity }) => ({ id: idOf("ReturnLineItem", id) ?? "", quantity })),
    exchanges: ask.exchangeLineItems.map(({ id, quantity }) => ({ id: idOf("ExchangeLineItem", id) ?? "", quantity })),
    shippingMinor,
  });
  const nothing = moneyBag(order, 0);
  return {
    discountedSubtotal: moneyBag(order, outcome.goodsMinor),
    maximumRefundable: moneyBag(order, outcome.maximumRefundableMinor),
    shipping: shippingRefundView(order, shippingMinor),
    totalTax: moneyBag(order, outcome.taxMinor),
    totalAdditionalFees: nothing,
    totalCartDiscountAmount: nothing,
    totalDuties: nothing,
    financialTransfer: transferOf(view, order, outcome.netMinor),
  };
}

/** Money back, an invoice when the buyer owes, or null when it comes out even. */
function transferOf(view: View, order: Order, netMinor: number) {
  if (netMinor === 0) return null;
  if (netMinor < 0) return { __typename: "InvoiceReturnOutcome", amount: moneyBag(order, -netMinor) };
  return {
    __typename: "RefundReturnOutcome",
    amount: moneyBag(order, netMinor),
    suggestedRefundMethods: [],
    suggestedTransactions: suggestedPayments(order, netMinor).map((payment) =>
      suggestedTransactionView(view, order, payment),
    ),
  };
}
