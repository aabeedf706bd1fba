import * as z from "zod";
import type { Rights } from "../access/rights.ts";
import { flag, number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { DynamoClient } from "../engines/dynamo-client.ts";
import type { Expiry } from "../engines/expiry.ts";
import type { LocalQueue } from "../engines/queues.ts";
import type { LocalTable } from "../engines/tables.ts";
import { deliveryRights } from "../events/destinations.ts";
import type { LocalFunction } from "../lambda/functions.ts";
import { filterCriteria, readFilter } from "./filter.ts";
import { type QueueSourceOptions, startQueueSource } from "./queue-source.ts";
import { openStream } from "./stream-reader.ts";
import { type StreamSourceOptions, startStreamSource } from "./stream-source.ts";

const mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: flag.default(true),
  BatchSize: number.optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: filterCriteria.optional(),
  ScalingConfig: z.object({ MaximumConcurrency: number.optional() }).optional(),
  StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]).default("TRIM_HORIZON"),
  BisectBatchOnFunctionError: flag.default(false),
  MaximumRetryAttempts: number.default(-1),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});

/** What a mapping needs of the function's role; without it AWS does not create the mapping. */
const queueActions = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) => `sqs:${action}`);
const streamActions = ["DescribeStream", "GetRecords", "GetShardIterator"].map((action) => `dynamodb:${action}`);

type Shared = Pick<QueueSourceOptions, "region" | "activity" | "counts"> &
  Pick<StreamSourceOptions, "clock" | "keep" | "metrics" | "destinations">;

export interface EventSourceDeps extends Shared {
  dynamo: DynamoClient;
  queues: readonly LocalQueue[];
  tables: readonly LocalTable[];
  /** Marks removals that are the service's own. */
  expiry: Pick<Expiry, "tookAway">;
  functions: readonly LocalFunction[];
  rights: Pick<Rights, "mayInNameOf">;
}

export interface EventSources {
  /** Looks for what earlier runs left, and takes what comes from now on; nothing is taken before. */
  start(): void;
  /** A table may have new stream records. */
  onWrite(): void;
  stop(): void;
}

/** Lambda's event source mappings of the template: queues and table streams. */
export async function createEventSources(resources: readonly Resource[], deps: EventSourceDeps): Promise<EventSources> {
  const queueSources: ReturnType<typeof startQueueSource>[] = [];
  const streamSources: ReturnType<typeof startStreamSource>[] = [];
  for (const resource of ofType(resources, "AWS::Lambda::EventSourceMapping")) {
    const properties = readProperties(resource, mapping);
    if (!properties.Enabled) continue;
    const name = properties.FunctionName.split(":function:").at(-1)?.split(":")[0];
    const target = deps.functions.find((each) => each.name === name);
    if (!target)
      throw new Error(
        `${resource.stack}/${resource.logicalId} feeds ${properties.FunctionName}, which does not exist.`,
      );
    const common = {
      ...deps,
      target,
      partial: properties.FunctionResponseTypes.includes("ReportBatchItemFailures"),
      passes: readFilter(properties.FilterCriteria),
    };
    const need = (actions: readonly string[], on: string) => {
      const missing = actions.find((action) => !deps.rights.mayInNameOf(target.arn, action, on));
      if (!missing) return;
      throw new Error(
        `${resource.stack}/${resource.logicalId} cannot be: the role of ${name} lacks ${missing} on ${on}.`,
      );
    };
    const queue = deps.queues.find(({ arn }) => arn === properties.EventSourceArn);
    const table = deps.tables.find(({ arn }) => properties.EventSourceArn.startsWith(`${arn}/stream/`));
    if (queue) {
      need(queueActions, queue.arn);
      const maxConcurrency = Math.min(
        properties.ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
        target.concurrency,
      );
      queueSources.push(
        startQueueSource({ ...common, queue, batchSize: Math.min(properties.BatchSize ?? 10, 10), maxConcurrency }),
      );
    } else if (table) {
      need(streamActions, properties.EventSourceArn);
      need(["dynamodb:ListStreams"], "*");
      const onFailureArn = properties.DestinationConfig?.OnFailure?.Destination;
      if (onFailureArn) for (const [action, on] of deliveryRights(onFailureArn)) need([action], on);
      streamSources.push(
        startStreamSource({
          ...common,
          id: `${resource.stack}/${resource.logicalId}`,
          reader: await openStream(table.name, deps.dynamo, deps.clock, deps.region, deps.expiry),
          streamArn: properties.EventSourceArn,
          batchSize: properties.BatchSize ?? 100,
          bisect: properties.BisectBatchOnFunctionError,
          maxRetries: properties.MaximumRetryAttempts,
          onFailureArn,
          startAt: properties.StartingPosition,
        }),
      );
    } else {
      throw new Error(
        `${resource.stack}/${resource.logicalId} reads ${properties.EventSourceArn}, which is neither a queue nor a table's stream here.`,
      );
    }
  }
  let started = false;
  const onWrite = () => {
    if (started) for (const source of streamSources) source.wake();
  };
  return {
    onWrite,
    start() {
      started = true;
      for (const source of queueSources) source.start();
      onWrite();
    },
    stop() {
      for (const source of [...queueSources, ...streamSources]) source.stop();
    },
  };
}
