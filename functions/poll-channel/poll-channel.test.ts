import { describe, expect, it } from "vitest";
import type { AppFeed, Connector, FeedPage } from "#connectors/contract.ts";
import type { ShopId } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Message } from "#shared/queue.ts";
import { createFeeds } from "#shared/store/feeds.ts";
import { useTable } from "../../test/engine.ts";
import { type Deps, pollChannel } from "./poll-channel.ts";

const table = useTable();
const noon = new Date("2026-11-25T12:00:00.000Z");
const id = { channel: "taobao" as const, feed: "messages" };
const fits = <T>(value: T) => ({ safeParse: () => ({ success: true, data: value }) });

const notice = (shop: string): Notice => ({
  channel: "taobao",
  shopId: shop as ShopId,
  subject: { kind: "lookup", by: "order", id: "1" },
  topic: "test",
  noticeId: shop,
  opens: false,
  via: "poll",
});

/** A queue of our app whose pages are given out one after the other. What it was asked, and what was confirmed, in order. */
function queueOf(pages: readonly string[][]) {
  const did: string[] = [];
  const handed: object[] = [];
  let at = 0;
  const feed: AppFeed<unknown> = {
    scope: "app",
    everyMs: 30_000,
    list: async (_bookmark, world) => {
      handed.push(world);
      const shops = pages[at++] ?? [];
      did.push(`list ${shops.length}`);
      const next: FeedPage["next"] = { when: shops.length > 0 ? "now" : "later" };
      return { notices: shops.map(notice), rejected: [], receipts: shops, bookmark: {}, next };
    },
    confirm: async (receipts) => {
      did.push(`confirm ${receipts.join(",")}`);
    },
  };
  return { feed, did, handed };
}

function depsFor(feed: AppFeed<unknown>, enqueue: Deps["enqueue"]): Deps {
  const connector = { feeds: { messages: feed }, settings: { app: fits("our app") } } as unknown as Connector;
  return {
    feeds: createFeeds(table()),
    connectorOf: () => connector,
    channelSettings: async () => ["stored"],
    http: async () => Promise.reject(new Error("no network here")),
    clock: { now: () => noon },
    enqueue,
    quarantine: async () => undefined,
    // No shop is looked for, and no credentials are opened.
    shops: undefined as never,
    vault: undefined as never,
  };
}

describe("a feed of our app", () => {
  it("is read without a shop, confirmed page by page, and given back until its next turn", async () => {
    const { feed, did, handed } = queueOf([["11", "22"], ["33"]]);
    const sent: Message[] = [];
    const deps = depsFor(feed, async (messages) => {
      sent.push(...messages);
      did.push(`queue ${messages.length}`);
    });
    await deps.feeds.startOfApp(id, noon.toISOString());
    await pollChannel(id, deps);
    expect(did).toEqual(["list 2", "queue 2", "confirm 11,22", "list 1", "queue 1", "confirm 33", "list 0", "queue 0"]);
    expect(sent.map(({ body }) => (JSON.parse(body) as Notice).shopId)).toEqual(["11", "22", "33"]);
    expect(handed[0]).toEqual({ app: "our app", http: expect.any(Function), now: noon });
    expect(await deps.feeds.take(id, noon, 1000)).toBeUndefined();
    expect(await deps.feeds.take(id, new Date(noon.getTime() + 30_000), 1000)).toMatchObject(id);
  });

  it("confirms nothing that could not be queued", async () => {
    const { feed, did } = queueOf([["11"]]);
    const deps = depsFor(feed, async () => {
      throw new SuiteError("queue_unavailable", "not now");
    });
    await deps.feeds.startOfApp(id, noon.toISOString());
    await pollChannel(id, deps);
    expect(did).toEqual(["list 1"]);
    expect(await deps.feeds.take(id, new Date(noon.getTime() + 5_000), 1000)).toMatchObject({ failures: 1 });
  });

  it("is not read twice at a time", async () => {
    const { feed, did } = queueOf([]);
    const deps = depsFor(feed, async () => undefined);
    await deps.feeds.startOfApp(id, noon.toISOString());
    await deps.feeds.take(id, noon, 60_000);
    await pollChannel(id, deps);
    expect(did).toEqual([]);
  });
});
