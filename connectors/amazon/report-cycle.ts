import { isSuiteError } from "#shared/errors.ts";
import type { Bookmark, FeedPage, ShopFeed } from "../contract.ts";
import type { AmazonWorld } from "./client.ts";
import { storeOf } from "./marketplaces.ts";
import { addressOf, createReport, download, reportEnd } from "./reports.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

const dayMs = 86_400_000;
/** Reports take minutes; asking is cheap. */
const askAgainMs = 60_000;
const afterFailureMs = 15 * 60_000;
/** An address is good for five minutes from when it was asked for. */
const addressGoodForMs = 4 * 60_000;

export interface ReportCycle {
  reportType: (credentials: AmazonCredentials) => string;
  everyMs: number;
  /** Days back: of the reading that sees late changes of old rows, how often it is made, and of those between. */
  longDays: number;
  longEveryMs: number;
  shortDays: number;
  read: (pieces: AsyncIterable<string>, about: PageAsked) => Promise<PageRead>;
}

export interface PageAsked {
  world: AmazonWorld;
  /** Of the store the report is about. */
  market: string | undefined;
  /** Entries of the document that earlier pages have taken. */
  offset: number;
}

/** `next` is the offset of the page after; undefined at the end of the document. */
export type PageRead = Pick<FeedPage, "notices" | "rejected"> & { next: number | undefined };

interface Turn {
  /** Which of the shop's stores. */
  store: number;
  /** When the long window was last read to its end, in every store. */
  longAt: number;
  isLong: boolean;
}

/**
 * A report, store after store: asked for, waited for, then read page by page. Where it stands is all in the bookmark, so a
 * process that ends in the middle goes on at the page whose notices were not queued yet.
 */
export function reportFeed(cycle: ReportCycle): ShopFeed<AmazonApp, AmazonCredentials> {
  return {
    scope: "shop",
    everyMs: cycle.everyMs,
    list: async (bookmark, world) => {
      const turn = turnOf(bookmark, world.now, cycle);
      if (typeof bookmark?.documentId === "string") return readPage(cycle, turn, bookmark, world);
      if (typeof bookmark?.reportId === "string") return awaitReport(cycle, turn, bookmark.reportId, world);
      return ask(cycle, turn, world);
    },
  };
}

async function ask(cycle: ReportCycle, turn: Turn, world: AmazonWorld): Promise<FeedPage> {
  const { credentials, now } = world;
  const days = turn.isLong ? cycle.longDays : cycle.shortDays;
  const reportId = await createReport(world, {
    reportType: cycle.reportType(credentials),
    marketplaceId: marketplaceOf(turn, world),
    from: new Date(now.getTime() - days * dayMs).toISOString(),
    to: now.toISOString(),
  });
  return { ...nothing, bookmark: { ...turn, reportId }, next: { when: "wait", waitMs: askAgainMs } };
}

async function awaitReport(cycle: ReportCycle, turn: Turn, reportId: string, world: AmazonWorld): Promise<FeedPage> {
  const end = await reportEnd(world, reportId);
  switch (end.is) {
    case "waiting":
      return { ...nothing, bookmark: { ...turn, reportId }, next: { when: "wait", waitMs: askAgainMs } };
    case "failed":
      return { ...nothing, bookmark: { ...turn }, next: { when: "wait", waitMs: afterFailureMs } };
    case "empty":
      return { ...nothing, ...after(turn, world) };
    case "done":
      return readPage(cycle, turn, { documentId: end.documentId, offset: 0 }, world);
  }
}

async function readPage(cycle: ReportCycle, turn: Turn, bookmark: Bookmark, world: AmazonWorld): Promise<FeedPage> {
  const documentId = String(bookmark.documentId);
  const kept = Number(bookmark.addressUntil ?? 0) > world.now.getTime() ? bookmark.address : undefined;
  let address: string;
  try {
    address = typeof kept === "string" ? kept : await addressOf(world, documentId);
  } catch (error) {
    // Documents are kept for days; one that is gone is made anew.
    if (!isSuiteError(error, "channel_refused")) throw error;
    return { ...nothing, bookmark: { ...turn }, next: { when: "wait", waitMs: askAgainMs } };
  }
  const market = storeOf(marketplaceOf(turn, world))?.market;
  const pieces = await download(world, address);
  const { notices, rejected, next } = await cycle.read(pieces, { world, market, offset: Number(bookmark.offset ?? 0) });
  if (next === undefined) return { notices, rejected, ...after(turn, world) };
  const addressUntil = kept ? Number(bookmark.addressUntil) : world.now.getTime() + addressGoodForMs;
  const place = { ...turn, documentId, address, addressUntil, offset: next };
  return { notices, rejected, bookmark: place, next: { when: "now" } };
}

const nothing = { notices: [], rejected: [] } as const;

/** The next store, or rest. */
function after(turn: Turn, { credentials, now }: AmazonWorld): Pick<FeedPage, "bookmark" | "next"> {
  const store = turn.store + 1;
  if (store < credentials.marketplaceIds.length) return { bookmark: { ...turn, store }, next: { when: "now" } };
  return { bookmark: { store: 0, longAt: turn.isLong ? now.getTime() : turn.longAt }, next: { when: "later" } };
}

/** How far back is decided with the first store and kept for the others. */
function turnOf(bookmark: Bookmark | undefined, now: Date, { longEveryMs }: ReportCycle): Turn {
  const longAt = typeof bookmark?.longAt === "number" ? bookmark.longAt : 0;
  const isLong = typeof bookmark?.isLong === "boolean" ? bookmark.isLong : now.getTime() - longAt >= longEveryMs;
  return { store: typeof bookmark?.store === "number" ? bookmark.store : 0, longAt, isLong };
}

/** A store that was taken out of the settings meanwhile gives way to the last that is there. */
function marketplaceOf({ store }: Turn, { credentials }: AmazonWorld): string {
  return credentials.marketplaceIds[store] ?? String(credentials.marketplaceIds.at(-1));
}
