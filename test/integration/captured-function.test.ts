import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createClock } from "../../local/clock.ts";
import { accessKeyOf } from "../../local/runtime/gateway/aws-call.ts";
import { type Runtime, startRuntime } from "../../local/runtime/runtime.ts";
import { functionOf, secretOf, startsAt } from "./stack.ts";

// Whoever takes over one function, by a hole in a library or by a message, gets no further than its role. The policies
// that hold him are the template's own. Nothing runs here: the calls are made with a function's credentials.

let runtime: Runtime;
beforeAll(async () => {
  const clock = createClock({ start: startsAt, mode: "moved" });
  runtime = await startRuntime({ assemblyDir: inject("assemblyDir"), clock });
  runtime.secrets.set(secretOf(runtime, "douyin"), { current: { appKey: "k", appSecret: "s" } });
});
afterAll(() => runtime.stop());

/** AWS's clients in the hands of whoever has taken over a function. */
function as(name: string): Clients {
  const known = clients.get(name);
  if (known) return known;
  const made = clientsOf(name);
  clients.set(name, made);
  return made;
}

type Clients = ReturnType<typeof clientsOf>;
const clients = new Map<string, Clients>();

function clientsOf(name: string) {
  const credentials = { accessKeyId: accessKeyOf(functionOf(runtime, name)), secretAccessKey: "stolen" };
  const settings = { endpoint: runtime.gatewayUrl, region: "us-east-1", credentials, maxAttempts: 1 };
  return {
    table: new DynamoDBClient(settings),
    queues: new SQSClient(settings),
    bus: new EventBridgeClient(settings),
    keys: new KMSClient(settings),
    secrets: new SecretsManagerClient(settings),
    objects: new S3Client({ ...settings, forcePathStyle: true }),
    functions: new LambdaClient(settings),
  };
}

const tableName = () => runtime.tables[0] ?? "";
const text = (value: string) => ({ S: value });
const itemAt = (pk: string, sk = "x") => ({ pk: text(pk), sk: text(sk) });
const queueAt = (name: string) => `${runtime.gatewayUrl}/000000000000/casebridge-dev-${name}`;
const credentialsKey = () => "alias/casebridge-dev-credentials";
const binding = "SHOP#douyin#4463798";
const aCase = "T#acme#C#douyin:4463798:7001";

/** Whether AWS refuses, and not something else that goes wrong. */
async function isDenied(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    return ["AccessDenied", "AccessDeniedException"].includes(fault.name);
  }
}

const everyone = () => runtime.functions.map(({ name }) => name.replace("casebridge-dev-", ""));

describe("no function", () => {
  it.each<[what: string, attempt: (name: string) => Promise<unknown>]>([
    ["reads the whole table", (name) => as(name).table.send(new ScanCommand({ TableName: tableName() }))],
    [
      "reads a whole index",
      (name) => as(name).table.send(new ScanCommand({ TableName: tableName(), IndexName: "due" })),
    ],
    [
      "deletes an item",
      (name) => as(name).table.send(new DeleteItemCommand({ TableName: tableName(), Key: itemAt(aCase, "CASE") })),
    ],
    ["empties a queue", (name) => as(name).queues.send(new PurgeQueueCommand({ QueueUrl: queueAt("intake.fifo") }))],
    [
      "reads a dead-letter queue",
      (name) => as(name).queues.send(new ReceiveMessageCommand({ QueueUrl: queueAt("intake-dead.fifo") })),
    ],
    [
      "reads what could not be published",
      (name) => as(name).objects.send(new GetObjectCommand({ Bucket: failuresBucket(), Key: "aws/lambda/x" })),
    ],
    [
      "reads a secret that is not a channel's",
      (name) => as(name).secrets.send(new GetSecretValueCommand({ SecretId: "other" })),
    ],
    [
      "seals a key for nobody in particular",
      (name) => as(name).keys.send(new GenerateDataKeyCommand({ KeyId: credentialsKey(), KeySpec: "AES_256" })),
    ],
    [
      "invokes another",
      (name) =>
        as(name).functions.send(new InvokeCommand({ FunctionName: "casebridge-dev-connect-shop", Payload: "{}" })),
    ],
  ])("%s", async (_, attempt) => {
    const open: string[] = [];
    for (const name of everyone()) if (!(await isDenied(attempt(name)))) open.push(name);
    expect(open).toEqual([]);
  });
});

describe("only", () => {
  it.each<[who: string[], what: string, attempt: (name: string) => Promise<unknown>]>([
    [
      ["publish-events"],
      "puts events",
      (name) => as(name).bus.send(new PutEventsCommand({ Entries: [event("casebridge.cases")] })),
    ],
    [
      ["connect-shop", "authorize-shop"],
      "says whose a shop is",
      (name) => as(name).table.send(new UpdateItemCommand({ TableName: tableName(), Key: itemAt(binding, "T") })),
    ],
    [
      [],
      "puts whose a shop is as a whole",
      (name) => as(name).table.send(new PutItemCommand({ TableName: tableName(), Item: itemAt(binding, "T") })),
    ],
    [
      ["receive-inbound", "connect-warehouse"],
      "reads the keys of warehouses",
      (name) =>
        as(name).table.send(new GetItemCommand({ TableName: tableName(), Key: itemAt("INBOUND#acme", "KEYS") })),
    ],
    [["publish-events"], "sends commands", (name) => as(name).queues.send(message("commands.fifo"))],
    [["receive-inbound"], "speaks for a warehouse", (name) => as(name).queues.send(message("inbound.fifo"))],
    [
      ["publish-events"],
      "lists what could not be published",
      (name) => as(name).objects.send(new ListObjectsV2Command({ Bucket: failuresBucket() })),
    ],
  ])("%j %s", async (who, _, attempt) => {
    const open: string[] = [];
    for (const name of everyone()) if (!(await isDenied(attempt(name)))) open.push(name);
    expect(open.filter((name) => !who.includes(name))).toEqual([]);
    expect(open.length > 0).toBe(who.length > 0); // what nobody may could also be a call that never works
  });
});

describe("the doors to the internet", () => {
  it.each<[door: string, what: string, attempt: (name: string) => Promise<unknown>]>([
    [
      "receive-webhook",
      "reads a case",
      (name) => as(name).table.send(new GetItemCommand({ TableName: tableName(), Key: itemAt(aCase, "CASE") })),
    ],
    [
      "receive-webhook",
      "reads whose a shop is",
      (name) => as(name).table.send(new GetItemCommand({ TableName: tableName(), Key: itemAt(binding, "T") })),
    ],
    [
      "receive-webhook",
      "takes notices out again",
      (name) => as(name).queues.send(new ReceiveMessageCommand({ QueueUrl: queueAt("intake.fifo") })),
    ],
    [
      "receive-inbound",
      "changes a case",
      (name) => as(name).table.send(new PutItemCommand({ TableName: tableName(), Item: itemAt(aCase, "CASE") })),
    ],
    [
      "receive-inbound",
      "reads a channel's secret",
      (name) => as(name).secrets.send(new GetSecretValueCommand({ SecretId: secretOf(runtime, "douyin") })),
    ],
    [
      "receive-inbound",
      "opens a shop's tokens",
      (name) =>
        as(name).keys.send(
          new GenerateDataKeyCommand({
            KeyId: credentialsKey(),
            KeySpec: "AES_256",
            EncryptionContext: { tenantId: "acme", channel: "douyin", shopId: "4463798" },
          }),
        ),
    ],
    [
      "operator-api",
      "reads whose a shop is",
      (name) => as(name).table.send(new GetItemCommand({ TableName: tableName(), Key: itemAt(binding, "T") })),
    ],
    [
      "operator-api",
      "lists what is due of all tenants",
      (name) =>
        as(name).table.send(
          new QueryCommand({
            TableName: tableName(),
            IndexName: "due",
            KeyConditionExpression: "duePartition = :p",
            ExpressionAttributeValues: { ":p": text("CASE#00") },
          }),
        ),
    ],
    [
      "operator-api",
      "reads a channel's secret",
      (name) => as(name).secrets.send(new GetSecretValueCommand({ SecretId: secretOf(runtime, "douyin") })),
    ],
    ["operator-api", "sends a command past the case", (name) => as(name).queues.send(message("commands.fifo"))],
  ])("%s never %s", async (door, _, attempt) => {
    expect(await isDenied(attempt(door))).toBe(true);
  });

  it("forges no event of another source, even as the one who may put events", async () => {
    const put = as("publish-events").bus.send(new PutEventsCommand({ Entries: [event("aws.health")] }));
    expect(await isDenied(put)).toBe(true);
  });
});

function event(Source: string) {
  return { EventBusName: "casebridge-dev-events", Source, DetailType: "case.opened", Detail: "{}" };
}

function message(queue: string) {
  const order = { MessageGroupId: "g", MessageDeduplicationId: "d" };
  return new SendMessageCommand({ QueueUrl: queueAt(queue), MessageBody: "{}", ...order });
}

function failuresBucket(): string {
  return runtime.buckets.find((name) => name.includes("failures")) ?? "";
}
