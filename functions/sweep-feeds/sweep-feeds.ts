import type { Clock } from "#shared/clock.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import { type Feeds, shardCount } from "#shared/store/index.ts";

export interface Deps {
  feeds: Feeds;
  clock: Clock;
  enqueue: (messages: readonly Message[]) => Promise<void>;
}

/** Queues one message for every feed of every shop whose turn has come. A feed that is being read is left alone. */
export async function sweepFeeds({ feeds, clock, enqueue }: Deps): Promise<void> {
  const now = clock.now();
  const oldest = await Promise.all(
    Array.from({ length: shardCount }, async (_, shard) => {
      const turns: Message[] = [];
      let earliest = now.getTime();
      for await (const { dueAt, ...feed } of feeds.due({ shard, until: now })) {
        earliest = Math.min(earliest, Date.parse(dueAt));
        turns.push({ body: JSON.stringify(feed) });
      }
      await enqueue(turns);
      return earliest;
    }),
  );
  count("FeedLagSeconds", Math.round((now.getTime() - Math.min(...oldest)) / 1000));
}
