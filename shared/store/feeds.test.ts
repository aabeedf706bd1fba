import { beforeEach, describe, expect, it } from "vitest";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { loseAnswers, useTable } from "../../test/engine.ts";
import { createFeeds, type TakenFeed } from "./feeds.ts";
import { dueFeedPartition, shardCount } from "./keys.ts";
import { createShops } from "./shops.ts";

const table = useTable();
const id = {
  tenantId: tenantIdSchema.parse("acme"),
  channel: "shopify" as const,
  shopId: shopIdSchema.parse("acme.myshopify.com"),
  feed: "returns",
};
const noon = new Date("2026-11-25T12:00:00.000Z");
const minute = (count: number) => new Date(noon.getTime() + count * 60_000);
const leaseMs = 5 * 60_000;

const shop = shopSchema.parse({
  ...{ tenantId: id.tenantId, channel: id.channel, shopId: id.shopId, name: "Acme" },
  ...{ mode: "observe", status: "connected", connectedAt: noon.toISOString(), addresses: [] },
});
const connect = () => createShops(table()).connect(shop, Uint8Array.of(1), [id.feed]);
beforeEach(connect);

const feeds = () => createFeeds(table());
async function take(now: Date): Promise<TakenFeed> {
  const taken = await feeds().take(id, now, leaseMs);
  if (!taken) throw new Error("the feed was not free");
  return taken;
}

async function due(until: Date) {
  const found = [];
  const shard = Number(dueFeedPartition(id).slice(-2));
  for await (const each of feeds().due({ shard, until })) found.push(each);
  return found;
}

describe("feeds", () => {
  it("are due from the moment the shop is connected, in one shard", async () => {
    expect(await due(noon)).toEqual([{ ...id, dueAt: noon.toISOString() }]);
    expect(await due(minute(-1))).toEqual([]);
    let found = 0;
    for (let shard = 0; shard < shardCount; shard++) {
      for await (const _ of feeds().due({ shard, until: noon })) found++;
    }
    expect(found).toBe(1);
  });

  it("have no bookmark before the first page", async () => {
    expect(await take(noon)).toMatchObject({ ...id, bookmark: undefined, failures: 0 });
  });

  it("give the bookmark back as it was kept, numbers to the last digit", async () => {
    const bookmark = { since: 1764072000000, share: 0.1, cursor: "7f", done: false, report: null };
    expect(await feeds().keep(await take(noon), bookmark, minute(10))).toBe(true);
    expect((await take(minute(10))).bookmark).toEqual(bookmark);
  });

  it("keep their bookmark when the shop is connected again", async () => {
    await feeds().keep(await take(noon), { cursor: "a" }, minute(10));
    await connect();
    expect((await take(noon)).bookmark).toEqual({ cursor: "a" });
  });

  it("are not due again before the kept time", async () => {
    await feeds().keep(await take(noon), { cursor: "a" }, minute(10));
    expect(await due(minute(9))).toEqual([]);
    expect(await feeds().take(id, minute(9), leaseMs)).toBeUndefined();
    expect(await due(minute(10))).toHaveLength(1);
  });

  it("are unknown under a name that was not handed in", async () => {
    expect(await feeds().take({ ...id, feed: "orders" }, noon, leaseMs)).toBeUndefined();
  });
});

describe("the lease on a feed", () => {
  it("goes to exactly one of many pollers", async () => {
    const pollers = Array.from({ length: 8 }, () => feeds().take(id, noon, leaseMs));
    expect((await Promise.all(pollers)).filter((taken) => taken !== undefined)).toHaveLength(1);
  });

  it("ends by itself, and the next poller has the last bookmark that was kept", async () => {
    const first = await take(noon);
    await feeds().progress(first, { cursor: "page 1" });
    expect(await feeds().take(id, minute(4), leaseMs)).toBeUndefined();
    expect((await take(minute(5))).bookmark).toEqual({ cursor: "page 1" });
  });

  it("keeps a poller that came too late from moving the bookmark", async () => {
    const late = await take(noon);
    await feeds().keep(await take(minute(5)), { cursor: "new" }, minute(20));
    expect(await feeds().progress(late, { cursor: "old" })).toBe(false);
    expect(await feeds().keep(late, { cursor: "old" }, minute(6))).toBe(false);
    expect(await feeds().fail(late, minute(6))).toBe(false);
    expect(await take(minute(20))).toMatchObject({ bookmark: { cursor: "new" }, failures: 0 });
  });

  it("counts failures until a page is kept, and leaves the bookmark alone", async () => {
    await feeds().keep(await take(noon), { cursor: "a" }, minute(1));
    await feeds().fail(await take(minute(1)), minute(2));
    await feeds().fail(await take(minute(2)), minute(3));
    const third = await take(minute(3));
    expect(third).toMatchObject({ bookmark: { cursor: "a" }, failures: 2 });
    await feeds().keep(third, { cursor: "b" }, minute(4));
    expect((await take(minute(4))).failures).toBe(0);
  });

  it("is ours when the answer to our request was lost", async () => {
    const client = table().anotherClient();
    loseAnswers(client, 1);
    const faulty = createFeeds({ ...table(), client });
    expect(await faulty.take(id, noon, leaseMs)).toMatchObject(id);
  });
});

describe("a feed that a shop was connected without", () => {
  it("is due once it is started, and is not hurried by being started again", async () => {
    const later = { ...id, feed: "later" };
    await feeds().startOfShop(later, noon.toISOString());
    const taken = await feeds().take(later, noon, leaseMs);
    expect(taken && (await feeds().keep(taken, { at: 1 }, minute(60)))).toBe(true);
    await feeds().startOfShop(later, minute(1).toISOString());
    expect(await feeds().take(later, minute(59), leaseMs)).toBeUndefined();
    expect((await feeds().take(later, minute(60), leaseMs))?.bookmark).toEqual({ at: 1 });
  });
});

describe("feeds of our app", () => {
  const ofApp = { channel: "taobao" as const, feed: "messages" };
  const shard = Number(dueFeedPartition(ofApp).slice(-2));

  it("are due once, without a tenant or a shop, however many shops start them", async () => {
    await feeds().startOfApp(ofApp, noon.toISOString());
    await feeds().startOfApp(ofApp, minute(1).toISOString());
    const found = [];
    for await (const each of feeds().due({ shard, until: noon })) if (each.channel === "taobao") found.push(each);
    expect(found).toEqual([{ ...ofApp, dueAt: noon.toISOString() }]);
  });

  it("are taken, kept and left alone while they are taken, also by a shop that connects meanwhile", async () => {
    await feeds().startOfApp(ofApp, noon.toISOString());
    const taken = await feeds().take(ofApp, noon, leaseMs);
    expect(taken).toMatchObject({ ...ofApp, bookmark: undefined, failures: 0 });
    await feeds().startOfApp(ofApp, noon.toISOString());
    expect(await feeds().take(ofApp, noon, leaseMs)).toBeUndefined();
    expect(taken && (await feeds().keep(taken, { at: 1 }, minute(1)))).toBe(true);
    expect((await feeds().take(ofApp, minute(1), leaseMs))?.bookmark).toEqual({ at: 1 });
  });
});
