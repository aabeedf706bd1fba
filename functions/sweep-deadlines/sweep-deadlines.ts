import type { Clock } from "#shared/clock.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import { type Cases, shardCount } from "#shared/store/index.ts";
import { measureClocks } from "./measure-clocks.ts";

/** A sweep takes what falls due before the next one, and a little more in case that is late. */
const latenessMs = 15_000;
const timersPerFlush = 500;

export interface Deps {
  cases: Cases;
  clock: Clock;
  /** How often the sweep runs. */
  everyMs: number;
  enqueue: (messages: readonly Message[]) => Promise<void>;
}

/**
 * Queues a timer for every case whose clock needs attention before the next sweep, delayed to the second. What an
 * earlier sweep has queued already is queued again if it is still due: a timer that fires twice does nothing twice, and
 * one that was lost is found here.
 */
export async function sweepDeadlines({ cases, clock, everyMs, enqueue }: Deps): Promise<void> {
  const now = clock.now().getTime();
  const until = new Date(now + everyMs + latenessMs);
  const oldest = await Promise.all(
    Array.from({ length: shardCount }, async (_, shard) => {
      const timers: Message[] = [];
      let earliest = now;
      for await (const { tenantId, caseId, dueAt } of cases.due({ shard, until })) {
        const due = Date.parse(dueAt);
        earliest = Math.min(earliest, due);
        const delaySeconds = Math.ceil(Math.max(0, due - now) / 1000);
        timers.push({ body: JSON.stringify({ tenantId, caseId }), delaySeconds });
        // A shard after an outage may hold more than fits in memory.
        if (timers.length === timersPerFlush) await enqueue(timers.splice(0));
      }
      await enqueue(timers);
      return earliest;
    }),
  );
  count("SweepLagSeconds", Math.round((now - Math.min(...oldest)) / 1000));
  await measureClocks(cases, { now: new Date(now), everyMs }); // after the timers, which must not wait for it
}
