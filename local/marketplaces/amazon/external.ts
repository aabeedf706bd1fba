import { createRandom } from "../kit/random.ts";
import type { AmazonReturn, AmazonShop } from "./model.ts";
import type { Platform } from "./platform.ts";
import { invalid, notFound, Problem } from "./problem.ts";

const mostResults = 100;

/** What the External Fulfillment API calls the place of a return. */
export function statusOf({ external, deliveredMs, scannedMs, status }: AmazonReturn): string {
  if (external?.processedMs !== undefined) return "PROCESSED";
  if (deliveredMs !== undefined) return "DELIVERED";
  if (scannedMs !== undefined) return "IN_TRANSIT";
  return status === "Closed" ? "CANCELLED" : "CREATED";
}

/** Notes when the API's own view of a return changes; what the report alone shows does not touch it. */
export function touch(return_: AmazonReturn, nowMs: number): void {
  const { external } = return_;
  if (!external) return;
  const status = statusOf(return_);
  if (external.status === status) return;
  external.status = status;
  external.updatedMs = nowMs;
}

/** By the time of creation, or of one RMA. A token is good for the filters that it came with. */
export function listReturns(platform: Platform, shop: AmazonShop, query: URLSearchParams): object {
  requireEnrolled(platform);
  const filters = new URLSearchParams(query);
  filters.delete("nextToken");
  if (query.has("lastUpdatedSince") && !(query.has("returnLocationId") && query.has("status")))
    throw invalid("lastUpdatedSince needs returnLocationId and status.");
  const size = Number(query.get("maxResults") ?? 10);
  if (!(size >= 1 && size <= mostResults)) throw invalid("Invalid maxResults.");
  const seal = createRandom(shop.id, filters.toString()).digits(8);
  const [, place = "", own = ""] = /^(\d+)\.(\d+)$/.exec(query.get("nextToken") ?? "") ?? [];
  if (query.has("nextToken") && own !== seal) throw invalid("Invalid nextToken.");
  const since = Date.parse(query.get("createdSince") ?? "") || 0;
  const until = Date.parse(query.get("createdUntil") ?? "") || platform.nowMs();
  const found = platform
    .returnsOf(shop.id)
    .filter(({ external }) => external !== undefined)
    .filter(({ requestedMs }) => requestedMs >= since && requestedMs <= until)
    .filter(({ rmaId }) => (query.get("rmaId") ?? rmaId) === rmaId)
    .filter((each) => (query.get("status") ?? statusOf(each)) === statusOf(each));
  // The first page of a list may be empty and have another after it.
  if (place === "" && !query.has("rmaId") && found.length > 0) return { returns: [], nextToken: `0.${seal}` };
  const start = Number(place || 0);
  const more = found.length > start + size ? { nextToken: `${start + size}.${seal}` } : {};
  return { returns: found.slice(start, start + size).map((each) => viewOf(each)), ...more };
}

export function getReturn(platform: Platform, shop: AmazonShop, id: string): object {
  requireEnrolled(platform);
  const found = platform.returnsOf(shop.id).find(({ external }) => external?.returnId === id);
  if (!found) throw notFound("The return");
  return viewOf(found);
}

/** How a seller outside of the programme is answered is not documented. */
function requireEnrolled({ settings }: Platform): void {
  if (!settings.externalFulfillment) throw new Problem(403, "Forbidden", "Request is forbidden");
}

function viewOf(return_: AmazonReturn): object {
  const { external, rmaId, orderId, sku, quantity, reason, trackingId, deliveredMs, scannedMs, resolution } = return_;
  const carrier = { carrierName: "UPS", trackingId };
  return {
    id: external?.returnId,
    status: statusOf(return_),
    fulfillmentLocationId: "LOCATION-1",
    returnLocationId: "LOCATION-1",
    returnType: "CUSTOMER",
    returnSubType: resolution.startsWith("Replacement") ? "REPLACEMENT" : "NORMAL",
    merchantSku: sku,
    numberOfUnits: quantity,
    creationDateTime: instantOf(return_.requestedMs),
    lastUpdatedDateTime: instantOf(external?.updatedMs ?? return_.requestedMs),
    returnMetadata: { returnReason: reason, rmaId },
    returnShippingInfo: {
      ...(scannedMs !== undefined && { pickupDateTime: instantOf(scannedMs) }),
      ...(deliveredMs !== undefined && { deliveryDateTime: instantOf(deliveredMs) }),
      ...(trackingId !== undefined && { reverseTrackingInfo: carrier }),
    },
    marketplaceChannelDetails: {
      marketplaceChannel: { marketplaceName: "AMAZON_US", channelName: "MFN" },
      customerOrderId: orderId,
      channelSku: sku,
    },
    packageDeliveryMode: "WITH_OTP",
    otpDetails: { otp: "904417", validTill: Math.floor(return_.requestedMs / 1000) + 86_400 },
  };
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}
