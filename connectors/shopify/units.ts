import type { Facts } from "#shared/case/observation.ts";
import { listOf, type ReverseOrder } from "./schema.ts";
import { dispositions } from "./status.ts";

interface Units {
  received: number;
  /** Units on which something has been decided, missing ones included. */
  disposed: number;
  /** Units on which nothing has been decided yet. */
  open: number;
  deliveries: number;
  parcel?: NonNullable<Facts["goods"]["wayBack"]>;
  unknownDisposition?: string;
  /** A logistics partner does not take the goods: a person must find another way. */
  refusedByCarrier: boolean;
  whole: boolean;
  /** Received and missing units of an order line that was shipped; undefined where nothing is expected back. */
  ofLine(fulfillmentLineId: string | undefined): { received: number; missing: number } | undefined;
}

/** Counts what has come back, from all reverse fulfilment orders of a return that still count. */
export function unitsOf(reverseOrders: readonly ReverseOrder[]): Units {
  const counted = reverseOrders.filter(({ status }) => status !== "CANCELED");
  const perLine = new Map<string, { received: number; missing: number }>();
  let [received, disposed, total] = [0, 0, 0];
  let unknownDisposition: string | undefined;
  for (const line of counted.flatMap(({ lineItems }) => listOf(lineItems).nodes)) {
    total += line.totalQuantity;
    const key = line.fulfillmentLineItem?.id ?? "";
    const sum = perLine.get(key) ?? { received: 0, missing: 0 };
    perLine.set(key, sum);
    for (const { type, quantity } of line.dispositions) {
      const meaning = Object.hasOwn(dispositions, type) ? dispositions[type] : undefined;
      if (meaning === undefined) unknownDisposition ??= `disposition ${type}`;
      else sum[meaning] += quantity;
      if (meaning === "received") received += quantity;
      disposed += quantity;
    }
  }
  const deliveries = counted.flatMap(({ reverseDeliveries }) => listOf(reverseDeliveries).nodes);
  const tracking = deliveries.map(({ deliverable }) => deliverable?.tracking).findLast((each) => Boolean(each?.number));
  return {
    received,
    disposed,
    open: Math.max(0, total - disposed),
    deliveries: deliveries.length,
    parcel: tracking?.number
      ? { trackingNo: tracking.number, ...(tracking.carrierName ? { carrier: tracking.carrierName } : {}) }
      : undefined,
    unknownDisposition,
    refusedByCarrier: counted.some(({ thirdPartyConfirmation }) => thirdPartyConfirmation?.status === "REJECTED"),
    whole: counted.every((each) => listOf(each.lineItems).whole && listOf(each.reverseDeliveries).whole),
    ofLine: (id) => (id === undefined ? undefined : perLine.get(id)),
  };
}
