import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import { flag, number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { FauxMessage, FauxQueue, Fauxqs, Received } from "./fauxqs.ts";
import { batchWholeGroups } from "./fauxqs-fifo.ts";

const queue = z.object({
  FifoQueue: flag.optional(),
  ContentBasedDeduplication: flag.optional(),
  DelaySeconds: number.optional(),
  VisibilityTimeout: number.optional(),
  MaximumMessageSize: number.optional(),
  MessageRetentionPeriod: number.optional(),
  ReceiveMessageWaitTimeSeconds: number.optional(),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: number }).optional(),
  DeduplicationScope: z.string().optional(),
  FifoThroughputLimit: z.string().optional(),
});

export interface ReceivedMessage extends Received {
  message: FauxMessage;
}

export interface LocalQueue {
  name: string;
  arn: string;
  url: string;
  fifo: boolean;
  visibilitySeconds: number;
  receive(max: number): ReceivedMessage[];
  remove(receiptHandle: string): void;
  depth(): QueueDepth;
  /** Calls back whenever a message may have become receivable; never while the caller is inside `receive`. */
  onAvailable(listener: () => void): void;
}

export interface QueueDepth {
  visible: number;
  inFlight: number;
  delayed: number;
  /** Age of the oldest message not yet deleted; undefined when the queue is empty. */
  oldestMs?: number;
  sent: number;
  received: number;
  deleted: number;
}

/** Creates the template's queues. A queue kept from an earlier run keeps its messages and takes the template's settings. */
export function createQueues(resources: readonly Resource[], engine: Fauxqs, clock: LocalClock): LocalQueue[] {
  return ofType(resources, "AWS::SQS::Queue").map((resource) => {
    const name = resource.ref.split("/").at(-1) ?? resource.ref;
    const attributes: Record<string, string> = {};
    for (const [key, value] of Object.entries(readProperties(resource, queue))) {
      if (value !== undefined) attributes[key] = typeof value === "object" ? JSON.stringify(value) : String(value);
    }
    const kept = engine.sqs.getQueueByName(name);
    if (kept) Object.assign(kept.attributes, attributes);
    const faux = kept ?? engine.sqs.createQueue(name, resource.ref, resource.arn, attributes);
    return openQueue(faux, resource, engine, clock);
  });
}

function openQueue(faux: FauxQueue, { arn, ref }: Resource, engine: Fauxqs, clock: LocalClock): LocalQueue {
  const counted = { sent: 0, received: 0, deleted: 0 };
  const listeners: (() => void)[] = [];
  const visibilitySeconds = Number(faux.attributes.VisibilityTimeout ?? 30);
  if (faux.isFifo()) batchWholeGroups(faux);

  // fauxqs looks at its timers only while someone polls. Here the clock tells it when one is due, so nobody polls.
  const armed = new Set<number>();
  const wakeAt = (instant: number) => {
    if (armed.has(instant)) return;
    armed.add(instant);
    clock.schedule(new Date(instant), () => {
      armed.delete(instant);
      faux.processTimers();
      const next = earliestReturn(faux);
      if (next !== undefined && ![...armed].some((other) => other <= next)) wakeAt(next);
    });
  };

  const announce = () => {
    for (const listener of listeners) listener();
  };
  const { enqueue, dequeue, deleteMessage, changeVisibility, notifyWaiters } = faux;
  faux.notifyWaiters = () => {
    notifyWaiters.call(faux);
    announce();
  };
  faux.enqueue = (message) => {
    counted.sent++;
    enqueue.call(faux, message);
    if (message.delayUntil && message.delayUntil > clock.now().getTime()) wakeAt(message.delayUntil);
  };
  faux.dequeue = (max, visibility, deadLetterQueue) => {
    let received: Received[] = [];
    // One transaction: a message on its way to the dead-letter queue is in exactly one of the two.
    engine.transaction(() => {
      received = dequeue.call(faux, max, visibility, deadLetterQueue);
    });
    counted.received += received.length;
    if (received.length > 0) {
      const back = clock.now().getTime() + (visibility ?? visibilitySeconds) * 1000;
      if (![...armed].some((instant) => instant <= back)) wakeAt(back);
    }
    return received;
  };
  faux.deleteMessage = (receiptHandle) => {
    const deleted = deleteMessage.call(faux, receiptHandle);
    if (deleted) counted.deleted++;
    return deleted;
  };
  faux.changeVisibility = (receiptHandle, seconds) => {
    changeVisibility.call(faux, receiptHandle, seconds);
    if (seconds > 0) wakeAt(clock.now().getTime() + seconds * 1000);
  };
  for (const instant of [earliestReturn(faux), ...delayedIn(faux).map(({ delayUntil }) => delayUntil)]) {
    if (instant !== undefined) wakeAt(instant);
  }

  return {
    name: faux.name,
    arn,
    url: ref,
    fifo: faux.isFifo(),
    visibilitySeconds,
    receive(max) {
      const received = faux.dequeue(max, undefined, (deadLetterArn) => engine.sqs.getQueueByArn(deadLetterArn));
      return received.flatMap((entry) => {
        const message = faux.inflightMessages.get(entry.ReceiptHandle)?.message;
        return message ? [{ ...entry, message }] : [];
      });
    },
    remove: (receiptHandle) => void faux.deleteMessage(receiptHandle),
    onAvailable: (listener) => void listeners.push(listener),
    depth() {
      const ready = faux.isFifo() ? [...faux.fifoMessages.values()] : [faux.messages];
      const delayed = delayedIn(faux);
      const heads = [
        ...ready.map((group) => group[0]),
        ...delayed,
        ...[...faux.inflightMessages.values()].map((entry) => entry.message),
      ];
      const oldest = heads.reduce(
        (least, message) => Math.min(least, message?.sentTimestamp ?? least),
        Number.POSITIVE_INFINITY,
      );
      return {
        visible: ready.reduce((sum, group) => sum + group.length, 0),
        inFlight: faux.inflightMessages.size,
        delayed: delayed.length,
        oldestMs: Number.isFinite(oldest) ? clock.now().getTime() - oldest : undefined,
        ...counted,
      };
    },
  };
}

function delayedIn(faux: FauxQueue): FauxMessage[] {
  return faux.isFifo() ? [...faux.fifoDelayed.values()].flat() : faux.delayedMessages;
}

function earliestReturn(faux: FauxQueue): number | undefined {
  let earliest: number | undefined;
  for (const { visibilityDeadline } of faux.inflightMessages.values()) {
    if (earliest === undefined || visibilityDeadline < earliest) earliest = visibilityDeadline;
  }
  return earliest;
}
