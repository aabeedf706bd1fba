import type { LocalClock } from "../../clock.ts";
import type { Activity } from "../activity.ts";
import type { JsonObject } from "../assembly/json.ts";
import type { DynamoClient } from "./dynamo-client.ts";
import type { LocalTable } from "./tables.ts";

/** DynamoDB promises to delete within a few days of the end; here it takes up to six hours of the local clock. */
const everyMs = 6 * 3_600_000;

export interface ExpiryDeps {
  dynamo: DynamoClient;
  clock: LocalClock;
  activity: Activity;
  /** Told after a sweep that deleted something. */
  onDelete(): void;
}

export interface Expiry {
  start(): void;
  stop(): void;
  /** Whether the service, and no caller, deleted the item, in the removal that the stream gave this number. */
  tookAway(tableName: string, keys: JsonObject, sequenceNumber: string): boolean;
}

/**
 * Deletes what is past its end, as DynamoDB's time to live does: some time after it, by nobody's call and on nobody's bill.
 * Looks at whole tables, which suits a machine's worth of items. Removals that the stream has not been read of when the
 * process ends look like a caller's afterwards.
 */
export function createExpiry(tables: readonly LocalTable[], { dynamo, clock, activity, onDelete }: ExpiryDeps): Expiry {
  const taken = new Set<string>();
  const removals = new Set<string>();
  let cancel: (() => void) | undefined;

  const sweep = async () => {
    for (const table of tables) {
      if (table.expiryAttribute === undefined) continue;
      for (const item of await pastTheirEnd(table, dynamo, clock.now())) {
        const name = nameOf(table.name, item);
        taken.add(name);
        // Whoever put a later end on it since keeps it.
        const isDeleted = await deleteIfStillPast(table, item, dynamo, clock.now());
        if (!isDeleted) taken.delete(name);
      }
    }
    if (taken.size > 0) onDelete();
  };

  const arm = () => {
    const next = Math.floor(clock.now().getTime() / everyMs) * everyMs + everyMs;
    cancel = clock.schedule(new Date(next), async () => {
      const done = activity.begin("expiry");
      arm();
      try {
        await sweep();
      } finally {
        done();
      }
    });
  };

  return {
    start() {
      if (!cancel && tables.some(({ expiryAttribute }) => expiryAttribute !== undefined)) arm();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
    tookAway(tableName, keys, sequenceNumber) {
      const removal = `${tableName} ${sequenceNumber}`;
      // The first removal read after the deletion is the one; a caller's next of the same keys is not.
      if (taken.delete(nameOf(tableName, keys))) removals.add(removal);
      return removals.has(removal);
    },
  };
}

const nameOf = (tableName: string, keys: JsonObject) =>
  JSON.stringify([
    tableName,
    ...Object.keys(keys)
      .sort()
      .map((key) => [key, keys[key]]),
  ]);

const conditionOn = (attribute: string, now: Date) => ({
  ExpressionAttributeNames: { "#end": attribute },
  ExpressionAttributeValues: { ":now": { N: String(Math.floor(now.getTime() / 1000)) } },
});

async function pastTheirEnd(
  { name, keys, expiryAttribute = "" }: LocalTable,
  dynamo: DynamoClient,
  now: Date,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  const { ExpressionAttributeNames, ExpressionAttributeValues } = conditionOn(expiryAttribute, now);
  const keyNames = Object.fromEntries(keys.map((key, index) => [`#key${index}`, key]));
  let from: JsonObject | undefined;
  do {
    const page: { Items: JsonObject[]; LastEvaluatedKey?: JsonObject } = await dynamo.call("DynamoDB_20120810.Scan", {
      TableName: name,
      FilterExpression: "#end <= :now",
      ProjectionExpression: Object.keys(keyNames).join(", "),
      ExpressionAttributeNames: { ...ExpressionAttributeNames, ...keyNames },
      ExpressionAttributeValues,
      ExclusiveStartKey: from,
    });
    found.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from);
  return found;
}

async function deleteIfStillPast(
  { name, expiryAttribute = "" }: LocalTable,
  Key: JsonObject,
  dynamo: DynamoClient,
  now: Date,
): Promise<boolean> {
  const ConditionExpression = "#end <= :now";
  try {
    const condition = { ConditionExpression, ...conditionOn(expiryAttribute, now) };
    await dynamo.call("DynamoDB_20120810.DeleteItem", { TableName: name, Key, ...condition });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("ConditionalCheckFailedException")) return false;
    throw error;
  }
}
