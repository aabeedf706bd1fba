import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Bookmark, FeedPage, ShopFeed } from "#connectors/contract.ts";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import { createFeeds, type Feeds } from "#shared/store/feeds.ts";
import { createStore } from "#shared/store/index.ts";
import { glassVault, listen, noon, sessionDeps, someConnector, someShop } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { type Deps, pollChannel } from "./poll-channel.ts";

// A feed of one shop. Feeds of our app have a file of their own.

const table = useTable();
const shop = someShop();
const id = { tenantId: shop.tenantId, channel: shop.channel, shopId: shop.shopId, feed: "updates" };
let feeds: Feeds;
let heard: ReturnType<typeof listen>;
beforeEach(async () => {
  const store = createStore(table());
  feeds = createFeeds(table());
  await store.shops.connect(shop, await glassVault.seal({ token: "t1" }, shop), ["updates"]);
  heard = listen();
});
afterEach(() => heard.end());

const notice = (noticeId: string): Notice => ({
  ...{ channel: shop.channel, shopId: shop.shopId, topic: "list", noticeId, opens: false, via: "poll" },
  subject: { kind: "lookup", by: "order", id: noticeId },
});

/** Polls a feed of so many pages; `fails` says at which page which step fails. */
async function poll({
  pages = 3,
  fails = {},
  last = { when: "later" } as FeedPage["next"],
  rejected = [] as FeedPage["rejected"],
  progress = undefined as FeedPage["progress"],
  onList = async () => {},
}: {
  pages?: number;
  fails?: { list?: number; queue?: number; fault?: unknown };
  last?: FeedPage["next"];
  rejected?: FeedPage["rejected"];
  progress?: FeedPage["progress"];
  onList?: (page: number) => Promise<unknown>;
} = {}) {
  const asked: (Bookmark | undefined)[] = [];
  const queued: string[] = [];
  const aside: unknown[] = [];
  const fault = fails.fault ?? new SuiteError("channel_unavailable", "away");
  const feed: ShopFeed<unknown, unknown> = {
    scope: "shop",
    everyMs: 600_000,
    list: async (bookmark) => {
      asked.push(bookmark);
      const page = Number(bookmark?.page ?? 0);
      await onList(page);
      if (page === fails.list) throw fault;
      const next: FeedPage["next"] = page + 1 < pages ? { when: "now" } : last;
      return {
        notices: [notice(`n${page}`)],
        rejected: page === 0 ? rejected : [],
        bookmark: { page: page + 1 },
        next,
        progress,
      };
    },
  };
  const { shops } = createStore(table());
  const deps: Deps = {
    ...sessionDeps(someConnector({ feeds: { updates: feed } }), shops),
    feeds,
    enqueue: async (messages) => {
      const ids = messages.map(({ body }) => (JSON.parse(body) as Notice).noticeId);
      if (fails.queue !== undefined && ids.includes(`n${fails.queue}`)) throw fault;
      queued.push(...ids);
    },
    quarantine: async (messages) => void aside.push(...messages.map(({ body }) => JSON.parse(body))),
  };
  await pollChannel(id, deps);
  return { asked, queued, aside };
}

const later = (ms: number) => new Date(noon.getTime() + ms);
const takenAt = (ms: number) => feeds.take(id, later(ms), 1000);

describe("a turn of a feed", () => {
  it("reads page after page, each from the bookmark of the one before, and keeps the last", async () => {
    const { asked, queued } = await poll();
    expect([asked, queued]).toEqual([
      [undefined, { page: 1 }, { page: 2 }],
      ["n0", "n1", "n2"],
    ]);
    expect(await takenAt(599_999)).toBeUndefined();
    expect(await takenAt(600_000)).toMatchObject({ bookmark: { page: 3 }, failures: 0 });
  });

  it("comes again when the channel asked it to, for a report in the making", async () => {
    await poll({ pages: 1, last: { when: "wait", waitMs: 42_000 } });
    expect(await takenAt(41_999)).toBeUndefined();
    expect(await takenAt(42_000)).toMatchObject({ bookmark: { page: 1 } });
  });

  it("says how far a long reading is", async () => {
    await poll({ pages: 1, progress: { status: "RUNNING", objects: 4200 } });
    const said = { channel: shop.channel, shopId: shop.shopId, feed: "updates", status: "RUNNING", objects: 4200 };
    expect(heard.said()).toMatchObject([{ message: "feed progress", ...said }]);
  });

  it("ends after twenty pages; the rest comes at once", async () => {
    const { queued } = await poll({ pages: 50 });
    expect(queued).toHaveLength(20);
    expect(await takenAt(0)).toMatchObject({ bookmark: { page: 20 } });
  });

  it("keeps a record aside that cannot be read, and goes on", async () => {
    const { queued, aside } = await poll({ rejected: [{ why: "no id", record: "{}" }] });
    expect(queued).toHaveLength(3);
    expect(aside).toEqual([{ channel: "douyin", from: "updates", why: "no id", record: "{}" }]);
    expect(heard.metric("RecordQuarantined")).toEqual([1]);
  });
});

describe("a turn that fails half way", () => {
  it.each([
    ["the channel goes away", { list: 2 }],
    ["the queue takes nothing", { queue: 2 }],
  ])("keeps the bookmark of the last page that was queued when %s", async (_, fails) => {
    const { queued } = await poll({ pages: 5, fails });
    expect(queued).toEqual(["n0", "n1"]);
    expect(await takenAt(600_000)).toMatchObject({ bookmark: { page: 2 }, failures: 1 });
  });

  it("waits longer with each failure, and starts over after a good page", async () => {
    const waits: number[] = [];
    let at = 0;
    for (const seconds of [5, 10, 20]) {
      await poll({ fails: { list: 0 } });
      expect(await takenAt((at + seconds) * 1000 - 1)).toBeUndefined();
      const taken = await takenAt((at + seconds) * 1000);
      waits.push(taken?.failures ?? -1);
      if (taken) await feeds.fail({ ...taken, failures: taken.failures - 1 }, noon);
      at = 0;
    }
    expect(waits).toEqual([1, 2, 3]);
  });

  it("waits as long as the channel asked", async () => {
    await poll({
      fails: { list: 0, fault: new SuiteError("rate_limited", "slowly", { details: { retryAfterMs: 90_000 } }) },
    });
    expect(await takenAt(89_999)).toBeUndefined();
    expect(await takenAt(90_000)).toBeDefined();
    expect(heard.metric("ChannelRateLimited")).toEqual([1]);
  });
});

describe("a feed that another has taken", () => {
  it("is left to the other, whose bookmark stays", async () => {
    const { queued } = await poll({
      pages: 5,
      // Our lease has run out while the channel took its time.
      onList: async (page) => {
        if (page !== 1) return;
        const theirs = await takenAt(200_000);
        if (theirs) await feeds.progress(theirs, { page: 40 });
      },
    });
    expect(queued).toEqual(["n0", "n1"]);
    expect(await takenAt(400_000)).toMatchObject({ bookmark: { page: 40 } });
  });
});
