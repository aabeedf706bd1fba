import type { Bookmark, FeedPage } from "#connectors/contract.ts";
import { openAppSession } from "#connectors/session/app-session.ts";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { type Message, rejectedMessages } from "#shared/queue.ts";
import type { FeedId, Feeds, TakenFeed } from "#shared/store/index.ts";

/** A turn ends after so many pages, so that a long history does not outlive the function; the rest comes at once. */
const pagesPerTurn = 20;
/** Longer than a turn may take, so that two never read the same feed at a time. */
const leaseMs = 120_000;
const longestPauseMs = 15 * 60_000;

export interface Deps extends SessionDeps {
  feeds: Feeds;
  /** At least so long between two turns of a feed. */
  leastEveryMs?: number;
  enqueue: (messages: readonly Message[]) => Promise<void>;
  quarantine: (messages: readonly Message[]) => Promise<void>;
}

/**
 * Reads one feed, of one shop or of our app, from its bookmark on: queues a notice for whatever changed and keeps the bookmark of a page
 * only after its notices are queued. A turn that fails leaves the bookmark where it was and waits longer each time; a
 * channel's outage therefore loses nothing. Safe to repeat, and never two at a time for one feed.
 */
export async function pollChannel(id: FeedId, deps: Deps): Promise<void> {
  const taken = await deps.feeds.take(id, deps.clock.now(), leaseMs);
  if (!taken) return;
  try {
    await readPages(taken, await sourceOf(id, deps), deps);
  } catch (fault) {
    const { channel, shopId, feed } = id;
    log.warn("feed turn failed", { channel, shopId, feed, failures: taken.failures + 1, ...faultFields(fault) });
    if (isSuiteError(fault, "rate_limited")) count("ChannelRateLimited", 1, { channel });
    if (isSuiteError(fault, "channel_unavailable")) count("ChannelUnavailable", 1, { channel });
    await deps.feeds.fail(taken, new Date(deps.clock.now().getTime() + pauseAfter(fault, taken.failures)));
  }
}

/** A feed together with what its scope is handed: the session of a shop, or our app alone. */
interface Source {
  everyMs: number;
  list: (bookmark: Bookmark | undefined) => Promise<FeedPage>;
  confirm: (receipts: readonly string[]) => Promise<void>;
}

async function sourceOf(id: FeedId, deps: Deps): Promise<Source> {
  const feed = deps.connectorOf(id.channel).feeds?.[id.feed];
  if (feed?.scope === "app") return source(feed, (await openAppSession(id.channel, deps)).call);
  if (feed && id.tenantId !== undefined) return source(feed, (await openSession(id, deps)).call);
  throw new SuiteError("misconfigured", `${id.channel} has no feed ${id.feed} of this scope`);
}

function source<World>(
  feed: {
    readonly everyMs: number;
    readonly list: (bookmark: Bookmark | undefined, world: World) => Promise<FeedPage>;
    readonly confirm?: (receipts: readonly string[], world: World) => Promise<void>;
  },
  call: <Result>(work: (world: World) => Promise<Result>) => Promise<Result>,
): Source {
  return {
    everyMs: feed.everyMs,
    list: (bookmark) => call((world) => feed.list(bookmark, world)),
    confirm: (receipts) => call(async (world) => feed.confirm?.(receipts, world)),
  };
}

async function readPages(taken: TakenFeed, feed: Source, deps: Deps): Promise<void> {
  let bookmark = taken.bookmark;
  for (let pages = 1; ; pages++) {
    const page = await feed.list(bookmark);
    await queue(page, taken, deps);
    if (page.progress) {
      const { channel, shopId, feed: name } = taken;
      log.info("feed progress", { channel, shopId, feed: name, ...page.progress });
    }
    if (page.receipts && page.receipts.length > 0) await feed.confirm(page.receipts);
    bookmark = page.bookmark;
    if (page.next.when === "now" && pages < pagesPerTurn) {
      // Another has taken the feed since: our turn took too long, and it goes on from the page before.
      if (!(await deps.feeds.progress(taken, bookmark))) return;
      continue;
    }
    const pauseMs = {
      now: 0,
      wait: page.next.when === "wait" ? page.next.waitMs : 0,
      later: Math.max(feed.everyMs, deps.leastEveryMs ?? 0),
    };
    await deps.feeds.keep(taken, bookmark, new Date(deps.clock.now().getTime() + pauseMs[page.next.when]));
    return;
  }
}

async function queue({ notices, rejected }: FeedPage, { channel, feed }: FeedId, deps: Deps): Promise<void> {
  await deps.enqueue(notices.map(noticeMessage));
  if (rejected.length === 0) return;
  await deps.quarantine(rejected.flatMap((each) => rejectedMessages({ channel, from: feed, ...each })));
  count("RecordQuarantined", rejected.length, { channel });
}

function pauseAfter(fault: unknown, failures: number): number {
  const asked = isSuiteError(fault) ? Number(fault.details.retryAfterMs ?? 0) : 0;
  return Math.max(asked, Math.min(longestPauseMs, 5_000 * 2 ** Math.min(failures, 8)));
}
