import type { Clock } from "#shared/clock.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import { reconciliation } from "#shared/refund-days.ts";
import { renewal } from "#shared/renewal.ts";
import { type Feeds, shardCount } from "#shared/store/index.ts";

export interface Deps {
  feeds: Feeds;
  clock: Clock;
  enqueue: (messages: readonly Message[]) => Promise<void>;
  /** Turns of our own work per shop, which comes round as feeds do. */
  enqueueNights: (messages: readonly Message[]) => Promise<void>;
  enqueueRenewals: (messages: readonly Message[]) => Promise<void>;
}

/**
 * Queues one message for every feed of every shop whose turn has come, and tells how long each channel's oldest has been
 * waiting for it. A feed that is being read is left alone.
 */
export async function sweepFeeds({ feeds, clock, enqueue, enqueueNights, enqueueRenewals }: Deps): Promise<void> {
  const now = clock.now();
  const lagMs = new Map<string, number>();
  await Promise.all(
    Array.from({ length: shardCount }, async (_, shard) => {
      const turns: Message[] = [];
      const nights: Message[] = [];
      const renewals: Message[] = [];
      for await (const { dueAt, ...feed } of feeds.due({ shard, until: now })) {
        const own = feed.feed === reconciliation ? nights : feed.feed === renewal ? renewals : undefined;
        if (own) {
          own.push({ body: JSON.stringify(feed) });
          continue;
        }
        const waitedMs = now.getTime() - Date.parse(dueAt);
        lagMs.set(feed.channel, Math.max(waitedMs, lagMs.get(feed.channel) ?? 0));
        turns.push({ body: JSON.stringify(feed) });
      }
      await enqueue(turns);
      await enqueueNights(nights);
      await enqueueRenewals(renewals);
    }),
  );
  for (const [channel, waitedMs] of lagMs) count("FeedLagSeconds", Math.round(waitedMs / 1000), { channel });
}
