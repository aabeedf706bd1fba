import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { getAtt, lambda, letsRulesSend, ref, type TestAssembly, writeAssembly } from "./test-assembly.ts";

// A process that runs the stack is killed in the middle of its work, several times; what it had accepted is all done in the end.

let assembly: TestAssembly;
let dataDir = "";
const total = 40;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "casebridge-data-"));
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Intake: {
            Type: "AWS::SQS::Queue",
            Properties: { FifoQueue: true, ContentBasedDeduplication: true, VisibilityTimeout: 60 },
          },
          Store: lambda("store", { env: { TABLE: ref("Table"), KEY: ref("Key") } }),
          StoreIntake: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: { EventSourceArn: getAtt("Intake"), FunctionName: ref("Store"), BatchSize: 3 },
          },
          Table: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
              StreamSpecification: { StreamViewType: "NEW_IMAGE" },
            },
          },
          Key: { Type: "AWS::KMS::Key", Properties: {} },
          Publish: lambda("publish", { env: { KEY: ref("Key") } }),
          PublishTable: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: {
              EventSourceArn: getAtt("Table", "StreamArn"),
              FunctionName: ref("Publish"),
              StartingPosition: "TRIM_HORIZON",
              BatchSize: 2,
            },
          },
          RulesMaySend: letsRulesSend("Told"),
          Rule: {
            Type: "AWS::Events::Rule",
            Properties: { EventPattern: { source: ["test"] }, Targets: [{ Id: "a", Arn: getAtt("Told") }] },
          },
          Told: { Type: "AWS::SQS::Queue", Properties: {} },
        },
      },
    },
    {
      store: `
        const { DynamoDBClient, PutItemCommand } = sdk("@aws-sdk/client-dynamodb");
        const { KMSClient, EncryptCommand } = sdk("@aws-sdk/client-kms");
        const db = new DynamoDBClient({}); const kms = new KMSClient({});
        exports.handler = async ({ Records }) => {
          for (const { body } of Records) {
            const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: process.env.KEY, Plaintext: Buffer.from(body) }));
            await db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: body }, sealed: { B: CiphertextBlob } } }));
          }
        };`,
      publish: `
        const { EventBridgeClient, PutEventsCommand } = sdk("@aws-sdk/client-eventbridge");
        const { KMSClient, DecryptCommand } = sdk("@aws-sdk/client-kms");
        const bus = new EventBridgeClient({}); const kms = new KMSClient({});
        exports.handler = async ({ Records }) => {
          for (const { dynamodb } of Records) {
            const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from(dynamodb.NewImage.sealed.B, "base64") }));
            await bus.send(new PutEventsCommand({ Entries: [{ Source: "test", DetailType: "t", Detail: JSON.stringify({ body: Buffer.from(Plaintext).toString() }) }] }));
          }
        };`,
    },
  );
});

afterAll(() => {
  assembly.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (mode: "wall" | "moved") =>
  startRuntime({ assemblyDir: assembly.dir, dataDir, clock: createClock({ mode }) });

async function told(runtime: Runtime): Promise<Set<string>> {
  const { DatabaseSync } = await import("node:sqlite");
  await runtime.stop();
  const db = new DatabaseSync(join(dataDir, "fauxqs.db"), { readOnly: true });
  const bodies = db.prepare("SELECT body FROM sqs_messages WHERE queue_name = 's-Told'").all();
  db.close();
  return new Set(bodies.map(({ body }) => JSON.parse(String(body)).detail.body));
}

it("loses nothing it acknowledged, whenever it is killed", async () => {
  const first = await start("wall");
  const sqs = new SQSClient({
    endpoint: first.gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  for (let index = 0; index < total; index++) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: `${first.gatewayUrl}/000000000000/s-Intake.fifo`,
        MessageBody: `m${index}`,
        MessageGroupId: `g${index % 7}`,
      }),
    );
  }
  await first.stop();

  const program = `
    import { startRuntime } from ${JSON.stringify(new URL("./runtime.ts", import.meta.url).href)};
    import { createClock } from ${JSON.stringify(new URL("../clock.ts", import.meta.url).href)};
    const runtime = await startRuntime({ assemblyDir: ${JSON.stringify(assembly.dir)}, dataDir: ${JSON.stringify(dataDir)}, clock: createClock({ mode: "wall" }) });
    runtime.open();
    console.log("open");
    await runtime.idle();
    console.log("idle");
    setInterval(() => {}, 1000);`;
  for (const pauseMs of [120, 300, 500]) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await wait(pauseMs);
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  const last = await start("moved");
  last.open();
  await last.advance(10 * 60_000);
  expect(last.queues().find(({ fifo }) => fifo)).toMatchObject({ visible: 0, inFlight: 0 });
  expect((await told(last)).size).toBe(total);
}, 120_000);

it("lists kept queues where they can be reached after a restart", async () => {
  for (let turn = 0; turn < 2; turn++) {
    const runtime = await start("moved");
    const sqs = new SQSClient({
      endpoint: runtime.gatewayUrl,
      region: "us-east-1",
      credentials: { accessKeyId: "operator", secretAccessKey: "local" },
    });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls.length).toBeGreaterThan(0);
    for (const url of QueueUrls) expect(url.startsWith(runtime.gatewayUrl)).toBe(true);
    await runtime.stop();
  }
});

it("leaves no engine behind when it is killed", async () => {
  const program = `
    import { startDynamo } from ${JSON.stringify(new URL("./engines/dynoxide.ts", import.meta.url).href)};
    const engine = await startDynamo({});
    console.log(new URL(engine.url).port);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  child.kill("SIGKILL");
  const gone = async () =>
    fetch(`http://127.0.0.1:${String(port).trim()}`, { method: "POST" }).then(
      () => false,
      () => true,
    );
  await expect.poll(gone, { timeout: 20_000 }).toBe(true);
});
