import type { LocalQueue } from "../engines/queues.ts";
import type { MetricStore } from "./metric-store.ts";

/** Samples what SQS reports of its queues each minute; counts are of the minute since the last sample. */
export function createQueueSampler(queues: readonly LocalQueue[], metrics: MetricStore): () => void {
  const last = new Map<string, { sent: number; received: number; deleted: number }>();
  return () => {
    for (const queue of queues) {
      const { visible, inFlight, delayed, oldestMs = 0, sent, received, deleted } = queue.depth();
      const before = last.get(queue.name) ?? { sent: 0, received: 0, deleted: 0 };
      last.set(queue.name, { sent, received, deleted });
      const seen: Record<string, number> = {
        ApproximateNumberOfMessagesVisible: visible,
        ApproximateNumberOfMessagesNotVisible: inFlight,
        ApproximateNumberOfMessagesDelayed: delayed,
        ApproximateAgeOfOldestMessage: Math.floor(oldestMs / 1000),
        NumberOfMessagesSent: sent - before.sent,
        NumberOfMessagesReceived: received - before.received,
        NumberOfMessagesDeleted: deleted - before.deleted,
      };
      for (const [name, value] of Object.entries(seen))
        metrics.record("AWS/SQS", name, { QueueName: queue.name }, value);
    }
  };
}
