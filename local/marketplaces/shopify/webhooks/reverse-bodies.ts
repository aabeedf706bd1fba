import type { Return, ReverseDelivery, ReverseOrder } from "../model/types.ts";
import { reference } from "./return-bodies.ts";

/** reverse_deliveries/attach_deliverable. */
export function attachedDeliveryBody(one: Return, delivery: ReverseDelivery) {
  return {
    ...reference("ReverseDelivery", delivery.id),
    return: reference("Return", one.id),
    shipping_deliverable: {
      tracking: {
        carrier_name: delivery.tracking?.carrierName ?? null,
        tracking_number: delivery.tracking?.number ?? null,
        tracking_url: delivery.tracking?.url ?? null,
      },
      label: { public_file_url: delivery.label?.url ?? null, created_at: delivery.label?.createdAt ?? null },
    },
  };
}

/** reverse_fulfillment_orders/dispose: says nothing of the return. */
export function disposedBody(
  reverse: ReverseOrder,
  dispositions: readonly { reverseLineId: string; quantity: number; type: string; locationId?: string }[],
) {
  return {
    ...reference("ReverseFulfillmentOrder", reverse.id),
    dispositions: dispositions.map((disposition) => ({
      reverse_fulfillment_order_line_item: reference("ReverseFulfillmentOrderLineItem", disposition.reverseLineId),
      reverse_delivery_line_item: null,
      type: disposition.type.toLowerCase(),
      location: disposition.locationId === undefined ? null : reference("Location", disposition.locationId),
      quantity: disposition.quantity,
    })),
    total_dispositions: dispositions.length,
  };
}
