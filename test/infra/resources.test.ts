import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { table as storeTable } from "#shared/store/table.ts";
import { entryOf } from "../../infra/bundling/bundle.ts";
import { folderOf } from "./rights.ts";
import { at, listAt, namesOf, type Resource, regions, synthesize } from "./synthesize.ts";

describe.each(regions)("what exists in %s", (region) => {
  const synthesis = synthesize({ region });
  const { all } = synthesis;
  const queues = all("SQS::Queue");
  const functions = all("Lambda::Function");
  const mappings = all("Lambda::EventSourceMapping");
  const arnOf = ({ id }: Resource) => `<${id}.Arn>`;
  const byArn = (resources: Resource[], arn: unknown) => resources.find((each) => arnOf(each) === arn);
  const redriveOf = ({ properties }: Resource) => at(properties, "RedrivePolicy", "deadLetterTargetArn");
  const ruleTargets = all("Events::Rule").flatMap((rule) =>
    listAt(rule.properties, "Targets").map((target) => ({ rule, target })),
  );
  const asyncTargets = all("Lambda::EventInvokeConfig").map(({ properties }) =>
    at(properties, "DestinationConfig", "OnFailure", "Destination"),
  );

  it("sets failures of every queue aside, or is where they end", () => {
    const ends = new Set([
      ...queues.map(redriveOf),
      ...ruleTargets.map(({ target }) => at(target, "DeadLetterConfig", "Arn")),
      ...asyncTargets,
    ]);
    const neither = queues.filter((queue) => !redriveOf(queue) && !ends.has(arnOf(queue)));
    expect(neither.map(({ properties }) => properties.QueueName)).toEqual(["casebridge-dev-quarantine"]);
  });

  it("keeps what is set aside as long as SQS can, in a queue of the same kind", () => {
    for (const queue of queues.filter(redriveOf)) {
      const end = byArn(queues, redriveOf(queue));
      expect(end?.properties).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
      expect(end?.properties.FifoQueue).toBe(queue.properties.FifoQueue);
    }
  });

  it("encrypts every queue and refuses plain connections", () => {
    const policies = JSON.stringify(all("SQS::QueuePolicy").map(({ properties }) => properties));
    for (const queue of queues) {
      expect(queue.properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(policies).toContain(
        `{"Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":{"AWS":"*"},"Resource":"${arnOf(queue)}"}`,
      );
    }
  });

  it("runs FIFO queues at high throughput, deduplicating by the sender's id", () => {
    for (const { properties } of queues.filter((queue) => queue.properties.FifoQueue && redriveOf(queue))) {
      expect(properties).toMatchObject({
        ContentBasedDeduplication: false,
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
      });
    }
  });

  it("hides a message for six times as long as its function may take, and more", () => {
    const fed = mappings.filter(({ properties }) => byArn(queues, properties.EventSourceArn));
    expect(fed.length).toBeGreaterThan(6);
    for (const { properties } of fed) {
      const queue = byArn(queues, properties.EventSourceArn);
      const worker = functions.find(({ id }) => `<${id}>` === properties.FunctionName);
      expect(Number(queue?.properties.VisibilityTimeout)).toBeGreaterThanOrEqual(
        6 * Number(worker?.properties.Timeout),
      );
    }
  });

  it("has somebody who takes from every queue that work goes into", () => {
    const fed = new Set(mappings.map(({ properties }) => properties.EventSourceArn));
    expect(namesOf(queues.filter((queue) => redriveOf(queue) && !fed.has(arnOf(queue))))).toEqual([]);
  });

  it("lets a record fail alone in every mapping", () => {
    for (const { properties } of mappings)
      expect(properties.FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
  });

  it("never lets one record block the stream, and keeps it whole", () => {
    const [stream, ...others] = mappings.filter(({ properties }) =>
      String(properties.EventSourceArn).endsWith(".StreamArn>"),
    );
    expect(others).toEqual([]);
    expect(stream?.properties).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: expect.any(Number),
      MaximumRecordAgeInSeconds: expect.any(Number),
      StartingPosition: "TRIM_HORIZON",
    });
    const failures = at(stream?.properties, "DestinationConfig", "OnFailure", "Destination");
    expect(byArn(all("S3::Bucket"), failures)).toBeDefined();
  });

  it("gives every rule a dead-letter queue that the rule may write to", () => {
    const policies = JSON.stringify(all("SQS::QueuePolicy").map(({ properties }) => properties));
    expect(ruleTargets.length).toBeGreaterThan(5);
    for (const { rule, target } of ruleTargets) {
      const dead = at(target, "DeadLetterConfig", "Arn");
      expect(byArn(queues, dead), rule.id).toBeDefined();
      const written = [dead, ...(byArn(queues, at(target, "Arn")) ? [at(target, "Arn")] : [])];
      for (const queue of written) {
        const allowed = all("SQS::QueuePolicy")
          .flatMap(({ properties }) => listAt(properties, "PolicyDocument", "Statement"))
          .some(
            (statement) =>
              at(statement, "Principal", "Service") === "events.amazonaws.com" &&
              at(statement, "Resource") === queue &&
              listAt(statement, "Condition", "ArnEquals", "aws:SourceArn").includes(arnOf(rule)),
          );
        expect(allowed, `${rule.id} to ${queue} in ${policies.length} bytes of policies`).toBe(true);
      }
    }
  });

  it("sets aside failed runs of every function that is called asynchronously", () => {
    const scheduled = ruleTargets.map(({ target }) => at(target, "Arn")).filter((arn) => byArn(functions, arn));
    const configured = all("Lambda::EventInvokeConfig").map(
      ({ properties }) => `${String(properties.FunctionName).slice(0, -1)}.Arn>`,
    );
    expect(configured.toSorted()).toEqual([...scheduled].map(String).toSorted());
    for (const queue of asyncTargets) expect(byArn(queues, queue)).toBeDefined();
  });

  it("can go back to any second of the table, encrypts it with our key and streams both images", () => {
    const tables = all("DynamoDB::Table");
    expect(tables).toHaveLength(1);
    for (const { properties } of tables) {
      expect(properties).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, KMSMasterKeyId: expect.stringContaining("DataKey") },
        StreamSpecification: { StreamViewType: storeTable.stream },
        TimeToLiveSpecification: { AttributeName: storeTable.expiryAttribute, Enabled: true },
      });
    }
  });

  it("has the table that the store expects", () => {
    const keys = (hash: string, range: string) => [
      { AttributeName: hash, KeyType: "HASH" },
      { AttributeName: range, KeyType: "RANGE" },
    ];
    expect(all("DynamoDB::Table")[0]?.properties).toMatchObject({
      KeySchema: keys(storeTable.partitionKey, storeTable.sortKey),
      GlobalSecondaryIndexes: storeTable.indexes.map(({ name, partitionKey, sortKey, projection }) => ({
        IndexName: name,
        KeySchema: keys(partitionKey, sortKey),
        Projection: { ProjectionType: projection },
      })),
    });
  });

  it("shuts every bucket to the public, encrypts it and lets nothing lie in it for ever", () => {
    for (const { properties } of all("S3::Bucket")) {
      expect(properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: expect.anything(),
        LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ Status: "Enabled" })]) },
      });
    }
  });

  it("turns every key once a year", () => {
    for (const { properties } of all("KMS::Key")) expect(properties.EnableKeyRotation).toBe(true);
  });

  it("runs every function on Node 24, traced, with a log that ends", () => {
    const logs = new Map(all("Logs::LogGroup").map(({ id, properties }) => [`<${id}>`, properties.RetentionInDays]));
    for (const { properties } of functions) {
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
      });
      expect(logs.get(String(at(properties, "LoggingConfig", "LogGroup")))).toBe(30);
    }
  });

  it("has a handler for every function", () => {
    expect(functions.map(folderOf).filter((name) => !existsSync(entryOf(name)))).toEqual([]);
  });
});
