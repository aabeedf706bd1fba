import { BatchGetItemCommand, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import pRetry from "p-retry";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { Attributes } from "./item.ts";
import type { Key } from "./keys.ts";
import { answered, type Place } from "./request.ts";
import { type IndexName, table } from "./table.ts";
import { declared } from "./write.ts";

/** Reads one item as it is now, never as it was a moment ago. */
export async function getItem(place: Place, key: Key): Promise<Attributes | undefined> {
  const { client, tableName } = place;
  const command = new GetItemCommand({ TableName: tableName, Key: marshall(key), ConsistentRead: true });
  const { Item } = await answered(client.send(command));
  return Item && isThere(Item, place) ? Item : undefined;
}

/** False for what is past its end and only waits for the table to delete it. An index does not show ends. */
function isThere(item: Attributes, { clock }: Place): boolean {
  const end = item[table.expiryAttribute]?.N;
  return end === undefined || Number(end) * 1000 > clock.now().getTime();
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
  place: Place,
  { index, where, values, pageSize, startAfter }: Query,
): AsyncGenerator<Attributes[]> {
  const { client, tableName } = place;
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
    yield (value.Items ?? []).filter((item) => isThere(item, place));
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
export async function getMany(place: Place, keys: readonly Key[]): Promise<Attributes[]> {
  const { client, tableName } = place;
  const found = new Map<string, Attributes>();
  let open = keys.map((key) => marshall(key));
  const getOpen = async () => {
    if (open.length === 0) return;
    const command = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: open, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await answered(client.send(command));
    for (const item of Responses?.[tableName] ?? []) if (isThere(item, place)) found.set(nameOf(item), item);
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
