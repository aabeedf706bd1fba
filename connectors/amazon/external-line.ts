import type { ExternalReturn } from "./external-schema.ts";
import { storeOfMarket } from "./marketplaces.ts";
import type { ExternalLine } from "./schema.ts";

/** One line as it is kept with a case: flat, and without what nobody needs. */
export function lineOf(found: ExternalReturn): ExternalLine {
  const { returnMetadata, returnShippingInfo, marketplaceChannelDetails } = found;
  const { reverseTrackingInfo } = returnShippingInfo;
  return {
    returnId: found.id,
    status: found.status,
    createdAt: found.creationDateTime,
    updatedAt: found.lastUpdatedDateTime,
    returnType: found.returnType,
    subType: found.returnSubType,
    sku: found.merchantSku ?? marketplaceChannelDetails.channelSku,
    quantity: found.numberOfUnits,
    reason: returnMetadata.returnReason,
    deliveredAt: returnShippingInfo.deliveryDateTime,
    carrier: reverseTrackingInfo?.carrierName,
    trackingId: reverseTrackingInfo?.trackingId,
    channelName: marketplaceChannelDetails.marketplaceChannel?.channelName,
  };
}

/** The store's country from a name such as `AMAZON_IN`; undefined for one that is no store's. */
export function marketOf(lines: readonly ExternalReturn[]): string | undefined {
  for (const { marketplaceChannelDetails } of lines) {
    const name = marketplaceChannelDetails.marketplaceChannel?.marketplaceName ?? "";
    const word = /^AMAZON_([A-Z]{2})\b/.exec(name)?.[1];
    const market = word === "UK" ? "GB" : word;
    if (storeOfMarket(market)) return market;
  }
  return undefined;
}
