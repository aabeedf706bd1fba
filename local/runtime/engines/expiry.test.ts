import { afterAll, beforeAll, expect, it } from "vitest";
import { createClock } from "../../clock.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { getAtt, lambda, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";
import { createDynamoClient, type DynamoClient } from "./dynamo-client.ts";

const start = new Date("2026-03-01T01:00:00Z");
const hour = 3_600_000;
const seconds = (hours: number) => String(start.getTime() / 1000 + hours * 3600);
let assembly: TestAssembly;
let runtime: Runtime;
let gateway: DynamoClient;

beforeAll(async () => {
  assembly = writeAssembly(
    {
      s: {
        Resources: {
          Table: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              AttributeDefinitions: [
                { AttributeName: "pk", AttributeType: "S" },
                { AttributeName: "sk", AttributeType: "S" },
              ],
              KeySchema: [
                { AttributeName: "pk", KeyType: "HASH" },
                { AttributeName: "sk", KeyType: "RANGE" },
              ],
              StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
              TimeToLiveSpecification: { AttributeName: "end", Enabled: true },
            },
          },
          Follow: lambda("follow"),
          Stream: {
            Type: "AWS::Lambda::EventSourceMapping",
            Properties: { EventSourceArn: getAtt("Table", "StreamArn"), FunctionName: ref("Follow") },
          },
        },
      },
    },
    {
      follow: `exports.handler = async ({ Records }) => {
        for (const { eventName, dynamodb, userIdentity } of Records)
          if (eventName === "REMOVE") console.log("removed " + dynamodb.Keys.sk.S + " by " + JSON.stringify(userIdentity ?? "a caller"));
      };`,
    },
  );
  runtime = await startRuntime({ assemblyDir: assembly.dir, clock: createClock({ start, mode: "moved" }) });
  runtime.open();
  gateway = createDynamoClient(runtime.gatewayUrl);
});
afterAll(async () => {
  gateway.close();
  await runtime.stop();
  assembly.remove();
});

const call = <T>(operation: string, input: object) =>
  gateway.call<T>(`DynamoDB_20120810.${operation}`, { TableName: runtime.tables[0], ...input });
const put = (name: string, end?: object) =>
  call("PutItem", { Item: { pk: { S: "p" }, sk: { S: name }, ...(end && { end }) } });
const held = async () => {
  const { Items } = await call<{ Items: { sk: { S: string } }[] }>("Scan", {});
  return Items.map(({ sk }) => sk.S).sort();
};
const removals = () => runtime.logs.lines.map(({ text }) => text.trim()).filter((text) => text.startsWith("removed"));

it("deletes what is past its end by the local clock, some hours later, and tells the stream that it was its own", async () => {
  await put("ends in an hour", { N: seconds(1) });
  await put("ends in a day", { N: seconds(24) });
  await put("has no end");
  await put("has an end that is no number", { S: seconds(1) });
  await runtime.advance(2 * hour);
  expect(await held()).toHaveLength(4);
  await runtime.advance(6 * hour);
  expect(await held()).toEqual(["ends in a day", "has an end that is no number", "has no end"]);
  await runtime.advance(24 * hour);
  expect(await held()).toEqual(["has an end that is no number", "has no end"]);

  await call("DeleteItem", { Key: { pk: { S: "p" }, sk: { S: "has no end" } } });
  await put("ends in an hour");
  await call("DeleteItem", { Key: { pk: { S: "p" }, sk: { S: "ends in an hour" } } });
  await runtime.idle();
  const service = 'by {"type":"Service","principalId":"dynamodb.amazonaws.com"}';
  expect(removals()).toEqual([
    `removed ends in an hour ${service}`,
    `removed ends in a day ${service}`,
    'removed has no end by "a caller"',
    'removed ends in an hour by "a caller"',
  ]);
});
