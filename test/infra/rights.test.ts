import { describe, expect, it } from "vitest";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { caseKey, feedKey, inboundKeysKey, referencesTo, shopBindingKey, shopKey } from "#shared/store/keys.ts";
import { keyPatterns } from "../../infra/constructs/case-table.ts";
import { folderOf, rightsOf, rightsOfFunction, thingOf } from "./rights.ts";
import { at, listAt, type Resource, regions, synthesize } from "./synthesize.ts";

describe.each(regions)("who may do what in %s", (region) => {
  const synthesis = synthesize({ region, egress: "fixed" });
  const { all } = synthesis;
  const functions = all("Lambda::Function");
  const rights = rightsOf(synthesis);
  const environmentOf = ({ properties }: Resource) =>
    Object.values((at(properties, "Environment", "Variables") ?? {}) as Record<string, string>);
  const feedsOf = (worker: Resource) =>
    all("Lambda::EventSourceMapping").filter(({ properties }) => properties.FunctionName === `<${worker.id}>`);
  const who = (action: string) =>
    functions
      .filter((each) => rightsOfFunction(synthesis, each).some(({ actions }) => actions.includes(action)))
      .map(folderOf);

  it("names every action", () => {
    expect(rights.length).toBeGreaterThan(50);
    expect(rights.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
  });

  it("uses no managed policy", () => {
    for (const { properties } of all("IAM::Role")) expect(properties.ManagedPolicyArns).toBeUndefined();
    expect(all("IAM::ManagedPolicy")).toEqual([]);
  });

  it("allows on everything only what AWS cannot limit", () => {
    const free = rights.filter(({ resources }) => resources.includes("*")).flatMap(({ actions }) => actions);
    expect([...new Set(free)].toSorted()).toEqual([
      "dynamodb:ListStreams",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  it("lets no function touch a table, queue, bus or key that it does not name", () => {
    for (const each of functions) {
      const named = new Set([
        ...environmentOf(each).map(thingOf),
        ...feedsOf(each).flatMap(({ properties }) => [
          thingOf(String(properties.EventSourceArn)),
          thingOf(String(at(properties, "DestinationConfig", "OnFailure", "Destination"))),
        ]),
        ...all("Lambda::EventInvokeConfig")
          .filter(({ properties }) => properties.FunctionName === `<${each.id}>`)
          .map(({ properties }) => thingOf(String(at(properties, "DestinationConfig", "OnFailure", "Destination")))),
      ]);
      const touched = rightsOfFunction(synthesis, each)
        .filter(({ actions }) => actions.some((action) => /^(dynamodb|sqs|events|kms|s3):/.test(action)))
        .flatMap(({ resources }) => resources)
        .filter((resource) => resource !== "*")
        .map(thingOf);
      expect(
        touched.filter((thing) => !named.has(thing)),
        folderOf(each),
      ).toEqual([]);
    }
  });

  it("lets every function use the table and the queues that it names", () => {
    for (const each of functions) {
      const touched = new Set(rightsOfFunction(synthesis, each).flatMap(({ resources }) => resources.map(thingOf)));
      const named = environmentOf(each).filter((value) => value.startsWith("<") && value.endsWith(">"));
      expect(
        named.filter((thing) => !touched.has(thingOf(thing))),
        folderOf(each),
      ).toEqual([]);
    }
  });

  it("lets a function read the channel secrets only if it is told where they are", () => {
    const told = functions.filter((each) => at(each.properties, "Environment", "Variables", "CHANNEL_SECRET_PREFIX"));
    expect(who("secretsmanager:GetSecretValue")).toEqual(told.map(folderOf));
  });

  it("lets nobody read the table but by key, or delete from it", () => {
    for (const action of ["Scan", "DeleteItem", "PartiQLSelect", "DeleteTable", "UpdateTable"]) {
      expect(who(`dynamodb:${action}`)).toEqual([]);
    }
  });

  it("lets what cases show be read by whoever hands it on or opens it for people, and be written by one function", () => {
    const readers = ["act-on-channel", "operator-api"].filter((name) => functions.map(folderOf).includes(name));
    expect(who("s3:GetObject").toSorted()).toEqual(readers);
    expect(who("s3:DeleteObject")).toEqual(["capture-evidence"]);
  });

  it("limits every item action to the keys of an entity", () => {
    const onItems = rights.filter(({ actions }) => actions.some((action) => /^dynamodb:\w*Item$/.test(action)));
    expect(onItems.length).toBeGreaterThan(10);
    for (const { statement } of onItems) {
      const keys = listAt(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys");
      expect(keys.length).toBeGreaterThan(0);
      expect(Object.values<unknown>(keyPatterns)).toEqual(expect.arrayContaining(keys));
    }
  });

  it("knows the keys as the store writes them", () => {
    const tenantId = "*" as TenantId;
    const caseId = "*" as CaseId;
    const shopId = "*" as Parameters<typeof shopBindingKey>[1];
    expect(keyPatterns).toEqual({
      cases: caseKey(tenantId, caseId).pk,
      references: referencesTo(tenantId, "*"),
      tenants: shopKey({ tenantId, channel: "douyin", shopId }).pk,
      shopBindings: shopBindingKey("douyin", shopId).pk.replace("douyin#", ""),
      appFeeds: feedKey({ channel: "douyin", feed: "messages" }).pk.replace("douyin", "*"),
      inbound: inboundKeysKey(tenantId).pk,
    });
  });

  it("lets only those that connect shops say whose one is", () => {
    const writers = functions.filter((each) =>
      rightsOfFunction(synthesis, each).some(
        ({ actions, statement }) =>
          actions.some((action) => /^dynamodb:(Put|Update|BatchWrite)Item$/.test(action)) &&
          listAt(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys").includes(
            keyPatterns.shopBindings,
          ),
      ),
    );
    expect(writers.map(folderOf)).toEqual(["connect-shop", "authorize-shop"]);
  });

  it("lets only publish-events put events, and only ours", () => {
    expect(who("events:PutEvents")).toEqual(["publish-events"]);
    const [put] = rights.filter(({ actions }) => actions.includes("events:PutEvents"));
    expect(at(put?.statement, "Condition")).toEqual({ StringEquals: { "events:source": "casebridge.cases" } });
    const [policy] = all("Events::EventBusPolicy");
    expect(at(policy?.properties, "Statement")).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: "events:PutEvents",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": expect.stringContaining("publisheventsrole") } },
    });
  });

  it("lets the door for merchants' own systems open no shop's tokens", () => {
    for (const name of ["receive-inbound", "connect-warehouse"]) {
      const worker = functions.find((each) => folderOf(each) === name);
      const opening = worker
        ? rightsOfFunction(synthesis, worker).filter(({ actions }) => /^kms:/.test(String(actions)))
        : [];
      expect(opening.map(({ statement }) => at(statement, "Condition", "StringEquals"))).toEqual([
        { "kms:EncryptionContext:channel": "inbound" },
      ]);
    }
  });

  it("opens credentials only with the context that says whose they are", () => {
    const opening = rights.filter(({ actions }) => actions.some((action) => action.startsWith("kms:")));
    expect(opening.length).toBeGreaterThan(3);
    for (const { statement } of opening) {
      expect(at(statement, "Condition", "Null")).toEqual({ "kms:EncryptionContext:tenantId": "false" });
    }
  });

  it("believes an AWS service only when it speaks for this account or for a thing of ours", () => {
    const documents = ["SQS::QueuePolicy", "SNS::TopicPolicy", "S3::BucketPolicy"].flatMap((type) =>
      all(type).flatMap(({ id, properties }) =>
        listAt(properties, "PolicyDocument", "Statement").map((statement) => ({ id, statement })),
      ),
    );
    const keys = all("KMS::Key").flatMap(({ id, properties }) =>
      listAt(properties, "KeyPolicy", "Statement").map((statement) => ({ id, statement })),
    );
    const ofServices = [...documents, ...keys].filter(
      ({ statement }) => at(statement, "Effect") === "Allow" && at(statement, "Principal", "Service"),
    );
    expect(ofServices.length).toBeGreaterThan(5);
    for (const { id, statement } of ofServices) {
      expect(JSON.stringify(at(statement, "Condition") ?? {}), id).toMatch(/"aws:Source(Arn|Account)"/);
    }
    for (const { id, properties } of all("Lambda::Permission")) expect(properties.SourceArn, id).toBeDefined();
  });

  it("lets a channel's own account write into its queue and into nothing else, where that account can exist", () => {
    const outsiders = ["SQS::QueuePolicy", "SNS::TopicPolicy", "S3::BucketPolicy"].flatMap((type) =>
      all(type).flatMap(({ properties }) =>
        listAt(properties, "PolicyDocument", "Statement").filter(
          (statement) =>
            at(statement, "Effect") === "Allow" && /:iam::\d{12}:/.test(String(at(statement, "Principal", "AWS"))),
        ),
      ),
    );
    const queue = all("SQS::Queue").find(({ properties }) =>
      /notifications-amazon$/.test(String(properties.QueueName)),
    );
    expect(outsiders).toEqual(
      region.startsWith("cn-")
        ? []
        : [
            {
              Action: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
              Effect: "Allow",
              Principal: { AWS: expect.stringContaining(":iam::437568002678:root") },
              Resource: `<${queue?.id}.Arn>`,
            },
          ],
    );
  });

  it("opens no key to everybody but through a service, for this account", () => {
    for (const { id, properties } of all("KMS::Key")) {
      for (const statement of listAt(properties, "KeyPolicy", "Statement")) {
        if (at(statement, "Principal", "AWS") !== "*") continue;
        const condition = at(statement, "Condition", "StringEquals");
        expect(condition, id).toMatchObject({
          "kms:CallerAccount": "<AWS::AccountId>",
          "kms:ViaService": expect.anything(),
        });
      }
    }
  });

  it("runs what calls channels behind the fixed address, and nothing else", () => {
    const behind = functions.filter(({ properties }) => properties.VpcConfig).map(folderOf);
    const calling = functions
      .filter((each) => at(each.properties, "Environment", "Variables", "CREDENTIALS_KEY_ID"))
      .map(folderOf);
    expect(behind).toEqual(calling);
    expect(all("EC2::EIP")).toHaveLength(1);
  });
});
