import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { getAtt, lambda, letsRulesSend, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";
import { accessKeyOf } from "./aws-call.ts";

let assembly: TestAssembly;
let runtime: Runtime;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts?: number;
};

beforeAll(async () => {
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Table: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
            },
          },
          Fifo: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true, ContentBasedDeduplication: true } },
          Caught: { Type: "AWS::SQS::Queue", Properties: {} },
          Lost: { Type: "AWS::SQS::Queue", Properties: {} },
          Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "evidence" } },
          Key: { Type: "AWS::KMS::Key", Properties: {} },
          Other: { Type: "AWS::KMS::Key", Properties: {} },
          Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/shops", TargetKeyId: getAtt("Key") } },
          App: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "casebridge/douyin" } },
          Made: {
            Type: "AWS::SecretsManager::Secret",
            Properties: {
              Name: "made",
              GenerateSecretString: { GenerateStringKey: "key", SecretStringTemplate: "{}" },
            },
          },
          Role: { Type: "AWS::IAM::Role", Properties: {} },
          Policy: {
            Type: "AWS::IAM::Policy",
            Properties: {
              Roles: [ref("Role")],
              PolicyDocument: {
                Statement: { Effect: "Allow", Action: "dynamodb:GetItem", Resource: getAtt("Table") },
              },
            },
          },
          Limited: lambda("limited", { Role: getAtt("Role") }),
          RulesMaySend: letsRulesSend("Caught", "Lost"),
          Rule: {
            Type: "AWS::Events::Rule",
            Properties: {
              EventPattern: { source: ["test"] },
              Targets: [
                { Id: "a", Arn: getAtt("Caught") },
                {
                  Id: "b",
                  Arn: "arn:aws:sqs:us-east-1:000000000000:nowhere",
                  DeadLetterConfig: { Arn: getAtt("Lost") },
                },
              ],
            },
          },
        },
      },
    },
    { limited: "" },
  );
  runtime = await startRuntime({
    assemblyDir: assembly.dir,
    clock: createClock({ mode: "moved", start: new Date("2031-05-06T07:08:09Z") }),
  });
  settings = {
    endpoint: runtime.gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  };
});

afterAll(async () => {
  await runtime.stop();
  assembly.remove();
});

afterEach(() => {
  runtime.inject({});
});

const queueUrl = (name: string) => `${runtime.gatewayUrl}/000000000000/s-${name}`;

it("answers in the clock's time, however far from the machine's", async () => {
  const answer = await fetch(runtime.gatewayUrl, {
    method: "POST",
    headers: { "x-amz-target": "TrentService.Encrypt" },
    body: "{}",
  });
  expect(answer.headers.get("date")).toBe("Tue, 06 May 2031 07:08:09 GMT");
});

describe("queues", () => {
  it.each(["店铺", "x".repeat(129), "a b", ""])("refuse the group id %j as SQS does", async (MessageGroupId) => {
    const sqs = new SQSClient(settings);
    const before = runtime.queues().find(({ fifo }) => fifo)?.visible;
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("Fifo.fifo"), MessageBody: "x", MessageGroupId })),
    ).rejects.toMatchObject({ name: MessageGroupId === "" ? expect.any(String) : "InvalidParameterValue" });
    const Entries = [
      { Id: "1", MessageBody: "x", MessageGroupId: "good", MessageDeduplicationId: `${MessageGroupId}é` },
    ];
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl("Fifo.fifo"), Entries }))).rejects.toThrow(
      "MessageDeduplicationId",
    );
    expect(runtime.queues().find(({ fifo }) => fifo)?.visible).toBe(before);
  });

  it("take the longest id SQS takes", async () => {
    const MessageGroupId = "~".repeat(128);
    await new SQSClient(settings).send(
      new SendMessageCommand({ QueueUrl: queueUrl("Fifo.fifo"), MessageBody: "long", MessageGroupId }),
    );
    expect(runtime.queues().find(({ fifo }) => fifo)?.visible).toBe(1);
  });
});

describe("keys", () => {
  it("open what they sealed, by alias or ARN, only with the same context", async () => {
    const kms = new KMSClient(settings);
    const EncryptionContext = { tenant: "t1", shop: "douyin-7" };
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: "alias/shops", Plaintext: Buffer.from("token"), EncryptionContext }),
    );
    const opened = await kms.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { shop: "douyin-7", tenant: "t1" } }),
    );
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("token");
    for (const wrong of [{ ...EncryptionContext, tenant: "t2" }, undefined]) {
      await expect(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: wrong }))).rejects.toMatchObject({
        name: "InvalidCiphertextException",
      });
    }
    const broken = Buffer.from(CiphertextBlob ?? []);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    await expect(kms.send(new DecryptCommand({ CiphertextBlob: broken, EncryptionContext }))).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    await expect(
      kms.send(new EncryptCommand({ KeyId: "alias/none", Plaintext: Buffer.from("x") })),
    ).rejects.toMatchObject({ name: "NotFoundException" });
  });

  it("make data keys whose sealed form opens to the same bytes", async () => {
    const kms = new KMSClient(settings);
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: "alias/shops", KeySpec: "AES_256" }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(made.Plaintext).toHaveLength(32);
    expect(opened.Plaintext).toEqual(made.Plaintext);
  });
});

it("keeps a secret's two live versions while it is rotated", async () => {
  const client = new SecretsManagerClient(settings);
  const read = async (VersionStage?: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId: "casebridge/douyin", VersionStage }))).SecretString;
  await expect(read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  runtime.secrets.set("casebridge/douyin", { current: { secret: "b" }, previous: { secret: "a" } });
  expect([await read(), await read("AWSPREVIOUS")]).toEqual(['{"secret":"b"}', '{"secret":"a"}']);
  await client.send(new PutSecretValueCommand({ SecretId: "casebridge/douyin", SecretString: "c" }));
  expect([await read(), await read("AWSPREVIOUS")]).toEqual(["c", '{"secret":"b"}']);
  expect(runtime.secrets.names).toEqual(["casebridge/douyin", "made"]);
  const made = await client.send(new GetSecretValueCommand({ SecretId: "made" }));
  expect(JSON.parse(made.SecretString ?? "")).toEqual({ key: expect.any(String) });
});

it("keeps objects", async () => {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(
    new PutObjectCommand({ Bucket: "evidence", Key: "a/证据.txt", Body: "hello", ContentType: "text/plain" }),
  );
  const got = await s3.send(new GetObjectCommand({ Bucket: "evidence", Key: "a/证据.txt" }));
  expect(await got.Body?.transformToString()).toBe("hello");
  const head = await s3.send(new HeadObjectCommand({ Bucket: "evidence", Key: "a/证据.txt" }));
  expect(head.ContentLength).toBe(5);
  await expect(s3.send(new GetObjectCommand({ Bucket: "evidence", Key: "none" }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
});

it("reports each bad event and delivers the others, or their copies in the dead-letter queue", async () => {
  const bus = new EventBridgeClient(settings);
  const good = { Source: "test", DetailType: "t", Detail: '{"n":1}' };
  const { FailedEntryCount, Entries } = await bus.send(
    new PutEventsCommand({ Entries: [good, { ...good, Detail: "{broken" }, { ...good, Source: "unheard" }] }),
  );
  expect(FailedEntryCount).toBe(1);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, "MalformedDetail", undefined]);
  const sqs = new SQSClient(settings);
  const take = async (name: string) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(name), MessageAttributeNames: ["All"] })))
      .Messages?.[0];
  expect(JSON.parse((await take("Caught"))?.Body ?? "{}")).toMatchObject({
    source: "test",
    detail: { n: 1 },
    time: "2031-05-06T07:08:09Z",
  });
  expect((await take("Lost"))?.MessageAttributes).toMatchObject({
    TARGET_ARN: { StringValue: expect.stringContaining("nowhere") },
  });
  await expect(bus.send(new PutEventsCommand({ Entries: [{ ...good, EventBusName: "none" }] }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

it("names an operation it does not imitate", async () => {
  await expect(new KMSClient(settings).send(new ListKeysCommand({}))).rejects.toThrow("kms:ListKeys is not imitated");
});

it("refuses a function what its role does not allow, in the words of each service", async () => {
  const mine = { ...settings, credentials: { accessKeyId: accessKeyOf("s-Limited"), secretAccessKey: "x" } };
  const Key = { pk: { S: "a" } };
  await new DynamoDBClient(mine).send(new GetItemCommand({ TableName: "s-Table", Key }));
  const user = "User: arn:aws:sts::000000000000:assumed-role/s-Role/s-Limited is not authorized to perform:";
  await expect(
    new DynamoDBClient(mine).send(new PutItemCommand({ TableName: "s-Table", Item: Key })),
  ).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      `${user} dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/s-Table ` +
      "because no identity-based policy allows the dynamodb:PutItem action",
  });
  await expect(
    new SQSClient(mine).send(new SendMessageCommand({ QueueUrl: queueUrl("Caught"), MessageBody: "x" })),
  ).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining(`${user} sqs:SendMessage`) });
  await expect(
    new S3Client({ ...mine, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: "evidence", Key: "a" })),
  ).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  const refused = runtime.rights.refusals().filter(({ who }) => who === "s-Limited");
  expect(refused.map(({ action }) => action)).toEqual(["dynamodb:PutItem", "sqs:SendMessage", "s3:GetObject"]);
});

describe("faults", () => {
  const put = (pk: string, maxAttempts: number) =>
    new DynamoDBClient({ ...settings, maxAttempts }).send(
      new PutItemCommand({ TableName: "s-Table", Item: { pk: { S: pk } } }),
    );
  const exists = async (pk: string) =>
    (await new DynamoDBClient(settings).send(new GetItemCommand({ TableName: "s-Table", Key: { pk: { S: pk } } })))
      .Item !== undefined;

  it("carry a call out and lose its answer", async () => {
    runtime.inject({ answersLost: 1, services: ["dynamodb"] });
    await expect(put("lost", 1)).rejects.toThrow();
    runtime.inject({});
    expect(await exists("lost")).toBe(true);
  });

  it("refuse before anything is done", async () => {
    runtime.inject({ failing: 1 });
    await expect(put("failed", 1)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    runtime.inject({ throttled: 1 });
    await expect(put("failed", 1)).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
    runtime.inject({});
    expect(await exists("failed")).toBe(false);
  });

  it("are survived by a client that retries", async () => {
    runtime.inject({ failing: 0.2, answersLost: 0.2, delayed: 0.2, delayMs: 5, seed: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, index) => put(`r${index}`, 10)));
    runtime.inject({});
    expect(await exists("r19")).toBe(true);
  });
});

it("counts calls by caller, with what DynamoDB bills", async () => {
  // A client outside the stack lives in the machine's time and takes the clock's for a reason to retry.
  const db = new DynamoDBClient({
    ...settings,
    maxAttempts: 1,
    credentials: { accessKeyId: "LOCALs-Fn", secretAccessKey: "x" },
  });
  const Item = { pk: { S: "big" }, data: { S: "x".repeat(2500) } };
  await db.send(new PutItemCommand({ TableName: "s-Table", Item }));
  await db
    .send(new PutItemCommand({ TableName: "s-Table", Item, ConditionExpression: "attribute_not_exists(pk)" }))
    .catch(() => undefined);
  await db.send(new GetItemCommand({ TableName: "s-Table", Key: { pk: { S: "big" } }, ConsistentRead: true }));
  const mine = runtime.counts().filter(({ caller }) => caller === "s-Fn");
  expect(mine).toMatchObject([
    { operation: "GetItem", calls: 1, errors: 0, readUnits: 1, writeUnits: 0 },
    { operation: "PutItem", calls: 2, errors: 1, writeUnits: 4 },
  ]);
});
