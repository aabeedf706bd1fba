import { BatchWriteItemCommand, PutItemCommand, UpdateItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import pRetry from "p-retry";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { Attributes } from "./item.ts";
import type { Key } from "./keys.ts";
import { answered, type Place, refusedBy } from "./request.ts";

/** `item` is what the table holds now (after an update only), `current` what stood in the way, if there was anything. */
export type Write =
  | { written: true; item: Attributes | undefined }
  | { written: false; current: Attributes | undefined };

interface Fragments {
  /** Attribute names are written `#name`, values `:name`; both are declared from here. */
  condition: string;
  values?: Readonly<Record<string, unknown>>;
}

/** One request: stores the item if the condition holds, and learns in the same request what is there if it does not. */
export async function putIf({ client, tableName }: Place, item: Attributes, fragments: Fragments): Promise<Write> {
  const command = new PutItemCommand({
    TableName: tableName,
    Item: item,
    ConditionExpression: fragments.condition,
    ...declared(fragments.condition, fragments.values),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  return written(answered(client.send(command)));
}

/** One request: changes a part of an item if the condition holds. Both write functions are safe to repeat. */
export async function updateIf(
  { client, tableName }: Place,
  key: Key,
  { update, condition, values }: Fragments & { update: string },
): Promise<Write> {
  const command = new UpdateItemCommand({
    TableName: tableName,
    Key: marshall(key),
    UpdateExpression: update,
    ConditionExpression: condition,
    ...declared(`${update} ${condition}`, values),
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  return written(answered(client.send(command)));
}

/** Declares every `#name` of the text and all values. Every name is aliased, so none can be a reserved word. */
export function declared(text: string, values: Readonly<Record<string, unknown>> = {}) {
  const names = [...new Set(text.match(/#\w+/g))].map((name) => [name, name.slice(1)]);
  const named = Object.entries(values).map(([name, value]) => [`:${name}`, value]);
  return {
    ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string>,
    // The engine refuses an empty map.
    ExpressionAttributeValues:
      named.length > 0 ? marshall(Object.fromEntries(named), { removeUndefinedValues: true }) : undefined,
  };
}

async function written(request: Promise<{ Attributes?: Attributes | undefined }>): Promise<Write> {
  try {
    return { written: true, item: (await request).Attributes };
  } catch (error) {
    const refused = refusedBy(error);
    if (!refused) throw error;
    return { written: false, current: refused.current };
  }
}

const batchSize = 25; // BatchWriteItem takes no more

/**
 * Stores items that never change, so that twice is once. What the engine leaves over is sent again.
 * @throws SuiteError `store_unavailable` when it keeps leaving some over.
 */
export function putAll(place: Place, items: readonly Attributes[]): Promise<void> {
  return writeAll(
    place,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Takes items away, those that are not there as well. @throws SuiteError `store_unavailable` when some stay. */
export function deleteAll(place: Place, keys: readonly Key[]): Promise<void> {
  return writeAll(
    place,
    keys.map((key) => ({ DeleteRequest: { Key: marshall(key) } })),
  );
}

async function writeAll(place: Place, requests: readonly WriteRequest[]): Promise<void> {
  for (let start = 0; start < requests.length; start += batchSize) {
    let open: WriteRequest[] = requests.slice(start, start + batchSize);
    await pRetry(
      async () => {
        open = await writeBatch(place, open);
        if (open.length > 0) throw new SuiteError("store_unavailable", "the table left items of a batch over");
      },
      {
        retries: 5,
        minTimeout: 50,
        randomize: true,
        shouldRetry: ({ error }) => isSuiteError(error, "store_unavailable"),
      },
    );
  }
}

async function writeBatch({ client, tableName }: Place, batch: WriteRequest[]): Promise<WriteRequest[]> {
  const answer = await answered(client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: batch } })));
  return answer.UnprocessedItems?.[tableName] ?? [];
}
