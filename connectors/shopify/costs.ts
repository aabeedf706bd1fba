import * as documents from "./documents.ts";

/** A query may cost no more, so every bucket holds as much. Source: shopify.dev, "API limits", read 2026-11-22. */
export const dearest = 1000;
/** Whatever it selects. */
const mutation = 10;

/**
 * Points that Shopify wants to see in the bucket before it runs a document: 1 for an object, 10 for a mutation, a connection
 * as many times its node as its page has. Good for the first call; from then on its own word counts.
 * Source: shopify.dev, "Rate limits", read 2026-11-22.
 */
const costs: ReadonlyMap<string, number> = new Map([
  [documents.returnCase, 509],
  [documents.refundCase, 46],
  [documents.disputeCase, 5],
  [documents.orderCases, 76],
  [documents.reverseOrderCases, 152],
  [documents.reverseDeliveryCases, 2],
  [documents.returnsSweep, 400],
  [documents.disputesSweep, 50],
  [documents.locations, 50],
  [documents.subscriptions, 100],
  [documents.bulkProgress, 1],
  [documents.recentBulk, 10],
  [documents.returnBeforeWrite, 293],
  [documents.returnMoney, 9],
  [documents.refundBeforeWrite, 138],
  [documents.orderBeforeCancel, 177],
  [documents.disputeBeforeWrite, 2],
  [documents.disputeFiles, 3],
]);

/** What a document may cost; the most there is for one that is not in the list. */
export function costOf(document: string): number {
  return costs.get(document) ?? (document.startsWith("mutation") ? mutation : dearest);
}
