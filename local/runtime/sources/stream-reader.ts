import type { LocalClock } from "../../clock.ts";
import type { JsonObject } from "../assembly/json.ts";
import type { DynamoClient } from "../engines/dynamo-client.ts";
import type { Expiry } from "../engines/expiry.ts";

export interface StreamRecord extends JsonObject {
  dynamodb: JsonObject & { SequenceNumber: string };
  /** When this runtime first read it, by its clock. */
  seenAtMs: number;
}

export interface StreamReader {
  shardId: string;
  /** Records after the position, in order; from the start (or the end) of the stream when there is no position yet. */
  read(after: string | undefined, startAt: "TRIM_HORIZON" | "LATEST", limit: number): Promise<StreamRecord[]>;
}

const wire = "DynamoDBStreams_20120810";

/** Reads a table's stream past the gateway: what Lambda's poller reads is not billed to the table. The engine has one shard. */
export async function openStream(
  tableName: string,
  dynamo: DynamoClient,
  clock: LocalClock,
  region: string,
  expiry: Pick<Expiry, "tookAway">,
): Promise<StreamReader> {
  const { Table } = await dynamo.call<{ Table: { LatestStreamArn?: string } }>("DynamoDB_20120810.DescribeTable", {
    TableName: tableName,
  });
  const StreamArn = Table.LatestStreamArn;
  if (!StreamArn) throw new Error(`The table ${tableName} has no stream.`);
  const { StreamDescription } = await dynamo.call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    `${wire}.DescribeStream`,
    { StreamArn },
  );
  const shardId = StreamDescription.Shards[0]?.ShardId ?? `shardId-00000001-${tableName}`;
  let reached: { position: string | undefined; iterator: string } | undefined;

  return {
    shardId,
    async read(after, startAt, limit) {
      const iterator =
        reached && reached.position === after
          ? reached.iterator
          : (
              await dynamo.call<{ ShardIterator: string }>(`${wire}.GetShardIterator`, {
                StreamArn,
                ShardId: shardId,
                ...(after === undefined
                  ? { ShardIteratorType: startAt }
                  : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after }),
              })
            ).ShardIterator;
      const answer = await dynamo.call<{ Records: StreamRecord[]; NextShardIterator?: string }>(`${wire}.GetRecords`, {
        ShardIterator: iterator,
        Limit: Math.min(limit, 1000),
      });
      const now = clock.now().getTime();
      for (const record of answer.Records) {
        // The engine stamps records with the machine's time and its own region.
        record.dynamodb.ApproximateCreationDateTime = Math.floor(now / 1000);
        record.awsRegion = region;
        const { Keys, SequenceNumber } = record.dynamodb;
        if (record.eventName === "REMOVE" && expiry.tookAway(tableName, Keys as JsonObject, SequenceNumber)) {
          record.userIdentity = { type: "Service", principalId: "dynamodb.amazonaws.com" };
        }
        Object.defineProperty(record, "seenAtMs", { value: now, enumerable: false });
      }
      const last = answer.Records.at(-1)?.dynamodb.SequenceNumber ?? after;
      reached = answer.NextShardIterator ? { position: last, iterator: answer.NextShardIterator } : undefined;
      return answer.Records;
    },
  };
}
