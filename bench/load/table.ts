import { caseIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { caseKey, dueCasePartition } from "#shared/store/keys.ts";
import { createDynamoClient } from "../../local/runtime/engines/dynamo-client.ts";
import type { LocalStack } from "../../local/stack.ts";
import type { LoadCase } from "./world.ts";

/** An item as DynamoDB writes it on the wire. */
export type Item = Readonly<Record<string, { S?: string }>>;

const largestBatchGet = 100;
const largestBatchWrite = 25;
const writers = 4;

/** Those that are not in the table: what counts in the end, whatever the functions said. */
export async function missingOf({ runtime }: LocalStack, cases: readonly LoadCase[]): Promise<LoadCase[]> {
  const client = createDynamoClient(runtime.gatewayUrl);
  const [table = ""] = runtime.tables;
  const found = new Set<string>();
  for (let start = 0; start < cases.length; start += largestBatchGet) {
    let Keys: Item[] | undefined = cases.slice(start, start + largestBatchGet).map(keyOf);
    while (Keys) {
      const answer: BatchGot = await client.call("DynamoDB_20120810.BatchGetItem", {
        RequestItems: { [table]: { Keys, ProjectionExpression: "pk" } },
      });
      for (const { pk } of answer.Responses[table] ?? []) found.add(pk?.S ?? "");
      Keys = answer.UnprocessedKeys?.[table]?.Keys;
    }
  }
  client.close();
  return cases.filter((one) => !found.has(keyOf(one).pk.S));
}

interface BatchGot {
  Responses: Readonly<Record<string, readonly Item[]>>;
  UnprocessedKeys?: Readonly<Record<string, { Keys: Item[] }>>;
}

function keyOf({ shop, caseId }: LoadCase) {
  const { pk, sk } = caseKey(tenantIdSchema.parse(shop.tenantId), caseIdSchema.parse(caseId));
  return { pk: { S: pk }, sk: { S: sk } };
}

/** The case as it is stored. @throws Error when there is none. */
export async function storedItem({ runtime }: LocalStack, one: LoadCase | undefined): Promise<Item> {
  const client = createDynamoClient(runtime.gatewayUrl);
  const answer = await client.call<{ Item?: Item }>("DynamoDB_20120810.GetItem", {
    TableName: runtime.tables[0],
    ...(one && { Key: keyOf(one) }),
  });
  client.close();
  if (!answer.Item) throw new Error("the pushed case is not in the table");
  return answer.Item;
}

/**
 * Puts `count` copies of a stored case into the table, each under a number of its own from `from`, each in its own shard
 * of what is due. They bring no news, so the stream's reader passes them by.
 */
export async function copyCase(
  stack: LocalStack,
  one: LoadCase,
  { count, from }: { count: number; from: number },
): Promise<void> {
  const client = createDynamoClient(stack.runtime.gatewayUrl);
  const [table = ""] = stack.runtime.tables;
  const channelCaseId = one.caseId.split(":").at(-1) ?? "";
  const text = JSON.stringify(withoutNews(await storedItem(stack, one)));
  const copy = (serial: number): Item => {
    const id = `9${String(serial).padStart(channelCaseId.length - 1, "0")}`;
    const item = JSON.parse(text.replaceAll(channelCaseId, id)) as Item;
    const caseId = caseIdSchema.parse(one.caseId.replace(channelCaseId, id));
    return { ...item, duePartition: { S: dueCasePartition(caseId) } };
  };
  const starts = Array.from({ length: Math.ceil(count / largestBatchWrite) }, (_, index) => index * largestBatchWrite);
  const write = async () => {
    for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
      const length = Math.min(largestBatchWrite, count - start);
      const first = from + start;
      let puts: object[] | undefined = Array.from({ length }, (_, index) => ({
        PutRequest: { Item: copy(first + index) },
      }));
      while (puts?.length) {
        const answer: { UnprocessedItems?: Record<string, object[]> } = await client.call(
          "DynamoDB_20120810.BatchWriteItem",
          { RequestItems: { [table]: puts } },
        );
        puts = answer.UnprocessedItems?.[table];
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  client.close();
}

function withoutNews(item: Item): object {
  const { body } = item as { body?: { M?: Record<string, unknown> } };
  if (!body?.M) throw new Error("a stored case has no body");
  return { ...item, body: { M: { ...body.M, news: { L: [] } } } };
}
