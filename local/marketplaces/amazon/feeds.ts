import { createRandom } from "../kit/random.ts";
import { applyAcknowledgements, applyAdjustments } from "./adjustment.ts";
import { addressOf, storeText, textOf } from "./documents.ts";
import type { AmazonShop, Feed } from "./model.ts";
import { announce } from "./notifications.ts";
import type { Platform } from "./platform.ts";
import { invalid, notFound } from "./problem.ts";

const refundFeedType = "POST_PAYMENT_ADJUSTMENT_DATA";
const cancelFeedType = "POST_ORDER_ACKNOWLEDGEMENT_DATA";

export function createFeedDocument(
  platform: Platform,
  shop: AmazonShop,
  body: Record<string, unknown>,
  url: string,
): object {
  const { contentType } = body;
  if (typeof contentType !== "string") throw invalid("Invalid contentType.");
  const feedDocumentId = `amzn1.tortuga.4.${shop.region}.${createRandom(shop.id, "input", String(platform.documents.size)).digits(12)}`;
  platform.saveDocument({ documentId: feedDocumentId, shopId: shop.id, contentType, isGzip: false, base64: "" });
  return { feedDocumentId, url: addressOf(platform, url, feedDocumentId) };
}

export function createFeed(platform: Platform, shop: AmazonShop, body: Record<string, unknown>): object {
  const { feedType, marketplaceIds, inputFeedDocumentId } = body;
  if (feedType !== refundFeedType && feedType !== cancelFeedType) throw invalid("Invalid feedType.");
  if (!Array.isArray(marketplaceIds) || !marketplaceIds.includes(shop.marketplaceId))
    throw invalid("Invalid marketplaceIds.");
  const document = platform.documents.get(String(inputFeedDocumentId));
  if (!document || document.shopId !== shop.id || document.base64 === "") throw invalid("Invalid inputFeedDocumentId.");
  const createdMs = platform.nowMs();
  const feed: Feed = {
    feedId: createRandom(shop.id, "feed", String(platform.feeds.size)).digits(11),
    shopId: shop.id,
    feedType,
    inputDocumentId: document.documentId,
    createdMs,
    doneMs: createdMs + platform.settings.feedTakesMs,
    fate: platform.nextFates.shift() ?? "DONE",
  };
  platform.saveFeed(feed);
  scheduleFeed(platform, feed);
  return { feedId: feed.feedId };
}

/** A feed is carried out in its own time, whether or not anybody asks for it. */
export function scheduleFeed(platform: Platform, feed: Feed): void {
  if (feed.status !== undefined) return;
  platform.clock.schedule(new Date(feed.doneMs), () => {
    if (feed.status !== undefined) return;
    carryOut(platform, feed);
    platform.commit();
  });
}

function carryOut(platform: Platform, feed: Feed): void {
  const input = platform.documents.get(feed.inputDocumentId);
  const isApplied = feed.fate === "DONE" || feed.fate === "FATAL_APPLIED";
  const apply = feed.feedType === refundFeedType ? applyAdjustments : applyAcknowledgements;
  const report = isApplied && input ? apply(platform, feed, textOf(input)) : "";
  if (feed.fate !== "DONE") {
    Object.assign(feed, { status: feed.fate === "CANCELLED" ? "CANCELLED" : "FATAL" });
  } else {
    const documentId = `amzn1.tortuga.4.result.${feed.feedId}`;
    storeText(platform, { documentId, shopId: feed.shopId, text: report, type: "text/xml" });
    Object.assign(feed, { status: "DONE", resultDocumentId: documentId });
  }
  feed.endedMs = platform.nowMs();
  platform.saveFeed(feed);
  const { shopId: sellerId, feedId, feedType, status: processingStatus, resultDocumentId } = feed;
  const finished = {
    ...{ sellerId, accountId: `amzn1.merchant.o.${sellerId}`, feedId, feedType, processingStatus },
    ...(resultDocumentId && { resultFeedDocumentId: resultDocumentId }),
  };
  const payload = { FeedProcessingFinishedNotification: finished };
  announce(platform, sellerId, { type: "FEED_PROCESSING_FINISHED", payload });
}

export function getFeed(platform: Platform, shop: AmazonShop, feedId: string): object {
  const feed = platform.feeds.get(feedId);
  if (!feed || feed.shopId !== shop.id) throw notFound(`Feed ${feedId}`);
  return viewOf(platform, feed);
}

export function getFeeds(platform: Platform, shop: AmazonShop, query: URLSearchParams): object {
  const since = Date.parse(query.get("createdSince") ?? "") || platform.nowMs() - 90 * 86_400_000;
  const until = Date.parse(query.get("createdUntil") ?? "") || platform.nowMs();
  const types = (query.get("feedTypes") ?? "").split(",");
  if (!query.has("feedTypes") && !query.has("nextToken")) throw invalid("feedTypes or nextToken is required.");
  const size = Number(query.get("pageSize") ?? 10);
  const place = /^(\d+):(\d+):(\d+)$/.exec(query.get("nextToken") ?? "");
  const [from, to, offset] = place ? place.slice(1).map(Number) : [since, until, 0];
  const found = [...platform.feeds.values()].filter(
    (each) =>
      each.shopId === shop.id &&
      (place || types.includes(each.feedType)) &&
      each.createdMs >= (from ?? since) &&
      each.createdMs <= (to ?? until),
  );
  const start = offset ?? 0;
  const rest = found.length > start + size ? { nextToken: `${from}:${to}:${start + size}` } : {};
  return { feeds: found.slice(start, start + size).map((each) => viewOf(platform, each)), ...rest };
}

function viewOf(platform: Platform, feed: Feed): object {
  const isStarted = platform.nowMs() - feed.createdMs > platform.settings.feedTakesMs / 3;
  return {
    feedId: feed.feedId,
    feedType: feed.feedType,
    createdTime: new Date(feed.createdMs).toISOString(),
    processingStatus: feed.status ?? (isStarted ? "IN_PROGRESS" : "IN_QUEUE"),
    ...(feed.endedMs !== undefined && { processingEndTime: new Date(feed.endedMs).toISOString() }),
    ...(feed.resultDocumentId && { resultFeedDocumentId: feed.resultDocumentId }),
  };
}
