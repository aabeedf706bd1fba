import { connection, type PageArguments } from "../graphql/connection.ts";
import { gid } from "../model/ids.ts";
import { orderLineOf } from "../model/sums.ts";
import type { Disposition, Order, Return, ReverseDelivery, ReverseOrder } from "../model/types.ts";
import { fulfillmentLineView, orderView } from "./order-view.ts";
import { locationView, type View } from "./view.ts";

export function reverseOrderView(view: View, order: Order, one: Return, reverse: ReverseOrder): object {
  return {
    __typename: "ReverseFulfillmentOrder",
    id: gid("ReverseFulfillmentOrder", reverse.id),
    status: reverse.status,
    thirdPartyConfirmation: reverse.thirdPartyStatus === undefined ? null : { status: reverse.thirdPartyStatus },
    order: () => orderView(view, order),
    lineItems: (page: PageArguments) =>
      connection(reverse.lines, page, {
        idOf: (line) => line.id,
        view: (line) => reverseLineView(view, order, one, line),
      }),
    reverseDeliveries: (page: PageArguments) =>
      connection(reverse.deliveries, page, {
        idOf: (delivery) => delivery.id,
        view: (delivery) => deliveryView(view, order, [one, reverse, delivery]),
      }),
  };
}

export function reverseLineView(view: View, order: Order, one: Return, line: ReverseOrder["lines"][number]) {
  return {
    __typename: "ReverseFulfillmentOrderLineItem",
    id: gid("ReverseFulfillmentOrderLineItem", line.id),
    totalQuantity: line.quantity,
    dispositions: line.dispositions.map((disposition) => dispositionView(view, disposition)),
    fulfillmentLineItem: () => {
      const returned = one.lines.find(({ id }) => id === line.returnLineId);
      return returned === undefined ? null : fulfillmentLineView(view, order, orderLineOf(order, returned.orderLineId));
    },
  };
}

function dispositionView(view: View, disposition: Disposition) {
  return {
    __typename: "ReverseFulfillmentOrderDisposition",
    id: gid("ReverseFulfillmentOrderDisposition", disposition.id),
    type: disposition.type,
    quantity: disposition.quantity,
    createdAt: disposition.createdAt,
    location: disposition.locationId === undefined ? null : locationView(view, disposition.locationId),
  };
}

export function deliveryView(
  view: View,
  order: Order,
  [one, reverse, delivery]: [Return, ReverseOrder, ReverseDelivery],
): object {
  const { label, tracking } = delivery;
  return {
    __typename: "ReverseDelivery",
    id: gid("ReverseDelivery", delivery.id),
    deliverable: {
      __typename: "ReverseDeliveryShippingDeliverable",
      label:
        label === undefined
          ? null
          : { publicFileUrl: label.url, createdAt: label.createdAt, updatedAt: label.updatedAt },
      tracking:
        tracking === undefined
          ? null
          : {
              number: tracking.number ?? null,
              carrierName: tracking.carrierName ?? null,
              url: tracking.url ?? null,
            },
    },
    reverseFulfillmentOrder: () => reverseOrderView(view, order, one, reverse),
    reverseDeliveryLineItems: (page: PageArguments) =>
      connection(delivery.lines, page, {
        idOf: (line) => line.id,
        view: (line) => {
          const target = reverse.lines.find(({ id }) => id === line.reverseLineId);
          return {
            __typename: "ReverseDeliveryLineItem",
            id: gid("ReverseDeliveryLineItem", line.id),
            quantity: line.quantity,
            dispositions: [],
            reverseFulfillmentOrderLineItem: () =>
              target === undefined ? null : reverseLineView(view, order, one, target),
          };
        },
      }),
  };
}
