import { BatchGetItemCommand, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import pRetry from "p-retry";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { Attributes } from "./item.ts";
import type { Key } from "./keys.ts";
import { answered, type Place } from "./request.ts";
import type { IndexName } from "./table.ts";
import { declared } from "./write.ts";

/** Reads one item as it is now, never as it was a moment ago. */
export async function getItem({ client, tableName }: Place, key: Key): Promise<Attributes | undefined> {
  const command = new GetItemCommand({ TableName: tableName, Key: marshall(key), ConsistentRead: true });
  return (await answered(client.send(command))).Item;
}

interface Query {
  /** Absent: the table itself, read consistently. An index may be a moment behind. */
  index?: IndexName;
  /** As in `#pk = :pk AND begins_with(#sk, :prefix)`. */
  where: string;
  values: Readonly<Record<string, unknown>>;
  pageSize?: number;
  /** The key after which to start, as the index has it. */
  startAfter?: Readonly<Record<string, string>> | undefined;
}

/** Every page of a query, to the last one; a page may be empty. Asks for the next only when the caller does. */
export async function* pagesOf(
  { client, tableName }: Place,
  { index, where, values, pageSize, startAfter }: Query,
): AsyncGenerator<Attributes[]> {
  const pages = paginateQuery(
    { client, ...(pageSize && { pageSize }), ...(startAfter && { startingToken: marshall(startAfter) }) },
    {
      TableName: tableName,
      IndexName: index,
      ConsistentRead: index === undefined,
      KeyConditionExpression: where,
      ...declared(where, values),
    },
  );
  for (;;) {
    const { value, done } = await answered(pages.next());
    if (done) return;
    yield value.Items ?? [];
  }
}

/** Every item of a query. */
export async function* itemsOf(place: Place, query: Query): AsyncGenerator<Attributes> {
  for await (const page of pagesOf(place, query)) yield* page;
}

/** BatchGetItem takes no more keys than this. */
export const largestBatchGet = 100;

/**
 * Reads up to 100 items as they are now, in the order of the keys; those that are gone are left out.
 * @throws SuiteError `store_unavailable` when the engine keeps leaving some over.
 */
export async function getMany({ client, tableName }: Place, keys: readonly Key[]): Promise<Attributes[]> {
  const found = new Map<string, Attributes>();
  let open = keys.map((key) => marshall(key));
  const getOpen = async () => {
    if (open.length === 0) return;
    const command = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: open, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await answered(client.send(command));
    for (const item of Responses?.[tableName] ?? []) found.set(nameOf(item), item);
    open = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (open.length > 0) throw new SuiteError("store_unavailable", "the table left keys of a batch over");
  };
  await pRetry(getOpen, {
    retries: 5,
    minTimeout: 50,
    randomize: true,
    shouldRetry: ({ error }) => isSuiteError(error, "store_unavailable"),
  });
  return keys.map((key) => found.get(nameOf(marshall(key)))).filter((item) => item !== undefined);
}

const nameOf = ({ pk, sk }: Attributes) => `${pk?.S}\n${sk?.S}`;
