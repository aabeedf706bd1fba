import { gid, nextId } from "../model/ids.ts";
import type { DispositionType, Order, Return, ReverseDelivery, ReverseOrder } from "../model/types.ts";
import { attachedDeliveryBody, disposedBody } from "../webhooks/reverse-bodies.ts";
import { type Outcome, refused, stamp, type Turn, touch, type UserError } from "./turn.ts";

export interface Shipping {
  labelUrl?: string;
  trackingNumber?: string;
  trackingUrl?: string;
  carrierName?: string;
}

/** Attaches label and tracking. No lines means all of them, with full quantity. */
export function attachDelivery(
  turn: Turn,
  order: Order,
  [one, reverse]: [Return, ReverseOrder],
  { lines, ...shipping }: Shipping & { lines: { reverseLineId: string; quantity: number }[] },
): Outcome<ReverseDelivery> {
  if (reverse.status !== "OPEN") {
    return refused("INVALID_STATE", ["reverseFulfillmentOrderId"], "The reverse fulfillment order is not open.");
  }
  for (const [index, line] of lines.entries()) {
    const target = reverse.lines.find((candidate) => candidate.id === line.reverseLineId);
    const field = ["reverseDeliveryLineItems", String(index)];
    if (target === undefined) return refused("NOT_FOUND", field, "The reverse fulfillment order has no such item.");
    if (line.quantity < 1 || line.quantity > target.quantity) {
      return refused("INVALID", [...field, "quantity"], "So many units are not expected back.");
    }
  }
  const chosen = lines.length > 0 ? lines : reverse.lines.map(({ id, quantity }) => ({ reverseLineId: id, quantity }));
  const delivery: ReverseDelivery = {
    id: nextId(order, "ReverseDelivery"),
    lines: chosen.map((line) => ({ id: nextId(order, "ReverseDeliveryLineItem"), ...line })),
  };
  reverse.deliveries.push(delivery);
  setShipping(turn, delivery, shipping);
  touch(turn, order);
  turn.announce("reverse_deliveries/attach_deliverable", order, attachedDeliveryBody(one, delivery));
  return { value: delivery };
}

export function updateDelivery(
  turn: Turn,
  order: Order,
  [one, reverse, delivery]: [Return, ReverseOrder, ReverseDelivery],
  shipping: Shipping,
): Outcome<ReverseDelivery> {
  if (reverse.status !== "OPEN") {
    return refused("INVALID_STATE", ["reverseDeliveryId"], "The reverse fulfillment order is not open.");
  }
  setShipping(turn, delivery, shipping);
  touch(turn, order);
  turn.announce("reverse_deliveries/attach_deliverable", order, attachedDeliveryBody(one, delivery));
  return { value: delivery };
}

function setShipping(turn: Turn, delivery: ReverseDelivery, shipping: Shipping): void {
  const now = stamp(turn.now);
  if (shipping.labelUrl !== undefined) {
    delivery.label = { url: shipping.labelUrl, createdAt: delivery.label?.createdAt ?? now, updatedAt: now };
  }
  if (shipping.trackingNumber !== undefined || shipping.trackingUrl !== undefined) {
    delivery.tracking = {
      number: shipping.trackingNumber,
      url: shipping.trackingUrl,
      carrierName: shipping.carrierName ?? delivery.tracking?.carrierName,
    };
  }
}

export interface DispositionWish {
  reverseLineId: string;
  quantity: number;
  type: DispositionType;
  locationId?: string;
}

/** What is wrong with these dispositions of one return, given as if nothing of them were done yet. */
export function dispositionFaults(one: Return, wishes: readonly DispositionWish[], field: string[]): UserError[] {
  const planned = new Map<string, number>();
  return wishes.flatMap((wish, index): UserError[] => {
    const at = [...field, String(index)];
    const reverse = one.reverseOrders.find((candidate) =>
      candidate.lines.some((line) => line.id === wish.reverseLineId),
    );
    const line = reverse?.lines.find((candidate) => candidate.id === wish.reverseLineId);
    if (reverse === undefined || line === undefined) {
      return refused("NOT_FOUND", at, "There is no such reverse fulfillment order item.").errors;
    }
    if (reverse.status !== "OPEN")
      return refused("INVALID_STATE", at, "The reverse fulfillment order is not open.").errors;
    const done = line.dispositions.reduce((sum, disposition) => sum + disposition.quantity, 0);
    const total = (planned.get(line.id) ?? done) + wish.quantity;
    planned.set(line.id, total);
    if (wish.quantity < 1 || total > line.quantity) {
      return refused("INVALID", [...at, "quantity"], "So many units are not left to dispose of.").errors;
    }
    if (wish.type === "RESTOCKED" && wish.locationId === undefined) {
      return refused("BLANK", [...at, "locationId"], "Restocking needs a location.").errors;
    }
    return [];
  });
}

/** Says what became of units that came back, or that they are missing. Money is another matter. */
export function dispose(
  turn: Turn,
  order: Order,
  one: Return,
  { wishes, field }: { wishes: readonly DispositionWish[]; field: string[] },
): Outcome<string[]> {
  const errors = dispositionFaults(one, wishes, field);
  if (errors.length > 0) return { errors };
  for (const reverse of one.reverseOrders) {
    const here = wishes.filter((wish) => reverse.lines.some((line) => line.id === wish.reverseLineId));
    if (here.length === 0) continue;
    for (const wish of here) {
      reverse.lines
        .find((line) => line.id === wish.reverseLineId)
        ?.dispositions.push({
          id: nextId(order, "ReverseFulfillmentOrderDisposition"),
          type: wish.type,
          quantity: wish.quantity,
          createdAt: stamp(turn.now),
          locationId: wish.locationId,
        });
    }
    turn.announce("reverse_fulfillment_orders/dispose", order, disposedBody(reverse, here));
  }
  touch(turn, order);
  return { value: wishes.map((wish) => gid("ReverseFulfillmentOrderLineItem", wish.reverseLineId)) };
}
