import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { Message } from "#shared/queue.ts";
import { reconciliation } from "#shared/refund-days.ts";
import { renewal } from "#shared/renewal.ts";
import type { Feeds } from "#shared/store/index.ts";
import { hearLines } from "../../test/builders/fakes.ts";
import { sweepFeeds } from "./sweep-feeds.ts";

const now = new Date("2026-11-25T12:00:00.000Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const ofShop = { tenantId: tenantIdSchema.parse("acme"), shopId: shopIdSchema.parse("4463798"), feed: "refunds" };

let lines: string[] = [];
/** What was queued of our own work, by queue. */
let own: Record<"nights" | "renewals", string[]>;
beforeEach(() => {
  lines = [];
  own = { nights: [], renewals: [] };
  hearLines((line) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

async function sweep(shards: Record<number, object[]>): Promise<Message[]> {
  const queued: Message[] = [];
  const due = async function* ({ shard }: { shard: number }) {
    yield* shards[shard] ?? [];
  };
  const feeds = { due } as unknown as Feeds;
  const enqueue = async (messages: readonly Message[]) => void queued.push(...messages);
  const keep = (queue: keyof typeof own) => async (messages: readonly Message[]) =>
    void own[queue].push(...messages.map(({ body }) => JSON.parse(body).feed));
  const ours = { enqueueNights: keep("nights"), enqueueRenewals: keep("renewals") };
  await sweepFeeds({ feeds, clock: { now: () => now }, enqueue, ...ours });
  return queued;
}

it("queues each feed that is due and tells the longest wait of each channel", async () => {
  const queued = await sweep({
    1: [{ ...ofShop, channel: "douyin", dueAt: ago(20) }],
    7: [
      { ...ofShop, channel: "douyin", dueAt: ago(1200) },
      { channel: "taobao", feed: "messages", dueAt: ago(5) },
    ],
  });
  expect(queued.map(({ body }) => JSON.parse(body).channel).sort()).toEqual(["douyin", "douyin", "taobao"]);
  const lags = lines.map((line) => JSON.parse(line)).map(({ Channel, FeedLagSeconds }) => [Channel, FeedLagSeconds]);
  expect(Object.fromEntries(lags)).toEqual({ douyin: 1200, taobao: 5 });
});

it("queues our own work of a shop apart, and tells no wait of it", async () => {
  const turnOf = (feed: string) => ({ ...ofShop, channel: "douyin", feed, dueAt: ago(1200) });
  expect(await sweep({ 3: [turnOf(reconciliation), turnOf(renewal)] })).toEqual([]);
  expect(own).toEqual({ nights: [reconciliation], renewals: [renewal] });
  expect(lines).toEqual([]);
});

it("is silent while no feed waits", async () => {
  expect(await sweep({})).toEqual([]);
  expect(lines).toEqual([]);
});
