import { afterAll, beforeAll, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { getAtt, lambda, letsRulesSend, ref, type TestAssembly, writeAssembly } from "./test-assembly.ts";

// The way of a case, with tiny functions: HTTP → FIFO queue → table → stream → bus → rule → queue → function.

const start = new Date("2026-03-01T00:00:00Z");
let assembly: TestAssembly;
let runtime: Runtime;

beforeAll(async () => {
  assembly = writeAssembly(
    {
      data: {
        Resources: {
          Cases: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
              StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
            },
          },
          Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "casebridge" } },
        },
        Outputs: {
          Table: { Value: ref("Cases"), Export: { Name: "data:Table" } },
          Stream: { Value: getAtt("Cases", "StreamArn"), Export: { Name: "data:Stream" } },
        },
      },
      flow: {
        Resources: {
          Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "hooks", ProtocolType: "HTTP" } },
          Route: {
            Type: "AWS::ApiGatewayV2::Route",
            Properties: {
              ApiId: ref("Api"),
              RouteKey: "POST /in/{channel}",
              Target: { "Fn::Join": ["", ["integrations/", ref("Integration")]] },
            },
          },
          Integration: {
            Type: "AWS::ApiGatewayV2::Integration",
            Properties: {
              ApiId: ref("Api"),
              IntegrationType: "AWS_PROXY",
              IntegrationUri: getAtt("Receive"),
              PayloadFormatVersion: "2.0",
            },
          },
          Receive: lambda("receive", { env: { QUEUE: ref("Intake") } }),
          Intake: {
            Type: "AWS::SQS::Queue",
            Properties: { FifoQueue: true, VisibilityTimeout: 60, ContentBasedDeduplication: true },
          },
          Store: lambda("store", { env: { TABLE: { "Fn::ImportValue": "data:Table" } } }),
          StoreIntake: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: {
              EventSourceArn: getAtt("Intake"),
              FunctionName: ref("Store"),
              BatchSize: 10,
              FunctionResponseTypes: ["ReportBatchItemFailures"],
            },
          },
          Publish: lambda("publish"),
          PublishStream: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: {
              EventSourceArn: { "Fn::ImportValue": "data:Stream" },
              FunctionName: ref("Publish"),
              StartingPosition: "TRIM_HORIZON",
            },
          },
          RulesMaySend: letsRulesSend("Decisions"),
          Rule: {
            Type: "AWS::Events::Rule",
            Properties: {
              EventBusName: "casebridge",
              EventPattern: { source: ["test"], detail: { case: [{ prefix: "douyin" }] } },
              Targets: [{ Id: "t", Arn: getAtt("Decisions") }],
            },
          },
          Decisions: { Type: "AWS::SQS::Queue", Properties: {} },
          Decide: lambda("decide"),
          DecideDecisions: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: { EventSourceArn: getAtt("Decisions"), FunctionName: ref("Decide") },
          },
          Role: { Type: "AWS::IAM::Role", Properties: {} },
        },
      },
    },
    {
      receive: `
        const { SQSClient, SendMessageCommand } = sdk("@aws-sdk/client-sqs");
        const sqs = new SQSClient({});
        exports.handler = async (event) => {
          await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: event.body, MessageGroupId: event.pathParameters.channel }));
          return { statusCode: 202, body: event.pathParameters.channel };
        };`,
      store: `
        const { DynamoDBClient, PutItemCommand } = sdk("@aws-sdk/client-dynamodb");
        const db = new DynamoDBClient({});
        exports.handler = async ({ Records }) => {
          for (const { body, attributes } of Records) {
            const { id } = JSON.parse(body);
            await db.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: attributes.MessageGroupId + "-" + id }, at: { S: new Date().toISOString() } } }));
          }
          return { batchItemFailures: [] };
        };`,
      publish: `
        const { EventBridgeClient, PutEventsCommand } = sdk("@aws-sdk/client-eventbridge");
        const bus = new EventBridgeClient({});
        exports.handler = async ({ Records }) => {
          for (const { dynamodb } of Records) {
            const Detail = JSON.stringify({ case: dynamodb.NewImage.pk.S, at: dynamodb.NewImage.at.S });
            await bus.send(new PutEventsCommand({ Entries: [{ EventBusName: "casebridge", Source: "test", DetailType: "case.changed", Detail }] }));
          }
        };`,
      decide: `exports.handler = async ({ Records }) => {
          for (const { body } of Records) console.log("decided " + JSON.parse(body).detail.case + " " + JSON.parse(body).detail.at);
        };`,
    },
  );
  runtime = await startRuntime({ assemblyDir: assembly.dir, clock: createClock({ mode: "moved", start }) });
  runtime.open();
});

afterAll(async () => {
  await runtime.stop();
  assembly.remove();
});

it("carries a message from the webhook to the last function, in the clock's time", async () => {
  for (const channel of ["douyin", "shopify"]) {
    const answer = await fetch(`${runtime.httpApis.hooks}/in/${channel}`, {
      method: "POST",
      body: JSON.stringify({ id: 7, channel }),
      headers: { "content-type": "application/json" },
    });
    expect([answer.status, await answer.text()]).toEqual([202, channel]);
  }
  await runtime.idle();
  expect(runtime.logs.lines.map(({ text }) => text)).toEqual(["decided douyin-7 2026-03-01T00:00:00.000Z"]);
  expect(runtime.queues().map(({ visible, inFlight }) => visible + inFlight)).toEqual([0, 0]);
  const write = runtime.counts().find(({ operation }) => operation === "PutItem");
  expect(write).toMatchObject({ caller: "flow-Store", calls: 2, writeUnits: 2, errors: 0 });
});
