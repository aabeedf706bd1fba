import type * as z from "zod";
import { type Instant, instant } from "#shared/case/instant.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { Bookmark, FeedPage, ShopFeed } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { type AmazonWorld, query, transfer } from "./client.ts";
import { textOf } from "./document.ts";
import { errorsIn, type FailedMessage, failuresIn } from "./processing-report.ts";
import { documentSchema, feedSchema, feedsSchema } from "./schema.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

export const refundFeedType = "POST_PAYMENT_ADJUSTMENT_DATA";
const base = "/feeds/2021-06-30";
const hourMs = 3_600_000;
/** A feed may be at work for hours; one that took longer than this is settled by Finances alone. */
const overlapMs = 12 * hourMs;

/**
 * Results of our refund feeds. One that failed by a message is told; one that went through is proven by Finances; one that
 * Amazon stopped (`FATAL`) may have been applied in part, so it proves nothing either way.
 */
export const refundFeeds: ShopFeed<AmazonApp, AmazonCredentials> = {
  scope: "shop",
  everyMs: hourMs / 2,
  list: async (bookmark, world): Promise<FeedPage> => {
    const { from, to, token } = windowOf(bookmark, world.now);
    // With a token nothing else may be given.
    const asked = token
      ? { nextToken: token }
      : { feedTypes: refundFeedType, createdSince: from, createdUntil: to, pageSize: "100" };
    const { feeds, nextToken } = await query(
      world,
      { operation: "getFeeds", method: "GET", path: `${base}/feeds`, query: asked },
      feedsSchema,
    );
    const rejected: { why: string; record: string }[] = [];
    const notices: Notice[] = [];
    for (const each of feeds) {
      const parsed = feedSchema.safeParse(each);
      if (!parsed.success) rejected.push({ why: "a feed of another form", record: JSON.stringify(each) });
      else if (parsed.data.processingStatus === "DONE") notices.push(noticeOf(parsed.data, world));
    }
    if (nextToken !== undefined) {
      return { notices, rejected, bookmark: { from, to, token: nextToken }, next: { when: "now" } };
    }
    const next = instant(new Date(Date.parse(to) - overlapMs));
    return { notices, rejected, bookmark: { from: next }, next: { when: "later" } };
  },
};

function noticeOf({ feedId, createdTime }: z.infer<typeof feedSchema>, { shopId }: AmazonWorld): Notice {
  const occurredAt = instantOfText(createdTime);
  return {
    channel: "amazon",
    shopId,
    subject: { kind: "lookup", by: "feed", id: feedId },
    topic: "feed.done",
    noticeId: `feed:${feedId}`,
    opens: false,
    ...(occurredAt && { occurredAt }),
    via: "poll",
  };
}

function windowOf(bookmark: Bookmark | undefined, now: Date): { from: string; to: string; token: string | undefined } {
  const { from, to, token } = bookmark ?? {};
  return {
    from: typeof from === "string" ? from : instant(new Date(now.getTime() - 24 * hourMs)),
    to: typeof token === "string" && typeof to === "string" ? to : instant(now),
    token: typeof token === "string" ? token : undefined,
  };
}

const mostResultChars = 4_000_000;

/** How a feed ended; undefined while it is at work. */
export interface FeedEnd {
  /** `stopped` may have been carried out, in part or whole; what was `cancelled` was never begun. */
  is: "done" | "stopped" | "cancelled";
  createdAt: Instant;
  at: Instant;
  failedOrders: readonly string[];
  /** Every message that was refused; undefined where there is no report that can be read. */
  errors: readonly FailedMessage[] | undefined;
}

/** What became of a feed, with what its processing report says was refused. */
export async function endOfFeed(world: AmazonWorld, feedId: string): Promise<FeedEnd | undefined> {
  const path = `${base}/feeds/${encodeURIComponent(feedId)}`;
  const feed = await query(world, { operation: "getFeed", method: "GET", path }, feedSchema);
  const { processingStatus } = feed;
  if (["IN_QUEUE", "IN_PROGRESS"].includes(processingStatus)) return undefined;
  const createdAt = instantOfText(feed.createdTime) ?? instant(world.now);
  const at = instantOfText(feed.processingEndTime ?? "") ?? createdAt;
  if (processingStatus !== "DONE") {
    const is = processingStatus === "CANCELLED" ? "cancelled" : "stopped";
    return { is, createdAt, at, failedOrders: [], errors: undefined };
  }
  const report = await reportOf(world, feed.resultFeedDocumentId);
  return { is: "done", createdAt, at, failedOrders: failuresIn(report), errors: errorsIn(report) };
}

async function reportOf(world: AmazonWorld, documentId: string | undefined): Promise<string> {
  if (documentId === undefined) return "";
  const place = `${base}/documents/${encodeURIComponent(documentId)}`;
  const { url } = await query(world, { operation: "getFeedDocument", method: "GET", path: place }, documentSchema);
  let text = "";
  for await (const piece of textOf(await transfer(world, { method: "GET", url }))) {
    text += piece;
    if (text.length > mostResultChars) break;
  }
  return text;
}
