import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { getAtt, lambda, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";

const partial = ["ReportBatchItemFailures"];
let assembly: TestAssembly;
let runtime: Runtime;
let sqs: SQSClient;
let said: string[] = [];

const queueUrl = (name: string) => `${runtime.gatewayUrl}/000000000000/s-${name}`;
const depth = (name: string) => runtime.queues().find((queue) => queue.name === `s-${name}`);

beforeAll(async () => {
  const redrive = { deadLetterTargetArn: getAtt("Dead"), maxReceiveCount: 2 };
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Dead: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } },
          Lanes: {
            Type: "AWS::SQS::Queue",
            Properties: {
              FifoQueue: true,
              VisibilityTimeout: 60,
              ContentBasedDeduplication: true,
              RedrivePolicy: redrive,
            },
          },
          Lane: lambda("lane"),
          LaneLanes: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: { EventSourceArn: getAtt("Lanes"), FunctionName: ref("Lane"), FunctionResponseTypes: partial },
          },
          Timers: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: "30" } },
          Timer: lambda("timer"),
          TimerTimers: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: {
              EventSourceArn: getAtt("Timers"),
              FunctionName: getAtt("Timer"),
              FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { wanted: [true] } }) }] },
            },
          },
          Table: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
              StreamSpecification: { StreamViewType: "NEW_IMAGE" },
            },
          },
          Failed: { Type: "AWS::S3::Bucket", Properties: { BucketName: "failed" } },
          Mirror: lambda("mirror"),
          MirrorTable: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: {
              EventSourceArn: getAtt("Table", "StreamArn"),
              FunctionName: ref("Mirror"),
              StartingPosition: "TRIM_HORIZON",
              BatchSize: 4,
              BisectBatchOnFunctionError: true,
              MaximumRetryAttempts: 1,
              FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ["INSERT"] }) }] },
              DestinationConfig: { OnFailure: { Destination: getAtt("Failed") } },
            },
          },
        },
      },
    },
    {
      lane: `exports.handler = async ({ Records }) => {
          const failed = new Set();
          const batchItemFailures = [];
          for (const { messageId, body, attributes } of Records) {
            const group = attributes.MessageGroupId;
            if (body.startsWith("bad") || failed.has(group)) { failed.add(group); batchItemFailures.push({ itemIdentifier: messageId }); continue; }
            console.log(group + ":" + body + " #" + attributes.ApproximateReceiveCount);
            if (body.startsWith("slow")) await new Promise((resolve) => setTimeout(resolve, 60));
          }
          console.log("batch of " + Records.length);
          return { batchItemFailures };
        };`,
      timer: `let broken = true;
        exports.handler = async ({ Records }) => {
          const { body } = Records[0];
          console.log(JSON.parse(body).name + " at " + new Date().toISOString().slice(11, 19));
          if (JSON.parse(body).name === "breaks once" && broken) { broken = false; throw new Error("not yet"); }
        };`,
      mirror: `exports.handler = async ({ Records }) => {
          const keys = Records.map(({ dynamodb }) => dynamodb.Keys.pk.S);
          if (keys.includes("poison")) throw new Error("poison");
          for (const key of keys) console.log("mirrored " + key);
        };`,
    },
  );
  runtime = await startRuntime({
    assemblyDir: assembly.dir,
    clock: createClock({ mode: "moved", start: new Date("2026-03-01T00:00:00Z") }),
  });
  runtime.logs.subscribe(({ text }) => said.push(text));
  runtime.open();
  process.env.AWS_ACCESS_KEY_ID = "outside";
  process.env.AWS_SECRET_ACCESS_KEY = "outside";
  sqs = new SQSClient({ endpoint: runtime.gatewayUrl, region: "us-east-1" });
});

afterAll(async () => {
  await runtime.stop();
  assembly.remove();
});

beforeEach(() => {
  said = [];
});

const sendAll = (group: string, bodies: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl("Lanes.fifo"),
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, MessageGroupId: group })),
    }),
  );

it("gives one group's messages in order and in whole batches", async () => {
  await sendAll("g1", ["1", "2", "3", "4", "5"]);
  await runtime.idle();
  expect(said).toEqual(["g1:1 #1", "g1:2 #1", "g1:3 #1", "g1:4 #1", "g1:5 #1", "batch of 5"]);
});

it("never runs two batches of a group at a time, and runs other groups beside it", async () => {
  await sendAll("g2", ["slow 1"]);
  await sendAll("g2", ["second", "third"]);
  await sendAll("g3", ["other"]);
  await runtime.idle();
  const own = said.filter((line) => line.startsWith("g2"));
  expect(own).toEqual(["g2:slow 1 #1", "g2:second #1", "g2:third #1"]);
  expect(said).toContain("g3:other #1");
});

it("lets a failed message block its group until it is dead; what came back with it dies with it, as in SQS", async () => {
  await sendAll("g4", ["before", "bad one", "beside it"]);
  await runtime.idle();
  await sendAll("g4", ["behind"]);
  await runtime.idle();
  expect(said).toEqual(["g4:before #1", "batch of 3"]);
  expect(depth("Lanes.fifo")).toMatchObject({ inFlight: 2, visible: 1 });
  await runtime.advance(181_000);
  expect(said.filter((line) => line.startsWith("g4:"))).toEqual(["g4:before #1", "g4:behind #2"]);
  expect(depth("Dead.fifo")).toMatchObject({ visible: 2 });
});

it("fires a delayed message on its second and brings a failed one back after its visibility", async () => {
  const send = (name: string, DelaySeconds: number) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl("Timers"),
        MessageBody: JSON.stringify({ name, wanted: true }),
        DelaySeconds,
      }),
    );
  await runtime.advanceTo(new Date("2026-03-01T01:00:00Z"));
  await send("in 45 s", 45);
  await send("breaks once", 0);
  await runtime.advance(120_000);
  expect(said.filter((line) => / at 01:/.test(line))).toEqual([
    "breaks once at 01:00:00",
    "breaks once at 01:00:30",
    "in 45 s at 01:00:45",
  ]);
});

it("deletes what a queue's filter refuses", async () => {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl("Timers"), MessageBody: JSON.stringify({ name: "x", wanted: false }) }),
  );
  await runtime.idle();
  expect(said).toEqual([]);
  expect(depth("Timers")).toMatchObject({ visible: 0, inFlight: 0 });
});

it("halves a failing stream batch, puts the poison record aside whole, and loses none of its neighbours", async () => {
  const db = new DynamoDBClient({ endpoint: runtime.gatewayUrl, region: "us-east-1" });
  const keys = ["a", "b", "poison", "c", "d", "e"];
  for (const key of keys) await db.send(new PutItemCommand({ TableName: "s-Table", Item: { pk: { S: key } } }));
  await db.send(new PutItemCommand({ TableName: "s-Table", Item: { pk: { S: "a" }, changed: { N: "1" } } }));
  await runtime.advance(60_000);
  const mirrored = said.filter((line) => line.startsWith("mirrored"));
  expect([...new Set(mirrored)]).toEqual(["a", "b", "c", "d", "e"].map((key) => `mirrored ${key}`));
  const s3 = new S3Client({ endpoint: runtime.gatewayUrl, region: "us-east-1", forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "failed" }));
  expect(Contents).toHaveLength(1);
  const object = await s3.send(new GetObjectCommand({ Bucket: "failed", Key: Contents[0]?.Key }));
  const record = JSON.parse((await object.Body?.transformToString()) ?? "{}");
  expect(record.requestContext).toMatchObject({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 });
  expect(JSON.parse(record.payload).Records).toMatchObject([{ dynamodb: { Keys: { pk: { S: "poison" } } } }]);
});
