import type { FauxQueue, Received } from "./fauxqs.ts";

/**
 * SQS gives a receiver as many messages of one group as fit, in order; fauxqs 2.4.1 gives one. Batches of one would hide
 * what a consumer does with the rest of a group after a failure, so this makes the queue give whole batches, and keeps
 * each group in order when several of its messages come back at once.
 */
export function batchWholeGroups(queue: FauxQueue) {
  const { dequeue, processTimers, changeVisibility } = queue;

  queue.dequeue = (max, visibilitySeconds, deadLetterQueue) => {
    const taken: Received[] = dequeue.call(queue, max, visibilitySeconds, deadLetterQueue);
    const groups = new Set(taken.map(({ ReceiptHandle }) => groupOf(queue, ReceiptHandle)));
    // fauxqs locks a group with its first message. Only our own groups are opened again, until this batch is full.
    for (const group of groups) {
      while (taken.length < Math.min(max, 10) && (queue.fifoMessages.get(group)?.length ?? 0) > 0) {
        const locks = queue.fifoLockedGroups.get(group) ?? 0;
        queue.fifoLockedGroups.delete(group);
        const more = takeFrom(queue, group, () => dequeue.call(queue, 1, visibilitySeconds, deadLetterQueue));
        queue.fifoLockedGroups.set(group, locks + more.length);
        taken.push(...more);
      }
    }
    return taken;
  };

  queue.processTimers = () => {
    const before = queue.inflightMessages.size;
    processTimers.call(queue);
    if (queue.inflightMessages.size < before) restoreOrder(queue);
  };

  queue.changeVisibility = (receiptHandle, seconds) => {
    changeVisibility.call(queue, receiptHandle, seconds);
    if (seconds === 0) restoreOrder(queue);
  };
}

/** Runs `take` while the queue seems to hold this one group. */
function takeFrom(queue: FauxQueue, group: string, take: () => Received[]): Received[] {
  const { fifoMessages: all, processTimers } = queue;
  queue.fifoMessages = new Map([[group, all.get(group) ?? []]]);
  queue.processTimers = () => undefined;
  const taken = take();
  if (!queue.fifoMessages.has(group)) all.delete(group);
  queue.fifoMessages = all;
  queue.processTimers = processTimers;
  return taken;
}

function groupOf(queue: FauxQueue, receiptHandle: string): string {
  return queue.inflightMessages.get(receiptHandle)?.message.messageGroupId ?? "";
}

function restoreOrder(queue: FauxQueue) {
  for (const group of queue.fifoMessages.values()) {
    group.sort((one, other) => ((one.sequenceNumber ?? "") < (other.sequenceNumber ?? "") ? -1 : 1));
  }
}
