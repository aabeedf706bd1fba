import { gid, idOf } from "../model/ids.ts";
import { reasons } from "../model/reasons.ts";
import { returnableQuantity } from "../model/sums.ts";
import type { Dispute, Order } from "../model/types.ts";
import { findDelivery, findRefund, findReturn, findReverseOrder } from "../model/world.ts";
import { disputeView, evidenceView } from "../views/dispute-view.ts";
import { financialStatus, orderView, returnableView, returnStatus } from "../views/order-view.ts";
import { refundView } from "../views/refund-view.ts";
import { returnView } from "../views/return-view.ts";
import { deliveryView, reverseOrderView } from "../views/reverse-view.ts";
import { isVisible, locationView, reasonConnection, type View } from "../views/view.ts";
import { connection, type PageArguments } from "./connection.ts";
import type { GraphRequest } from "./request.ts";
import { compileSearch, type Searchable } from "./search.ts";
import { accessibleVersions } from "./versions.ts";

type ById = { id: string };

/** The order that an object of this shop hangs on, if the app may see it. */
function owner(view: View, globalId: string): Order | undefined {
  const order = view.world.ownerOf(view.shop.domain, globalId);
  return order !== undefined && isVisible(view, order) ? order : undefined;
}

function pairOf(view: View, globalId: string, match: (dispute: Dispute) => boolean): [Order, Dispute] | undefined {
  const order = owner(view, globalId);
  const dispute = order?.disputes.find(match);
  return order !== undefined && dispute !== undefined ? [order, dispute] : undefined;
}

const byId: Record<string, (view: View, id: string) => object | null> = {
  Order: (view, id) => {
    const order = owner(view, id);
    return order === undefined ? null : orderView(view, order);
  },
  Return: (view, id) => {
    const order = owner(view, id);
    const one = findReturn(order, id);
    return order === undefined || one === undefined ? null : returnView(view, order, one);
  },
  Refund: (view, id) => {
    const order = owner(view, id);
    const refund = findRefund(order, id);
    return order === undefined || refund === undefined ? null : refundView(view, order, refund);
  },
  ReverseFulfillmentOrder: (view, id) => {
    const order = owner(view, id);
    const found = findReverseOrder(order, id);
    return order === undefined || found === undefined ? null : reverseOrderView(view, order, ...found);
  },
  ReverseDelivery: (view, id) => {
    const order = owner(view, id);
    const found = findDelivery(order, id);
    return order === undefined || found === undefined ? null : deliveryView(view, order, found);
  },
  ShopifyPaymentsDispute: (view, id) => {
    const found = pairOf(view, id, (dispute) => gid("ShopifyPaymentsDispute", dispute.id) === id);
    return found === undefined ? null : disputeView(view, ...found);
  },
  ShopifyPaymentsDisputeEvidence: (view, id) => {
    const found = pairOf(view, id, ({ evidence }) => gid("ShopifyPaymentsDisputeEvidence", evidence.id) === id);
    return found === undefined ? null : evidenceView(view, ...found);
  },
  Location: (view, id) => (id === gid("Location", view.shop.locationId) ? locationView(view) : null),
};

/** What an id of this type stands for in the shop, as its view. */
export function lookUp(view: View, type: string, id: string): object | null {
  return idOf(type, id) === undefined ? null : (byId[type]?.(view, id) ?? null);
}

const orderFields: Searchable<Order> = {
  id: (order) => order.id,
  name: (order) => `#${order.number}`,
  created_at: (order) => order.createdAt,
  processed_at: (order) => order.createdAt,
  updated_at: (order) => order.updatedAt,
  return_status: returnStatus,
  financial_status: financialStatus,
  chargeback_status: (order) => order.disputes.at(-1)?.status,
};

const orderKeys: Record<string, (order: Order) => string> = {
  CREATED_AT: (order) => order.createdAt,
  PROCESSED_AT: (order) => order.createdAt,
  UPDATED_AT: (order) => order.updatedAt,
  ORDER_NUMBER: (order) => String(order.number).padStart(12, "0"),
  ID: (order) => order.id.padStart(20, "0"),
};

function ordersOf(
  { query, sortKey, ...page }: PageArguments & { query?: string; sortKey: string },
  { view }: GraphRequest,
) {
  const keyOf = orderKeys[sortKey] ?? ((order: Order) => order.createdAt);
  const found = view.world
    .ordersOf(view.shop.domain)
    .filter((order) => isVisible(view, order))
    .filter(compileSearch(query, orderFields))
    .sort((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.id, b.id));
  return connection(found, page, { idOf: ({ id }) => id, view: (order) => orderView(view, order) });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const disputeFields: Searchable<[Order, Dispute]> = {
  id: ([, dispute]) => dispute.id,
  status: ([, dispute]) => dispute.status,
  initiated_at: ([, dispute]) => dispute.initiatedAt,
};

function disputesOf({ query, ...page }: PageArguments & { query?: string }, { view }: GraphRequest) {
  const all = view.world
    .ordersOf(view.shop.domain)
    .flatMap((order) => order.disputes.map((dispute): [Order, Dispute] => [order, dispute]));
  return connection(all.filter(compileSearch(query, disputeFields)), page, {
    idOf: ([, dispute]) => dispute.id,
    view: ([order, dispute]) => disputeView(view, order, dispute),
  });
}

/** The query root. */
export const queries = {
  node: ({ id }: ById, { view }: GraphRequest) => {
    const type = /^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] ?? "";
    return lookUp(view, type, id);
  },
  return: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "Return", id),
  refund: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "Refund", id),
  order: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "Order", id),
  orders: ordersOf,
  reverseFulfillmentOrder: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "ReverseFulfillmentOrder", id),
  reverseDelivery: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "ReverseDelivery", id),
  dispute: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "ShopifyPaymentsDispute", id),
  disputeEvidence: ({ id }: ById, { view }: GraphRequest) => lookUp(view, "ShopifyPaymentsDisputeEvidence", id),
  disputes: disputesOf,
  location: ({ id }: { id?: string | null }, { view }: GraphRequest) =>
    id ? lookUp(view, "Location", id) : locationView(view),
  locations: (page: PageArguments, { view }: GraphRequest) =>
    connection([view.shop.locationId], page, { idOf: (id) => id, view: (id) => locationView(view, id) }),
  returnReasonDefinitions: (
    { ids, handles, ...page }: PageArguments & { ids?: string[]; handles?: string[] },
    _request: GraphRequest,
  ) =>
    reasonConnection(
      reasons.filter(
        (reason) =>
          (!ids || ids.includes(gid("ReturnReasonDefinition", reason.id))) &&
          (!handles || handles.includes(reason.handle)),
      ),
      page,
    ),
  returnableFulfillments: ({ orderId, ...page }: PageArguments & { orderId: string }, { view }: GraphRequest) => {
    const order = owner(view, orderId);
    const isReturnable = order?.lines.some((line) => returnableQuantity(order, line.id) > 0);
    return connection(order !== undefined && isReturnable ? [order] : [], page, {
      idOf: ({ id }) => id,
      view: (found) => returnableView(view, found),
    });
  },
  returnableFulfillment: ({ id }: ById, { view }: GraphRequest) => {
    const order = owner(view, gid("Order", idOf("ReturnableFulfillment", id) ?? ""));
    return order === undefined ? null : returnableView(view, order);
  },
  publicApiVersions: () => accessibleVersions.map((handle) => ({ handle, displayName: handle, supported: true })),
  webhookSubscription: ({ id }: ById, { view, subscriptions }: GraphRequest) =>
    subscriptions
      .list(view.shop.domain)
      .find((one) => gid("WebhookSubscription", one.id) === id)
      ?.view() ?? null,
  webhookSubscriptions: (
    { topics, uri, ...page }: PageArguments & { topics?: string[]; uri?: string },
    { view, subscriptions }: GraphRequest,
  ) =>
    connection(
      subscriptions
        .list(view.shop.domain)
        .filter((one) => (!topics || topics.includes(one.topic)) && (!uri || one.uri === uri)),
      page,
      { idOf: ({ id }) => id, view: (one) => one.view() },
    ),
};
