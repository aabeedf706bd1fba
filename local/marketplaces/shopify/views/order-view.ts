import { connection, type PageArguments } from "../graphql/connection.ts";
import { compileSearch } from "../graphql/search.ts";
import { gid } from "../model/ids.ts";
import { moneyBag } from "../model/money.ts";
import { reasons } from "../model/reasons.ts";
import { receivedMinor, refundableMinor, refundedMinor, returnableQuantity, totalMinor } from "../model/sums.ts";
import type { Order, OrderLine, Return } from "../model/types.ts";
import { refundView, transactionView } from "./refund-view.ts";
import { returnView } from "./return-view.ts";
import { suggestedRefundView } from "./suggested-refund-view.ts";
import { reasonConnection, type View } from "./view.ts";

export function orderView(view: View, order: Order): object {
  const { buyer } = order;
  const name = `#${order.number}`;
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: order.id,
    name,
    number: order.number,
    createdAt: order.createdAt,
    processedAt: order.createdAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt ?? null,
    cancelReason: order.cancelledAt === undefined ? null : (order.cancelReason ?? null),
    closed: false,
    confirmed: true,
    test: false,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentmentCurrency,
    customerLocale: buyer?.locale ?? null,
    email: buyer?.email ?? null,
    phone: buyer?.phone ?? null,
    customer: buyer === undefined ? null : () => customerView(order),
    shippingAddress: () => addressView(order),
    statusPageUrl: `https://${order.shop}/orders/${order.id}`,
    returnStatus: returnStatus(order),
    displayFinancialStatus: financialStatus(order),
    displayFulfillmentStatus: order.fulfilledAt === undefined ? "UNFULFILLED" : "FULFILLED",
    refundable: refundableMinor(order) > 0,
    unpaid: false,
    fullyPaid: true,
    tags: [],
    paymentGatewayNames: [...new Set(order.transactions.map(({ gateway }) => gateway))],
    totalPriceSet: moneyBag(order, totalMinor(order)),
    totalShippingPriceSet: moneyBag(order, order.shippingMinor),
    totalReceivedSet: moneyBag(order, receivedMinor(order)),
    totalRefundedSet: moneyBag(order, refundedMinor(order)),
    netPaymentSet: moneyBag(order, receivedMinor(order) - refundedMinor(order)),
    lineItems: (page: PageArguments) =>
      connection(order.lines, page, { idOf: ({ id }) => id, view: (line) => lineItemView(view, order, line) }),
    transactions: ({ first }: { first?: number }) =>
      order.transactions.slice(0, first ?? undefined).map((transaction) => transactionView(view, order, transaction)),
    refunds: ({ first }: { first?: number }) =>
      order.refunds.slice(0, first ?? undefined).map((refund) => refundView(view, order, refund)),
    returns: ({ query, ...page }: PageArguments & { query?: string }) =>
      connection(order.returns.filter(compileSearch(query, returnFields)), page, {
        idOf: ({ id }) => id,
        view: (one) => returnView(view, order, one),
      }),
    fulfillments: ({ first }: { first?: number }) =>
      order.fulfilledAt === undefined ? [] : [fulfillmentView(order, order.fulfilledAt)].slice(0, first ?? undefined),
    disputes: order.disputes.map((dispute) => ({
      __typename: "OrderDisputeSummary",
      id: gid("ShopifyPaymentsDispute", dispute.id),
      initiatedAs: dispute.type,
      status: dispute.status,
    })),
    suggestedRefund: (ask: Parameters<typeof suggestedRefundView>[2]) => suggestedRefundView(view, order, ask),
  };
}

/** Everything of an order is shipped in one parcel, which is with the buyer at once. */
function fulfillmentView(order: Order, fulfilledAt: string) {
  return {
    __typename: "Fulfillment",
    id: gid("Fulfillment", order.id),
    legacyResourceId: order.id,
    name: `#${order.number}-F1`,
    createdAt: fulfilledAt,
    updatedAt: fulfilledAt,
    inTransitAt: fulfilledAt,
    deliveredAt: fulfilledAt,
    estimatedDeliveryAt: null,
    requiresShipping: true,
    totalQuantity: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

const returnFields = { id: (one: Return) => one.id, status: (one: Return) => one.status };

/** The order's summary for display; what counts is each return's own status. */
export function returnStatus(order: Order): string {
  const live = order.returns.filter(({ status }) => status !== "DECLINED" && status !== "CANCELED");
  if (live.some(({ status }) => status === "REQUESTED")) return "RETURN_REQUESTED";
  const open = live.filter(({ status }) => status === "OPEN");
  if (open.length > 0) return open.every(isInspected) ? "INSPECTION_COMPLETE" : "IN_PROGRESS";
  return live.length > 0 ? "RETURNED" : "NO_RETURN";
}

function isInspected(one: Return): boolean {
  const lines = one.reverseOrders.flatMap((reverse) => reverse.lines);
  return (
    lines.length > 0 &&
    lines.every((line) => line.dispositions.reduce((sum, { quantity }) => sum + quantity, 0) >= line.quantity)
  );
}

export function financialStatus(order: Order): string {
  const refunded = refundedMinor(order);
  if (refunded === 0) return "PAID";
  return refunded < receivedMinor(order) ? "PARTIALLY_REFUNDED" : "REFUNDED";
}

export function lineItemView(_view: View, order: Order, line: OrderLine) {
  const unit = moneyBag(order, line.unitMinor);
  const total = moneyBag(order, line.unitMinor * line.quantity);
  return {
    __typename: "LineItem",
    id: gid("LineItem", line.id),
    sku: line.sku,
    title: line.title,
    name: `${line.title} - ${line.variantTitle}`,
    variantTitle: line.variantTitle,
    quantity: line.quantity,
    currentQuantity: line.quantity - line.refundedQuantity,
    refundableQuantity: line.quantity - line.refundedQuantity,
    requiresShipping: true,
    isGiftCard: false,
    originalUnitPriceSet: unit,
    discountedUnitPriceSet: unit,
    discountedUnitPriceAfterAllDiscountsSet: unit,
    originalTotalSet: total,
    discountedTotalSet: total,
    suggestedReturnReasonDefinitions: (page: PageArguments) =>
      reasonConnection(
        reasons.filter((reason) => !reason.isDeleted),
        page,
      ),
  };
}

export function fulfillmentLineView(view: View, order: Order, line: OrderLine) {
  const total = moneyBag(order, line.unitMinor * line.quantity);
  return {
    __typename: "FulfillmentLineItem",
    id: gid("FulfillmentLineItem", line.fulfillmentLineId ?? "0"),
    quantity: line.quantity,
    lineItem: () => lineItemView(view, order, line),
    discountedTotalSet: total,
    originalTotalSet: total,
  };
}

/** What of an order can still go into a return, as the platform groups it: one shipment here. */
export function returnableView(view: View, order: Order) {
  const lines = order.lines.filter((line) => returnableQuantity(order, line.id) > 0);
  return {
    __typename: "ReturnableFulfillment",
    id: gid("ReturnableFulfillment", order.id),
    returnableFulfillmentLineItems: (page: PageArguments) =>
      connection(lines, page, {
        idOf: ({ id }) => id,
        view: (line) => ({
          quantity: returnableQuantity(order, line.id),
          fulfillmentLineItem: () => fulfillmentLineView(view, order, line),
        }),
      }),
  };
}

function customerView(order: Order) {
  const { buyer } = order;
  return {
    __typename: "Customer",
    id: gid("Customer", buyer?.id ?? "0"),
    legacyResourceId: buyer?.id,
    firstName: buyer?.firstName ?? null,
    lastName: buyer?.lastName ?? null,
    displayName: `${buyer?.firstName} ${buyer?.lastName}`,
    email: buyer?.email ?? null,
    phone: buyer?.phone ?? null,
    locale: buyer?.locale,
  };
}

function addressView(order: Order) {
  const { buyer } = order;
  return {
    __typename: "MailingAddress",
    id: gid("MailingAddress", order.id),
    name: buyer === undefined ? null : `${buyer.firstName} ${buyer.lastName}`,
    firstName: buyer?.firstName ?? null,
    lastName: buyer?.lastName ?? null,
    address1: buyer?.address1 ?? null,
    address2: null,
    city: buyer?.city ?? null,
    zip: buyer?.zip ?? null,
    phone: buyer?.phone ?? null,
    provinceCode: null,
    countryCodeV2: buyer?.countryCode ?? "DE",
    formatted: [buyer?.address1 ?? "", `${buyer?.zip ?? ""} ${buyer?.city ?? ""}`],
  };
}
