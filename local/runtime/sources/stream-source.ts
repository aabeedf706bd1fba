import { randomUUID } from "node:crypto";
import type { LocalClock } from "../../clock.ts";
import type { Activity } from "../activity.ts";
import type { Json, JsonObject } from "../assembly/json.ts";
import type { Destinations } from "../events/destinations.ts";
import type { Keep } from "../keep.ts";
import type { LocalFunction } from "../lambda/functions.ts";
import type { MetricStore } from "../watch/metric-store.ts";
import { failedItems } from "./batch-failures.ts";
import type { StreamReader, StreamRecord } from "./stream-reader.ts";

export interface StreamSourceOptions {
  /** Names the checkpoint. */
  id: string;
  reader: StreamReader;
  streamArn: string;
  target: LocalFunction;
  batchSize: number;
  bisect: boolean;
  partial: boolean;
  /** -1: for ever. */
  maxRetries: number;
  onFailureArn: string | undefined;
  startAt: "TRIM_HORIZON" | "LATEST";
  passes(record: Json): boolean;
  clock: LocalClock;
  activity: Activity;
  keep: Keep;
  metrics: MetricStore;
  destinations: Destinations;
}

const longestRetryMs = 60_000;

/**
 * Feeds a table's stream to a function in order. A batch that fails is retried, halved if asked to, and in the end goes
 * to the failure destination so that it does not block the rest. The place reached is kept, so a new run goes on there.
 */
export function startStreamSource(options: StreamSourceOptions) {
  const { id, reader, target, batchSize, keep, activity, clock, metrics } = options;
  const checkpoint = `stream/${id}`;
  let position = keep.get(checkpoint);
  let pumping = false;
  let dirty = false;
  let stopped = false;
  let done: () => void = () => undefined;

  /** Waits on the clock; meanwhile the source counts as at rest, or a clock that stands still would never move on. */
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      clock.schedule(new Date(clock.now().getTime() + ms), () => {
        done = activity.begin("stream");
        resolve();
      });
      done();
    });

  const passBy = (sequence: string) => {
    position = sequence;
    keep.set(checkpoint, sequence);
  };

  const giveUp = async (batch: StreamRecord[], attempts: number, error: Json) => {
    const [first, last] = [batch[0], batch.at(-1)];
    if (!options.onFailureArn || !first || !last) return;
    const record: JsonObject = {
      version: "1.0",
      timestamp: clock.now().toISOString(),
      requestContext: {
        requestId: randomUUID(),
        functionArn: target.arn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: attempts,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: error },
      DDBStreamBatchInfo: {
        shardId: reader.shardId,
        startSequenceNumber: first.dynamodb.SequenceNumber,
        endSequenceNumber: last.dynamodb.SequenceNumber,
        batchSize: batch.length,
        streamArn: options.streamArn,
      },
    };
    // Only S3 gets the records themselves; a queue gets the place where they were.
    if (options.onFailureArn.includes(":s3:")) record.payload = JSON.stringify({ Records: batch.map(toEventRecord) });
    await options.destinations.deliver(options.onFailureArn, record);
  };

  const toEventRecord = (record: StreamRecord): JsonObject => ({ ...record, eventSourceARN: options.streamArn });

  /** Returns when every record of the batch is done with. */
  const handle = async (batch: StreamRecord[], attempts = 0): Promise<void> => {
    const [first] = batch;
    if (!first || stopped) return;
    metrics.record("AWS/Lambda", "IteratorAge", { FunctionName: target.name }, clock.now().getTime() - first.seenAtMs);
    const outcome = await target.invoke({ Records: batch.map(toEventRecord) });
    const sequences = batch.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const failed = failedItems(outcome, sequences, { partial: options.partial });
    if (stopped) return;
    const from = batch.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber));
    const before = from < 0 ? batch.at(-1) : batch[from - 1];
    if (before) passBy(before.dynamodb.SequenceNumber);
    if (from < 0) return;
    const rest = batch.slice(from);
    const progress = from > 0;
    if (options.bisect && rest.length > 1 && !progress) {
      const middle = Math.ceil(rest.length / 2);
      await handle(rest.slice(0, middle), attempts);
      return handle(rest.slice(middle), attempts);
    }
    const tried = attempts + 1;
    if (options.maxRetries >= 0 && tried > options.maxRetries) {
      await giveUp(rest, tried, outcome.ok ? "partial failure" : { ...outcome.error });
      const last = rest.at(-1);
      if (last) passBy(last.dynamodb.SequenceNumber);
      return;
    }
    await pause(Math.min(1000 * 2 ** attempts, longestRetryMs));
    return handle(rest, tried);
  };

  const pump = async () => {
    if (pumping) return;
    pumping = true;
    done = activity.begin("stream");
    try {
      while (dirty && !stopped) {
        dirty = false;
        for (;;) {
          const records = await reader.read(position, options.startAt, batchSize);
          if (records.length === 0 || stopped) break;
          const last = records.at(-1);
          const wanted = records.filter((record) => options.passes(toEventRecord(record)));
          await handle(wanted);
          if (last && !stopped) passBy(last.dynamodb.SequenceNumber);
        }
      }
    } finally {
      pumping = false;
      done();
    }
  };

  const wake = () => {
    dirty = true;
    pump().catch((error: unknown) => {
      if (!stopped) process.emitWarning(error instanceof Error ? error : String(error));
    });
  };
  return {
    wake,
    stop() {
      stopped = true;
    },
  };
}
