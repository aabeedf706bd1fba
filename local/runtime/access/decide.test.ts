// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variable is IAM's

import { describe, expect, it } from "vitest";
import type { Json } from "../assembly/json.ts";
import { decide } from "./decide.ts";
import { type Principal, readStatements } from "./statement.ts";

const role: Principal = { kind: "role", arn: "arn:aws:iam::000000000000:role/worker" };
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/cases";

function allowed(
  action: string,
  resource: string,
  {
    identity = [],
    onThing = [],
    principal = role,
    context = {},
  }: {
    identity?: Json[];
    onThing?: Json[];
    principal?: Principal;
    context?: Record<string, string[]>;
  },
): boolean {
  const request = {
    principal,
    action,
    resource,
    context: new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values])),
  };
  return decide(request, {
    identity: readStatements(identity, "role"),
    resource: readStatements(onThing, "thing"),
  }).allowed;
}

const allow = (Action: Json, Resource: Json, more: Record<string, Json> = {}): Json => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

describe("a role", () => {
  it.each<[what: string, action: string, resource: string, statement: Json, expected: boolean]>([
    ["nothing by itself", "dynamodb:GetItem", table, allow("dynamodb:PutItem", table), false],
    ["what is named", "dynamodb:GetItem", table, allow(["dynamodb:PutItem", "dynamodb:GetItem"], table), true],
    ["an action in any case", "dynamodb:GetItem", table, allow("DynamoDB:getitem", table), true],
    ["actions by wildcard", "dynamodb:GetItem", table, allow("dynamodb:Get*", table), true],
    ["one letter by ?", "dynamodb:GetItem", table, allow("dynamodb:Get?tem", table), true],
    ["not two letters by ?", "dynamodb:GetItem", table, allow("dynamodb:G?Item", table), false],
    ["no other service's actions", "sqs:SendMessage", "arn:aws:sqs:r:1:q", allow("dynamodb:*", "*"), false],
    ["every resource by *", "dynamodb:GetItem", table, allow("dynamodb:GetItem", "*"), true],
    [
      "no index of a table that is named",
      "dynamodb:Query",
      `${table}/index/due`,
      allow("dynamodb:Query", table),
      false,
    ],
    [
      "an index that is named",
      "dynamodb:Query",
      `${table}/index/due`,
      allow("dynamodb:Query", `${table}/index/due`),
      true,
    ],
    ["no other index", "dynamodb:Query", `${table}/index/risk`, allow("dynamodb:Query", `${table}/index/due`), false],
    ["indexes by wildcard", "dynamodb:Query", `${table}/index/due`, allow("dynamodb:Query", `${table}/index/*`), true],
    ["no table for its index", "dynamodb:Query", table, allow("dynamodb:Query", `${table}/index/*`), false],
    ["resources of a name only in full", "dynamodb:GetItem", `${table}-old`, allow("dynamodb:GetItem", table), false],
    [
      "a resource in its own case only",
      "dynamodb:GetItem",
      table,
      allow("dynamodb:GetItem", table.replace("cases", "Cases")),
      false,
    ],
    ["a dot as a dot", "s3:GetObject", "arn:aws:s3:::a-b/x", allow("s3:GetObject", "arn:aws:s3:::a.b/x"), false],
    [
      "no wildcard over a colon",
      "sqs:SendMessage",
      "arn:aws:sqs:us-east-1:1:q",
      allow("sqs:SendMessage", "arn:aws:sqs:*"),
      false,
    ],
    [
      "a wildcard over colons in the last part",
      "logs:PutLogEvents",
      "arn:aws:logs:r:1:log-group:g:log-stream:s",
      allow("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:g:*"),
      true,
    ],
    [
      "all but what NotAction names",
      "dynamodb:GetItem",
      table,
      { Effect: "Allow", NotAction: "dynamodb:Delete*", Resource: "*" },
      true,
    ],
    [
      "not what NotAction names",
      "dynamodb:DeleteItem",
      table,
      { Effect: "Allow", NotAction: "dynamodb:Delete*", Resource: "*" },
      false,
    ],
    [
      "all but what NotResource names",
      "dynamodb:GetItem",
      table,
      { Effect: "Allow", Action: "dynamodb:*", NotResource: `${table}-other` },
      true,
    ],
    [
      "not what NotResource names",
      "dynamodb:GetItem",
      table,
      { Effect: "Allow", Action: "dynamodb:*", NotResource: table },
      false,
    ],
    [
      "AWS China's things by their partition",
      "sqs:SendMessage",
      "arn:aws-cn:sqs:cn-north-1:1:q",
      allow("sqs:SendMessage", "arn:aws-cn:sqs:cn-north-1:1:q"),
      true,
    ],
    [
      "nothing in another partition",
      "sqs:SendMessage",
      "arn:aws-cn:sqs:cn-north-1:1:q",
      allow("sqs:SendMessage", "arn:aws:sqs:cn-north-1:1:q"),
      false,
    ],
  ])("is allowed %s", (_, action, resource, statement, expected) => {
    expect(allowed(action, resource, { identity: [statement] })).toBe(expected);
  });

  it("is refused by a Deny, whatever allows it, and by that of the thing too", () => {
    const identity = [allow("dynamodb:*", "*")];
    const deny: Json = { Effect: "Deny", Action: "dynamodb:Scan", Resource: "*" };
    expect(allowed("dynamodb:Scan", table, { identity })).toBe(true);
    expect(allowed("dynamodb:Scan", table, { identity: [...identity, deny] })).toBe(false);
    expect(allowed("dynamodb:Scan", table, { identity, onThing: [{ ...(deny as object), Principal: "*" }] })).toBe(
      false,
    );
    expect(allowed("dynamodb:GetItem", table, { identity: [...identity, deny] })).toBe(true);
  });

  it("is refused what it puts on a bus that is closed to all but another role", () => {
    const bus = "arn:aws:events:us-east-1:000000000000:event-bus/news";
    const onThing = [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "events:PutEvents",
        Resource: bus,
        Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::000000000000:role/publisher" } },
      },
    ];
    const as = (name: string) => ({
      identity: [allow("events:PutEvents", bus)],
      onThing,
      context: { "aws:PrincipalArn": [`arn:aws:iam::000000000000:role/${name}`] },
    });
    expect(allowed("events:PutEvents", bus, as("worker"))).toBe(false);
    expect(allowed("events:PutEvents", bus, as("publisher"))).toBe(true);
  });

  it.each<[keys: string[], expected: boolean]>([
    [["T#acme#C#1"], true],
    [["T#acme"], true],
    [["SHOP#douyin#1"], false],
    [["T#acme", "SHOP#douyin#1"], false],
  ])("reaches only the partitions of its leading keys: %j %s", (keys, expected) => {
    const identity = [
      allow("dynamodb:BatchGetItem", table, {
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["T#*"] } },
      }),
    ];
    const context = { "dynamodb:LeadingKeys": keys };
    expect(allowed("dynamodb:BatchGetItem", table, { identity, context })).toBe(expected);
  });
});

describe("a key", () => {
  const key = "arn:aws:kms:us-east-1:000000000000:key/k";
  const toAccount: Json = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::000000000000:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const throughDynamo: Json = {
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:CallerAccount": "000000000000",
        "kms:ViaService": ["dynamodb.us-east-1.amazonaws.com", "dynamodb.us-east-1.amazonaws.com.cn"],
      },
    },
  };
  const owned = allow("kms:Decrypt", key, {
    Condition: {
      "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["tenantId", "channel", "shopId"] },
      Null: { "kms:EncryptionContext:tenantId": "false" },
      StringEquals: { "kms:EncryptionContext:channel": "inbound" },
    },
  });
  const owner = (pairs: Record<string, string>) => ({
    "kms:EncryptionContextKeys": Object.keys(pairs),
    ...Object.fromEntries(Object.entries(pairs).map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]])),
  });

  it.each<[what: string, pairs: Record<string, string>, expected: boolean]>([
    ["with the whole context", { tenantId: "acme", channel: "inbound", shopId: "w" }, true],
    ["without whose it is", { channel: "inbound", shopId: "w" }, false],
    ["for another channel", { tenantId: "acme", channel: "douyin", shopId: "w" }, false],
    ["with more in the context than agreed", { tenantId: "acme", channel: "inbound", other: "x" }, false],
    ["with no context at all", {}, false],
  ])("opens %s: %j %s", (_, pairs, expected) => {
    const context = owner(pairs);
    expect(allowed("kms:Decrypt", key, { identity: [owned], onThing: [toAccount], context })).toBe(expected);
  });

  it("heeds a role only if its own policy hands the decision to the account", () => {
    const identity = [allow("kms:Decrypt", key)];
    expect(allowed("kms:Decrypt", key, { identity })).toBe(false);
    expect(allowed("kms:Decrypt", key, { identity, onThing: [toAccount] })).toBe(true);
    expect(allowed("kms:Decrypt", key, { onThing: [toAccount] })).toBe(false);
  });

  it("opens to everybody in the account through the service it is meant for, and not by itself", () => {
    const through = (host: string) => ({ "kms:CallerAccount": ["000000000000"], "kms:ViaService": [host] });
    const at = (context: Record<string, string[]>) =>
      allowed("kms:Decrypt", key, { onThing: [throughDynamo], context });
    expect(at(through("dynamodb.us-east-1.amazonaws.com"))).toBe(true);
    expect(at(through("sqs.us-east-1.amazonaws.com"))).toBe(false);
    expect(at({ "kms:CallerAccount": ["000000000000"] })).toBe(false);
    expect(at({ ...through("dynamodb.us-east-1.amazonaws.com"), "kms:CallerAccount": ["111122223333"] })).toBe(false);
  });
});

it("lets a service in only by the policy of the thing, and only for what it is named for", () => {
  const queue = "arn:aws:sqs:us-east-1:000000000000:q";
  const principal: Principal = { kind: "service", name: "events.amazonaws.com" };
  const rule = "arn:aws:events:us-east-1:000000000000:rule/bus/Rule";
  const onThing: Json[] = [
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue,
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    },
  ];
  const from = (arn: string) => ({ onThing, principal, context: { "aws:SourceArn": [arn] } });
  expect(allowed("sqs:SendMessage", queue, from(rule))).toBe(true);
  expect(allowed("sqs:SendMessage", queue, from(`${rule}2`))).toBe(false);
  expect(allowed("sqs:SendMessage", queue, { principal, identity: [allow("*", "*")].slice(1) })).toBe(false);
  expect(
    allowed("sqs:SendMessage", queue, { ...from(rule), principal: { kind: "service", name: "sns.amazonaws.com" } }),
  ).toBe(false);
});

it.each<[what: string, statement: Json]>([
  [
    "an operator it does not know",
    { Effect: "Allow", Action: "a:b", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "::/0" } } },
  ],
  ["a policy variable", { Effect: "Allow", Action: "a:b", Resource: "arn:aws:s3:::b/${aws:username}" }],
  ["an element it does not know", { Effect: "Allow", Action: "a:b", Resource: "*", NotPrincipal: "*" }],
  ["an effect that is none", { Effect: "Maybe", Action: "a:b", Resource: "*" }],
])("refuses to read %s, and says where", (_, statement) => {
  expect(() => readStatements(statement, "s/Policy")).toThrow("s/Policy");
});
