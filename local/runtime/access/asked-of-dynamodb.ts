import * as z from "zod";
import type { TableKeys, Things } from "./things.ts";

/** What one call asks of DynamoDB, as IAM sees it: one entry per action and table. */
export interface Asked {
  action: string;
  resource: string;
  /** `dynamodb:LeadingKeys`; undefined when the call names no partition. */
  leadingKeys?: readonly string[];
  /** The account's own key that seals the table. */
  sealedBy?: string | undefined;
}

const values = z.record(z.string(), z.json());
type Values = z.infer<typeof values>;
const names = z.record(z.string(), z.string()).default({});
const single = z.object({ TableName: z.string(), Item: values.optional(), Key: values.optional() });
const query = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values.default({}),
});
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(values) })) });
const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: values }).optional(),
        DeleteRequest: z.object({ Key: values }).optional(),
      }),
    ),
  ),
});
const transaction = z.object({
  TransactItems: z.array(z.partialRecord(z.enum(["Get", "Put", "Update", "Delete", "ConditionCheck"]), single)),
});
const partActions = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
} as const;
const whole = z.object({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  StreamArn: z.string().optional(),
});

/**
 * Reads who asks for which partitions. The parts of a transaction are asked for one by one, as IAM does; a query on an
 * index asks for the index and its partition. Throws on a body that DynamoDB would not take either.
 */
export function askedOfDynamo(operation: string, body: unknown, things: Things): Asked[] {
  const at = (name: string) => things.table(name);
  const asked = (action: string, tableName: string, leadingKeys?: readonly string[], index?: string): Asked => {
    const table = at(tableName);
    const arn = table?.arn ?? `arn:aws:dynamodb:::table/${tableName}`;
    return {
      action: `dynamodb:${action}`,
      resource: index === undefined ? arn : `${arn}/index/${index}`,
      leadingKeys,
      sealedBy: table?.sealedBy,
    };
  };
  const keyIn = (tableName: string, of: Values | undefined) => keyText(of?.[at(tableName)?.partitionKey ?? ""]);

  switch (operation) {
    case "GetItem":
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem": {
      const { TableName, Item, Key } = single.parse(body);
      return [asked(operation, TableName, [keyIn(TableName, Item ?? Key)])];
    }
    case "Query": {
      const request = query.parse(body);
      const { TableName, IndexName } = request;
      return [asked("Query", TableName, [partitionOf(request, at(TableName))], IndexName)];
    }
    case "BatchGetItem":
      return Object.entries(batchGet.parse(body).RequestItems).map(([table, { Keys }]) =>
        asked("BatchGetItem", table, distinct(Keys.map((key) => keyIn(table, key)))),
      );
    case "BatchWriteItem":
      return Object.entries(batchWrite.parse(body).RequestItems).map(([table, writes]) =>
        asked(
          "BatchWriteItem",
          table,
          distinct(writes.map(({ PutRequest, DeleteRequest }) => keyIn(table, PutRequest?.Item ?? DeleteRequest?.Key))),
        ),
      );
    case "TransactGetItems":
    case "TransactWriteItems":
      return transaction.parse(body).TransactItems.flatMap((parts) =>
        Object.entries(parts).flatMap(([part, request]) => {
          if (!request) return [];
          const { TableName, Item, Key } = request;
          return [asked(partActions[part as keyof typeof partActions], TableName, [keyIn(TableName, Item ?? Key)])];
        }),
      );
    default: {
      const { TableName, IndexName, StreamArn } = whole.parse(body);
      if (TableName !== undefined) return [asked(operation, TableName, undefined, IndexName)];
      return [{ action: `dynamodb:${operation}`, resource: StreamArn ?? "*" }];
    }
  }
}

function distinct(keys: string[]): string[] {
  return [...new Set(keys)];
}

/** The text that policies see of an attribute value, such as `{"S":"T#demo"}`. */
function keyText(value: unknown): string {
  const [text] = Object.values((value ?? {}) as Record<string, unknown>);
  return String(text ?? "");
}

const equality = /(#?[\w.-]+)\s*=\s*(:[\w.-]+)/g;

/** The partition a query is in. Throws when it cannot be told: a condition on it would then hold of nothing. */
function partitionOf(request: z.infer<typeof query>, table: TableKeys | undefined): string {
  const { IndexName, KeyConditionExpression = "", ExpressionAttributeNames, ExpressionAttributeValues } = request;
  const wanted = IndexName === undefined ? table?.partitionKey : table?.indexKeys.get(IndexName);
  for (const [, name = "", value = ""] of KeyConditionExpression.matchAll(equality)) {
    if ((ExpressionAttributeNames[name] ?? name) === wanted) return keyText(ExpressionAttributeValues[value]);
  }
  throw new Error(`The partition of a query on ${request.TableName} cannot be read from ${KeyConditionExpression}.`);
}
