import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type Instant, instant } from "#shared/case/instant.ts";
import { type Attributes, feedIdSchema, feedItemSchema, feedNameSchema, readItem, schemaVersion } from "./item.ts";
import {
  type AppFeedId,
  dueFeedPartition,
  dueFeeds,
  type FeedId,
  feedKey,
  feedOfKey,
  type ShopFeedId,
} from "./keys.ts";
import { itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { updateIf, type Write } from "./write.ts";

/** What a feed keeps between pages. Only the feed reads it. */
export const bookmarkSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type Bookmark = Readonly<z.infer<typeof bookmarkSchema>>;

/** A feed that this worker has to itself until its lease ends. `failures` counts those since the last good page. */
export type TakenFeed = FeedId & {
  leaseId: string;
  bookmark: Bookmark | undefined;
  failures: number;
};

export type Feeds = ReturnType<typeof createFeeds>;

export function createFeeds(place: Place) {
  /** Feeds of one shard whose turn has come, longest overdue first. Others may see the same: take it before asking. */
  async function* due({ shard, until }: { shard: number; until: Date }): AsyncGenerator<FeedId & { dueAt: Instant }> {
    const where = "#duePartition = :shard AND #dueAt <= :until";
    const values = { shard: dueFeeds(shard), until: instant(until) };
    for await (const { pk, sk, dueAt } of itemsOf(place, { index: "due", where, values })) {
      yield { ...feedIdSchema.parse(feedOfKey({ pk: pk?.S ?? "", sk: sk?.S ?? "" })), dueAt: dueAt?.S ?? "" };
    }
  }

  /**
   * Takes a feed whose turn has come, for `leaseMs`; undefined when it is not due, or another has it, or there is none.
   *
   *   A   takes: due 12:00 <= now, so due becomes 12:05, the end of its lease
   *   B   takes: due 12:05 > now: no
   *   A   dies. After 12:05 the feed is due again, and whoever takes it has the bookmark of the last page that was kept.
   */
  async function take(id: FeedId, now: Date, leaseMs: number): Promise<TakenFeed | undefined> {
    const leaseId = randomUUID();
    const leasedUntil = instant(new Date(now.getTime() + leaseMs));
    const write = await updateIf(place, feedKey(id), {
      update: "SET #leaseId = :leaseId, #dueAt = :leasedUntil",
      condition: "#dueAt <= :now",
      values: { leaseId, leasedUntil, now: instant(now) },
    });
    const item = itemAfter(write);
    const feed = item && readItem(feedItemSchema, item);
    if (feed?.leaseId !== leaseId) return undefined; // ours after a lost answer is ours
    const bookmark = feed.bookmark === undefined ? undefined : bookmarkSchema.parse(JSON.parse(feed.bookmark));
    return { ...feedIdSchema.parse(id), leaseId, bookmark, failures: feed.failures };
  }

  /**
   * Keeps the bookmark of a page that is safely queued, and stays at work on the feed. Like its two neighbours it
   * returns false, and changes nothing, when another has taken the feed since; then stop.
   */
  async function progress(taken: TakenFeed, bookmark: Bookmark): Promise<boolean> {
    return holding(taken, "SET #bookmark = :bookmark, #failures = :none", { bookmark: text(bookmark), none: 0 });
  }

  /** Keeps the bookmark of the last page and gives the feed back until `nextAt`. */
  async function keep(taken: TakenFeed, bookmark: Bookmark, nextAt: Date): Promise<boolean> {
    const values = { bookmark: text(bookmark), none: 0, nextAt: instant(nextAt) };
    return holding(taken, "SET #bookmark = :bookmark, #failures = :none, #dueAt = :nextAt", values);
  }

  /** Counts a failure and gives the feed back until `nextAt`; the bookmark stays where it was. */
  async function fail(taken: TakenFeed, nextAt: Date): Promise<boolean> {
    const values = { failures: taken.failures + 1, nextAt: instant(nextAt) };
    return holding(taken, "SET #failures = :failures, #dueAt = :nextAt", values);
  }

  /**
   * Makes a feed of our app due, and exist. One that exists goes on as it is: every shop that connects starts it again,
   * and must not hurry one that is being read.
   */
  async function startOfApp(id: AppFeedId, dueAt: Instant): Promise<void> {
    feedNameSchema.parse(id.feed);
    const { channel, feed } = id;
    await updateIf(place, feedKey(id), {
      update:
        "SET #entity = :entity, #schemaVersion = :schemaVersion, #channel = :channel, #feed = :feed, " +
        "#duePartition = :duePartition, #dueAt = :dueAt, #failures = :none",
      condition: "attribute_not_exists(#pk)",
      values: { entity: "feed", schemaVersion, channel, feed, duePartition: dueFeedPartition(id), dueAt, none: 0 },
    });
  }

  /** Makes a feed of a shop due, and exist, in a shop that was connected without it. One that exists goes on as it is. */
  async function startOfShop(id: ShopFeedId, dueAt: Instant): Promise<void> {
    const { key, update, values } = feedStart(id, dueAt);
    await updateIf(place, key, { update, condition: "attribute_not_exists(#pk)", values });
  }

  // The last holder's lease id stays, so that a repeated request finds it and does the same again.
  async function holding(taken: TakenFeed, update: string, values: Record<string, unknown>): Promise<boolean> {
    const condition = "#leaseId = :leaseId";
    return (await updateIf(place, feedKey(taken), { update, condition, values: { ...values, leaseId: taken.leaseId } }))
      .written;
  }

  return { due, take, progress, keep, fail, startOfApp, startOfShop };
}

/** Makes a shop's feed due, and exist; a bookmark it already has stays. Part of connecting a shop. */
export function feedStart(id: ShopFeedId, dueAt: Instant) {
  feedNameSchema.parse(id.feed);
  return {
    key: feedKey(id),
    update:
      "SET #entity = :entity, #schemaVersion = :schemaVersion, #tenantId = :tenantId, #channel = :channel, #shopId = :shopId, " +
      "#feed = :feed, #duePartition = :duePartition, #dueAt = :dueAt, #failures = :none",
    values: { entity: "feed", schemaVersion, ...id, duePartition: dueFeedPartition(id), dueAt, none: 0 },
  };
}

const text = (bookmark: Bookmark) => JSON.stringify(bookmark);

const itemAfter = (write: Write): Attributes | undefined => (write.written ? write.item : write.current);
