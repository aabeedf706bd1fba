import { crc32 } from "node:zlib";
import {
  type CaseId,
  type ChannelCaseId,
  caseIdOf,
  channelCaseIdSchema,
  type ShopId,
  shopIdSchema,
  tenantIdSchema,
} from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { dueCasePartition, worklistOf } from "#shared/store/keys.ts";
import { seededRandom } from "../runtime/gateway/faults.ts";

export interface Wishes {
  /** Cases that begin each second. */
  casesPerSecond: number;
  shops: number;
  /** Of the index of what is due. */
  shards: number;
  seconds: number;
  seed: number;
}

/** One kind of key, and how its traffic is spread. */
export interface Spread {
  what: string;
  unit: string;
  keys: number;
  meanPerSecond: number;
  busiestPerSecond: number;
  limitPerSecond: number;
  /** Where the limit comes from. */
  source: string;
}

const shopsPerTenant = 10;
/** Six changes a case: each is a notice. */
const changesPerCase = 6;
/**
 * Writes to an index per case: it appears, its key moves three times (which deletes one entry and puts another), and it
 * disappears. The same for what is due and for who has to do something.
 */
const indexWritesPerCase = 1 + 3 * 2 + 1;
/** No shop brings more than its channel lets us read: Douyin's starting budget is 5 calls a second, a large shop gets twice that. */
const changesPerSecondOfLargestShop = 10;
/** A case is read (250 ms) and saved one after the other in its lane. */
const secondsPerNotice = 0.35;
const partitionWriteUnits = 1000;
const developerGuide = "DynamoDB developer guide, partition key design, read 2026-11";

/** Plays seconds of traffic, unevenly over the shops, and counts what falls on each key as the suite itself makes them. */
export function spreadOf(wishes: Wishes): Spread[] {
  const { seconds, shards, shops, casesPerSecond } = wishes;
  const drawShop = shopDrawer(wishes);
  const lanes = new Map<string, number>();
  const due = new Map<string, number>();
  const worklists = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  const total = casesPerSecond * seconds;
  for (let number = 0; number < total; number++) {
    const shop = drawShop();
    const shopId = shopIdSchema.parse(String(1_000_000 + shop));
    const channelCaseId = channelCaseIdSchema.parse(String(7_400_000_000_000_000_000n + BigInt(number) * 977n));
    count(lanes, laneOf(shopId, channelCaseId), changesPerCase);
    count(due, duePartitionOf(caseIdOf("douyin", shopId, channelCaseId), shards), indexWritesPerCase);
    const tenantId = tenantIdSchema.parse(`tenant-${Math.floor(shop / shopsPerTenant)}`);
    count(worklists, worklistOf(tenantId, "merchant"), indexWritesPerCase);
  }
  const spread = (
    what: string,
    unit: string,
    counts: Map<string, number>,
    keys: number,
    limitPerSecond: number,
    source: string,
  ) => ({
    ...{ what, unit, keys, limitPerSecond, source },
    meanPerSecond: [...counts.values()].reduce((sum, each) => sum + each, 0) / seconds / keys,
    busiestPerSecond: [...counts.values()].reduce((most, each) => Math.max(most, each), 0) / seconds,
  });
  const perLane = 1 / secondsPerNotice;
  return [
    spread("lanes of shops", "notices", lanes, shops * 8, perLane, "one notice at a time: a call of 250 ms and a save"),
    spread("shards of what is due", "write units", due, shards, partitionWriteUnits, developerGuide),
    spread(
      "worklists",
      "write units",
      worklists,
      Math.ceil(shops / shopsPerTenant),
      partitionWriteUnits,
      developerGuide,
    ),
  ];
}

/** With so many shards as the suite has, the partition is the suite's own; with others, what it would be. */
export function duePartitionOf(caseId: CaseId, shards: number): string {
  const own = dueCasePartition(caseId);
  const shard = crc32(caseId) % shards;
  return shards === 16 ? own : `CASE#${shard}`;
}

function laneOf(shopId: ShopId, channelCaseId: ChannelCaseId): string {
  const notice: Notice = {
    ...{ channel: "douyin", shopId, topic: "206", noticeId: channelCaseId, via: "push", opens: false },
    subject: { kind: "case", channelCaseId },
  };
  return noticeMessage(notice).group ?? "";
}

/** Shops by Zipf's law, as sizes of sellers go, but none above what its channel bears: what is over falls on others. */
function shopDrawer({ shops, casesPerSecond, seed }: Wishes): () => number {
  const most = changesPerSecondOfLargestShop / changesPerCase / casesPerSecond;
  const shares = Array.from({ length: shops }, (_, rank) => 1 / (rank + 1));
  let sum = shares.reduce((total, share) => total + share, 0);
  for (let rank = 0; rank < shops; rank++) shares[rank] = (shares[rank] ?? 0) / sum;
  // Levelling once leaves some over, which goes evenly to those below the ceiling; a few rounds are enough.
  for (let round = 0; round < 20; round++) {
    const over = shares.reduce((total, share) => total + Math.max(0, share - most), 0);
    if (over < 1e-9) break;
    const below = shares.filter((share) => share < most).length;
    if (below === 0) break;
    for (const [rank, share] of shares.entries()) shares[rank] = share >= most ? most : share + over / below;
  }
  const edges: number[] = [];
  sum = 0;
  for (const share of shares) {
    sum += share;
    edges.push(sum);
  }
  const random = seededRandom(seed);
  return () => {
    const roll = random() * sum;
    let low = 0;
    let high = shops - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle] ?? 0) < roll) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A key whose busiest second, over the time that was played, is above what one key bears. */
export const isHot = ({ busiestPerSecond, limitPerSecond }: Spread) => busiestPerSecond > limitPerSecond;
