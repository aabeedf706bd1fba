import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { table } from "#shared/store/table.ts";
import { type DynamoEngine, startDynamo } from "../local/runtime/engines/dynoxide.ts";

export interface TestTable {
  client: DynamoDBClient;
  tableName: string;
  /** Before every end, so that nothing is gone that a test has put there; tests of ends bring a clock of their own. */
  clock: { now(): Date };
  /** Another client of the same engine, to be slowed, counted or broken without touching the first. */
  anotherClient(config?: DynamoDBClientConfig): DynamoDBClient;
}

/** A real DynamoDB engine for the tests of one file, with a fresh table for each test, or with one for all of them. */
export function useTable({ shared = false }: { shared?: boolean } = {}): () => TestTable {
  let engine: DynamoEngine | undefined;
  let current: TestTable | undefined;
  let count = 0;
  const clients: DynamoDBClient[] = [];
  const connect = (config: DynamoDBClientConfig = {}) => {
    // The engine wants to see credentials and checks none.
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new DynamoDBClient({ endpoint: engine?.url ?? "", region: "us-east-1", credentials, ...config });
    clients.push(client);
    return client;
  };
  const now = () => {
    if (!current) throw new Error("the table exists only inside a test");
    return current;
  };

  beforeAll(async () => {
    engine = await startDynamo({});
  });
  const [before, after] = shared ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    const tableName = `casebridge-test-${process.pid}-${++count}`;
    current = { client: connect(), tableName, clock: { now: () => new Date(0) }, anotherClient: connect };
    await current.client.send(creation(tableName));
  });
  // Hooks of the same kind end in the reverse order: the table goes before its engine.
  afterAll(() => engine?.stop());
  after(async () => {
    const { client, tableName } = now();
    await client.send(new DeleteTableCommand({ TableName: tableName }));
    for (const each of clients.splice(0)) each.destroy();
  });

  return now;
}

function creation(tableName: string): CreateTableCommand {
  const schema = (of: { partitionKey: string; sortKey: string }) => [
    { AttributeName: of.partitionKey, KeyType: "HASH" as const },
    { AttributeName: of.sortKey, KeyType: "RANGE" as const },
  ];
  const keys = [table, ...table.indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return new CreateTableCommand({
    TableName: tableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: schema(table),
    AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: "S" })),
    GlobalSecondaryIndexes: table.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: schema(index),
      Projection: { ProjectionType: index.projection },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream },
  });
}

/** What a client has sent, one name per request on the wire, and the write units it was charged, by table and index. */
export interface Bill {
  requests: string[];
  tableUnits: number;
  indexUnits: number;
}

/** Counts what this client sends from now on, repeats included. */
export function billOf(client: DynamoDBClient): Bill {
  const bill: Bill = { requests: [], tableUnits: 0, indexUnits: 0 };
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: "INDEXES" });
      return next(args);
    },
    { step: "initialize", name: "askForCapacity" },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      bill.requests.push(String(context.commandName).replace(/Command$/, ""));
      const answer = await next(args);
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Capacity | Capacity[] };
      for (const each of [ConsumedCapacity ?? []].flat()) {
        bill.tableUnits += each.Table?.CapacityUnits ?? 0;
        for (const index of Object.values(each.GlobalSecondaryIndexes ?? {}))
          bill.indexUnits += index.CapacityUnits ?? 0;
      }
      return answer;
    },
    { step: "deserialize", name: "countRequests", priority: "high" },
  );
  return bill;
}

interface Capacity {
  Table?: { CapacityUnits?: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

/** Lets the engine do the next `times` requests of this client and loses the answers, so that the client asks again. */
export function loseAnswers(client: DynamoDBClient, times: number): void {
  let left = times;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (left-- > 0) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return answer;
    },
    { step: "deserialize", name: "loseAnswers", priority: "high" },
  );
}
