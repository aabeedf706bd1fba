import { afterEach, describe, expect, it } from "vitest";
import type { Json } from "../assembly/json.ts";
import { readAssembly } from "../assembly/read-assembly.ts";
import { type Resource, resolveTemplates } from "../assembly/resolve-template.ts";
import type { AwsCall } from "../gateway/aws-call.ts";
import { getAtt, lambda, ref, type TestAssembly, writeAssembly } from "../test-assembly.ts";
import { createRights, type Rights } from "./rights.ts";
import { takeEachGrantAway } from "./take-away.ts";

const region = "us-east-1";
const inTable = (suffix = ""): Json => ({ "Fn::Join": ["", [getAtt("Table"), suffix]] });
const partitions = (...patterns: string[]): Json => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns },
});
const key = (name: string, type: string): Json => ({ AttributeName: name, KeyType: type });
const keyPolicy: Json = {
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `dynamodb.${region}.amazonaws.com` } },
    },
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
  ],
};

let written: TestAssembly | undefined;
let resources: Resource[] = [];
afterEach(() => written?.remove());

function rightsWith(...Statement: Json[]): Rights {
  written = writeAssembly(
    {
      s: {
        Resources: {
          DataKey: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: keyPolicy } },
          Table: {
            Type: "AWS::DynamoDB::Table",
            Properties: {
              KeySchema: [key("pk", "HASH"), key("sk", "RANGE")],
              GlobalSecondaryIndexes: [{ IndexName: "due", KeySchema: [key("duePartition", "HASH")] }],
              SSESpecification: { KMSMasterKeyId: getAtt("DataKey") },
            },
          },
          Queue: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } },
          Bucket: {
            Type: "AWS::S3::Bucket",
            Properties: {
              BucketEncryption: {
                ServerSideEncryptionConfiguration: [
                  { ServerSideEncryptionByDefault: { KMSMasterKeyID: getAtt("DataKey") } },
                ],
              },
            },
          },
          Secret: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "channel/douyin" } },
          Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "news" } },
          Role: { Type: "AWS::IAM::Role", Properties: {} },
          Policy: {
            Type: "AWS::IAM::Policy",
            Properties: { Roles: [ref("Role")], PolicyDocument: { Statement } },
          },
          Fn: lambda("fn", { Role: getAtt("Role") }),
        },
      },
    },
    { fn: "" },
  );
  resources = resolveTemplates(readAssembly(written.dir), { region, gatewayUrl: "http://gw", apiUrl: () => "" });
  return createRights(resources, region);
}

const call = (service: string, operation: string, body: Json, path = "/", caller = "s-Fn"): AwsCall => ({
  service,
  operation,
  caller,
  method: "POST",
  path,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});
/** The action and thing that the role lacks, or undefined. */
function lacks(rights: Rights, asked: AwsCall): string | undefined {
  try {
    rights.authorize(asked);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return /perform: (\S+) on resource: (\S+)/.exec(said)?.slice(1).join(" ") ?? said;
  }
}
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/s-Table";
const text = (value: string): Json => ({ S: value });

it.each<[operation: string, body: Json, lacking: string | undefined]>([
  ["GetItem", { TableName: "s-Table", Key: { sk: text("CASE"), pk: text("T#a#C#1") } }, undefined],
  ["GetItem", { TableName: table, Key: { pk: text("T#a#C#1") } }, undefined],
  ["GetItem", { TableName: "s-Table", Key: { pk: text("SHOP#1") } }, `dynamodb:GetItem ${table}`],
  ["GetItem", { TableName: "other", Key: { pk: text("T#a") } }, "dynamodb:GetItem arn:aws:dynamodb:::table/other"],
  ["PutItem", { TableName: "s-Table", Item: { pk: text("T#a#C#1"), data: { M: {} } } }, undefined],
  ["PutItem", { TableName: "s-Table", Item: { pk: text("SHOP#1") } }, `dynamodb:PutItem ${table}`],
  ["DeleteItem", { TableName: "s-Table", Key: { pk: text("T#a#C#1") } }, `dynamodb:DeleteItem ${table}`],
  ["Scan", { TableName: "s-Table" }, `dynamodb:Scan ${table}`],
  ["Scan", { TableName: "s-Table", IndexName: "due" }, `dynamodb:Scan ${table}/index/due`],
  [
    "BatchWriteItem",
    {
      RequestItems: {
        "s-Table": [
          { PutRequest: { Item: { pk: text("T#a#C#1") } } },
          { DeleteRequest: { Key: { pk: text("T#a#R#2") } } },
        ],
      },
    },
    undefined,
  ],
  [
    "BatchWriteItem",
    {
      RequestItems: {
        "s-Table": [
          { PutRequest: { Item: { pk: text("T#a#C#1") } } },
          { PutRequest: { Item: { pk: text("SHOP#1") } } },
        ],
      },
    },
    `dynamodb:BatchWriteItem ${table}`,
  ],
  ["BatchGetItem", { RequestItems: { "s-Table": { Keys: [{ pk: text("T#a") }] } } }, `dynamodb:BatchGetItem ${table}`],
  [
    "TransactWriteItems",
    {
      TransactItems: [
        { Put: { TableName: "s-Table", Item: { pk: text("T#a#C#1") } } },
        { Update: { TableName: "s-Table", Key: { pk: text("T#a#C#1") } } },
      ],
    },
    `dynamodb:UpdateItem ${table}`,
  ],
  [
    "Query",
    {
      TableName: "s-Table",
      IndexName: "due",
      KeyConditionExpression: "#p = :p AND dueAt < :t",
      ExpressionAttributeNames: { "#p": "duePartition" },
      ExpressionAttributeValues: { ":p": text("DUE#3"), ":t": text("2026") },
    },
    undefined,
  ],
  [
    "Query",
    {
      TableName: "s-Table",
      IndexName: "due",
      KeyConditionExpression: "duePartition=:p",
      ExpressionAttributeValues: { ":p": text("T#a") },
    },
    `dynamodb:Query ${table}/index/due`,
  ],
  [
    "Query",
    { TableName: "s-Table", KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": text("DUE#3") } },
    `dynamodb:Query ${table}`,
  ],
  [
    "Query",
    {
      TableName: "s-Table",
      IndexName: "due",
      KeyConditionExpression: "other = :p",
      ExpressionAttributeValues: { ":p": text("DUE#3") },
    },
    "The partition of a query on s-Table cannot be read from other = :p.",
  ],
])("judges DynamoDB's %s of %j", (operation, body, lacking) => {
  const rights = rightsWith(
    {
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:BatchWriteItem"],
      Resource: inTable(),
      Condition: partitions("T#*#C#*", "T#*#R#*"),
    },
    { Effect: "Allow", Action: "dynamodb:Query", Resource: inTable("/index/due"), Condition: partitions("DUE#*") },
  );
  expect(lacks(rights, call("dynamodb", operation, body))).toBe(lacking);
});

it("takes the table's own key into account", () => {
  const get = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: inTable() };
  const put = { Effect: "Allow", Action: "s3:*", Resource: "*" };
  const rights = rightsWith(get, put);
  expect(lacks(rights, call("dynamodb", "GetItem", { TableName: "s-Table", Key: { pk: text("a") } }))).toBeUndefined();
  // The key opens through DynamoDB and not through S3.
  expect(lacks(rights, call("s3", "PutObject", {}, "/s-bucket/a%20b"))).toMatch(/^kms:GenerateDataKey arn:aws:kms:/);
});

it.each<[service: string, operation: string, body: Json, path: string, lacking: string]>([
  [
    "sqs",
    "SendMessageBatch",
    { QueueUrl: "https://any.host/000000000000/s-Queue.fifo" },
    "/",
    "sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:s-Queue.fifo",
  ],
  [
    "sqs",
    "ChangeMessageVisibilityBatch",
    { QueueUrl: "/s-Queue.fifo" },
    "/",
    "sqs:ChangeMessageVisibility arn:aws:sqs:us-east-1:000000000000:s-Queue.fifo",
  ],
  ["s3", "HeadObject", {}, "/s-bucket/a/%E8%AF%81", "s3:GetObject arn:aws:s3:::s-bucket/a/证"],
  ["s3", "ListObjectsV2", {}, "/s-bucket/?list-type=2", "s3:ListBucket arn:aws:s3:::s-bucket"],
  ["s3", "DeleteObjects", {}, "/s-bucket?delete", "s3:DeleteObject arn:aws:s3:::s-bucket/*"],
  [
    "events",
    "PutEvents",
    { Entries: [{ EventBusName: "news", Source: "x" }] },
    "/",
    "events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/news",
  ],
  ["kms", "Decrypt", { CiphertextBlob: Buffer.from([1, 65]).toString("base64") }, "/", "kms:Decrypt *"],
  [
    "secretsmanager",
    "GetSecretValue",
    { SecretId: "channel/jd" },
    "/",
    "secretsmanager:GetSecretValue arn:aws:secretsmanager:::secret:channel/jd",
  ],
  ["monitoring", "PutMetricData", { Namespace: "n" }, "/", "cloudwatch:PutMetricData *"],
  ["states", "StartExecution", {}, "/", "states:StartExecution *"],
])("refuses a role without rights %s:%s", (service, operation, body, path, lacking) => {
  expect(lacks(rightsWith(), call(service, operation, body, path))).toBe(lacking);
});

it("knows a secret by its name", () => {
  const rights = rightsWith({ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: ref("Secret") });
  expect(lacks(rights, call("secretsmanager", "GetSecretValue", { SecretId: "channel/douyin" }))).toBeUndefined();
});

it("judges each event of a batch", () => {
  const source = { StringEquals: { "events:source": "ours" } };
  const rights = rightsWith({
    Effect: "Allow",
    Action: "events:PutEvents",
    Resource: getAtt("Bus"),
    Condition: source,
  });
  const put = (...sources: string[]) =>
    lacks(
      rights,
      call("events", "PutEvents", { Entries: sources.map((Source) => ({ EventBusName: "news", Source })) }),
    );
  expect(put("ours", "ours")).toBeUndefined();
  expect(put("ours", "theirs")).toMatch(/^events:PutEvents/);
});

it("lets the operator do everything", () => {
  const scan = call("dynamodb", "Scan", { TableName: "s-Table" }, "/", "outside");
  expect(lacks(rightsWith(), scan)).toBeUndefined();
});

describe("a grant that is taken away", () => {
  const get = {
    Effect: "Allow",
    Action: "dynamodb:GetItem",
    Resource: inTable(),
    Condition: partitions("T#*", "SHOP#*"),
  };
  const put = (...patterns: string[]): Json => ({
    ...{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: inTable(), Condition: partitions(...patterns) },
  });
  const trace = { Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" };
  const batch = {
    Effect: "Allow",
    Action: "dynamodb:BatchWriteItem",
    Resource: inTable(),
    Condition: partitions("A#*", "B#*"),
  };
  const of = (rights: Rights, operation: string, part: string, pk: string) =>
    lacks(rights, call("dynamodb", operation, { TableName: "s-Table", [part]: { pk: text(pk) } }));
  const removals = (rights: Rights) =>
    Object.fromEntries(
      takeEachGrantAway(resources, rights.allowed()).map(({ grant, refused }) => [
        grant.replace(table, "table").replace("s-Fn may ", ""),
        refused.map(({ context }) => context["dynamodb:leadingkeys"]?.join() ?? "").sort(),
      ]),
    );

  it("has refused whatever no other grant allows, and nothing else", () => {
    const rights = rightsWith(get, put("T#*", "SHOP#*"), put("T#*#C#*"), trace);
    expect(of(rights, "GetItem", "Key", "T#a")).toBeUndefined();
    expect(of(rights, "PutItem", "Item", "T#a#C#1")).toBeUndefined();
    expect(of(rights, "PutItem", "Item", "X")).toBe(`dynamodb:PutItem ${table}`);
    expect(removals(rights)).toEqual({
      "dynamodb:GetItem on table in T#*": ["T#a"],
      "dynamodb:GetItem on table in SHOP#*": [],
      "dynamodb:PutItem on table in T#*": [],
      "dynamodb:PutItem on table in SHOP#*": [],
      "dynamodb:PutItem on table in T#*#C#*": [],
      "xray:PutTraceSegments on *": [],
    });
    expect(rights.refusals()).toEqual([{ who: "s-Fn", action: "dynamodb:PutItem", resource: table, times: 1 }]);
  });

  it("has a call refused of which it allows a part", () => {
    const rights = rightsWith(batch);
    const RequestItems = { "s-Table": ["A#1", "B#1"].map((pk) => ({ PutRequest: { Item: { pk: text(pk) } } })) };
    expect(lacks(rights, call("dynamodb", "BatchWriteItem", { RequestItems }))).toBeUndefined();
    expect(removals(rights)).toEqual({
      "dynamodb:BatchWriteItem on table in A#*": ["A#1,B#1"],
      "dynamodb:BatchWriteItem on table in B#*": ["A#1,B#1"],
    });
  });

  it("is judged by one call of each kind, however many there were", () => {
    const rights = rightsWith(get);
    for (const pk of ["T#a", "T#b", "SHOP#1", "SHOP#2"]) expect(of(rights, "GetItem", "Key", pk)).toBeUndefined();
    const kinds = rights.allowed().filter(({ action }) => action === "dynamodb:GetItem");
    expect(kinds.map(({ context }) => context["dynamodb:leadingkeys"])).toEqual([["T#a"], ["SHOP#1"]]);
  });

  it("is not judged by calls from under other policies", () => {
    const allowed = (() => {
      const rights = rightsWith(get);
      of(rights, "GetItem", "Key", "T#a");
      return rights.allowed();
    })();
    written?.remove();
    rightsWith(trace);
    expect(() => takeEachGrantAway(resources, allowed)).toThrow("recorded under other policies");
  });
});

it("does not guess what a managed policy allows", () => {
  written = writeAssembly(
    {
      s: {
        Resources: { R: { Type: "AWS::IAM::Role", Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/X"] } } },
      },
    },
    {},
  );
  const resources = resolveTemplates(readAssembly(written.dir), { region, gatewayUrl: "http://gw", apiUrl: () => "" });
  expect(() => createRights(resources, region)).toThrow("s/R is limited by arn:aws:iam::aws:policy/X");
});
