import type { Activity } from "../activity.ts";
import type { Json, JsonObject } from "../assembly/json.ts";
import type { LocalQueue, ReceivedMessage } from "../engines/queues.ts";
import type { Counts } from "../gateway/counts.ts";
import type { LocalFunction } from "../lambda/functions.ts";
import { failedItems } from "./batch-failures.ts";

export interface QueueSourceOptions {
  queue: LocalQueue;
  target: LocalFunction;
  batchSize: number;
  maxConcurrency: number;
  partial: boolean;
  passes(record: Json): boolean;
  region: string;
  activity: Activity;
  counts: Counts;
}

/**
 * Feeds a queue to a function as Lambda's poller does: deletes what succeeded, leaves the rest to come back when its
 * visibility ends. The queue itself keeps a FIFO group with one batch at a time. Takes nothing before `start`.
 */
export function startQueueSource(options: QueueSourceOptions): { start(): void; stop(): void } {
  const { queue, target, batchSize, maxConcurrency, partial, passes, region, activity, counts } = options;
  const caller = `poller of ${target.logicalId}`;
  let running = 0;
  let started = false;
  let announced = false;
  let receiving = false;
  let stopped = false;

  const handle = async (batch: ReceivedMessage[]) => {
    const records = batch.map((entry) => ({ entry, record: toRecord(entry, queue, region) }));
    const wanted = records.filter(({ record }) => passes(filterable(record)));
    let failed = new Set<string>();
    if (wanted.length > 0) {
      const outcome = await target.invoke({ Records: wanted.map(({ record }) => record) });
      failed = failedItems(
        outcome,
        wanted.map(({ entry }) => entry.MessageId),
        { partial },
      );
    }
    if (stopped) return;
    // What a filter refuses is deleted, as in Lambda.
    for (const { MessageId, ReceiptHandle } of batch) if (!failed.has(MessageId)) queue.remove(ReceiptHandle);
    if (failed.size < batch.length) counts.add({ service: "sqs", operation: "DeleteMessageBatch", caller }, {});
  };

  const pump = () => {
    while (running < maxConcurrency && !stopped) {
      receiving = true;
      const batch = queue.receive(batchSize);
      receiving = false;
      if (batch.length === 0) return;
      counts.add({ service: "sqs", operation: "ReceiveMessage", caller }, {});
      running++;
      const done = activity.begin(`batch for ${target.logicalId}`);
      void handle(batch).finally(() => {
        running--;
        pump();
        done();
      });
    }
  };

  const announce = () => {
    if (!started || announced || receiving || stopped) return;
    announced = true;
    const done = activity.begin("queue poll");
    // A turn later, so that messages sent together come as one batch.
    setImmediate(() => {
      announced = false;
      pump();
      done();
    });
  };
  queue.onAvailable(announce);

  return {
    start() {
      started = true;
      announce();
    },
    stop() {
      stopped = true;
    },
  };
}

function toRecord(
  { MessageId, ReceiptHandle, Body, MD5OfBody, message }: ReceivedMessage,
  queue: LocalQueue,
  region: string,
): JsonObject {
  const attributes: JsonObject = {
    ApproximateReceiveCount: String(message.approximateReceiveCount),
    SentTimestamp: String(message.sentTimestamp),
    SenderId: "LOCAL",
    ApproximateFirstReceiveTimestamp: String(message.approximateFirstReceiveTimestamp ?? message.sentTimestamp),
  };
  if (queue.fifo) {
    attributes.MessageGroupId = message.messageGroupId ?? "";
    attributes.MessageDeduplicationId = message.messageDeduplicationId ?? "";
    attributes.SequenceNumber = message.sequenceNumber ?? "";
  }
  const messageAttributes: JsonObject = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(message.messageAttributes)) {
    messageAttributes[name] = {
      dataType: DataType,
      stringListValues: [],
      binaryListValues: [],
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    };
  }
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes,
    messageAttributes,
    md5OfBody: MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}

/** Filters look into a body that is JSON. */
function filterable(record: JsonObject): JsonObject {
  try {
    return { ...record, body: JSON.parse(String(record.body)) as Json };
  } catch {
    return record;
  }
}
