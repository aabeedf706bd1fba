import type { Case } from "#shared/case/case.ts";
import type { Receipt } from "../contract.ts";
import { type AmazonWorld, command as ask, query, transfer } from "./client.ts";
import { storeOfMarket } from "./marketplaces.ts";
import { refusedHere } from "./refused-here.ts";
import { feedCreatedSchema, feedDocumentSchema } from "./schema.ts";

const contentType = "text/xml; charset=UTF-8";
const base = "/feeds/2021-06-30";

/**
 * Hands in a feed: a place to upload to, the upload, then the feed, which alone is the write. It is taken long before it is
 * carried out; the receipt names it.
 */
export async function submitFeed(
  world: AmazonWorld,
  { feedType, marketplaceId, body }: { feedType: string; marketplaceId: string; body: string },
): Promise<Receipt> {
  const place = await query(
    world,
    { operation: "createFeedDocument", method: "POST", path: `${base}/documents`, body: { contentType } },
    feedDocumentSchema,
  );
  await transfer(world, { method: "PUT", url: place.url, headers: { "content-type": contentType }, body });
  const feed = { feedType, marketplaceIds: [marketplaceId], inputFeedDocumentId: place.feedDocumentId };
  const { feedId } = await ask(
    world,
    { operation: "createFeed", method: "POST", path: `${base}/feeds`, body: feed },
    feedCreatedSchema,
  );
  return { reference: feedId };
}

/** The store of the case's order. @throws SuiteError `channel_refused` where several are possible. */
export function marketplaceOf({ facts }: Pick<Case, "facts">, { credentials }: AmazonWorld): string {
  const [only, ...others] = credentials.marketplaceIds;
  const stated = storeOfMarket(facts.market)?.[0];
  const marketplaceId = stated ?? (others.length === 0 ? only : undefined);
  if (marketplaceId === undefined) throw refusedHere("the store of the order is not known");
  return marketplaceId;
}
