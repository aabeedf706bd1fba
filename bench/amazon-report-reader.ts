import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Bookmark } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { Shop } from "#shared/case/shop.ts";
import { httpClient } from "#shared/http.ts";
import type { Feeds, Shops } from "#shared/store/index.ts";
import { type Deps, pollChannel } from "../functions/poll-channel/poll-channel.ts";

export interface ReaderTask {
  shopId: string;
  credentials: unknown;
  app: unknown;
  now: string;
  /** Where the feed stands, kept as the table would keep it: after a page's notices are queued. */
  bookmarkFile: string;
  /** One line per notice, as the queue would take it. */
  noticesFile: string;
}

export interface Progress {
  rows: number;
  residentBytes: number;
}

/** The work of poll-channel on the feed of returns, with files for its table and its queue. Tells its parent after each page. */
async function read(task: ReaderTask): Promise<void> {
  const shop: Shop = {
    tenantId: tenantIdSchema.parse("bench"),
    channel: "amazon",
    shopId: shopIdSchema.parse(task.shopId),
    name: "bench",
    mode: "observe",
    status: "connected",
    connectedAt: task.now,
    addresses: [],
  };
  const sealed = Buffer.from(JSON.stringify(task.credentials));
  let rows = 0;
  let isResting = false;
  const keepBookmark = (bookmark: Bookmark) => {
    writeFileSync(`${task.bookmarkFile}.next`, JSON.stringify(bookmark));
    renameSync(`${task.bookmarkFile}.next`, task.bookmarkFile);
    process.send?.({ rows, residentBytes: peakResidentBytes() } satisfies Progress);
  };
  const id = { tenantId: shop.tenantId, channel: shop.channel, shopId: shop.shopId, feed: "returns" };
  const feeds: Partial<Feeds> = {
    take: async () => {
      const bookmark = existsSync(task.bookmarkFile) ? JSON.parse(readFileSync(task.bookmarkFile, "utf8")) : undefined;
      return { ...id, leaseId: "only", bookmark, failures: 0 };
    },
    progress: async (_, bookmark) => {
      keepBookmark(bookmark);
      return true;
    },
    keep: async (_, bookmark, nextAt) => {
      keepBookmark(bookmark);
      isResting = nextAt.getTime() > Date.parse(task.now) + 5 * 60_000;
      return true;
    },
    fail: async () => Promise.reject(new Error("the turn failed, see above")),
  };
  const stored = async () => ({ shop, credentials: sealed, credentialsVersion: 1 });
  const deps: Deps = {
    feeds: feeds as Feeds,
    shops: { get: stored, find: stored } as unknown as Shops,
    connectorOf,
    channelSettings: async () => [task.app],
    vault: { seal: async () => sealed, open: async () => task.credentials },
    http: httpClient(),
    clock: { now: () => new Date(task.now) },
    enqueue: async (messages) => {
      rows += messages.length;
      const lines = messages.map(({ body }) => `${(JSON.parse(body) as { noticeId: string }).noticeId}\n`);
      if (lines.length > 0) appendFileSync(task.noticesFile, lines.join(""));
    },
    quarantine: async (messages) => {
      if (messages.length > 0) throw new Error(`${messages.length} rows were not understood`);
    },
  };
  while (!isResting) await pollChannel(id, deps);
}

await read(JSON.parse(process.argv[2] ?? "") as ReaderTask);
process.disconnect?.();

/** Of this program alone: `maxRSS` of a process begins with what its parent held when it was forked. */
function peakResidentBytes(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  if (!kibibytes) throw new Error("this measure needs /proc/self/status, which Linux has");
  return Number(kibibytes) * 1024;
}
