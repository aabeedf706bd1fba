import * as z from "zod";
import { ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";

const element = z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) });
const index = z.object({ IndexName: z.string(), KeySchema: z.array(element) });
const table = z.object({
  KeySchema: z.array(element),
  GlobalSecondaryIndexes: z.array(index).default([]),
  LocalSecondaryIndexes: z.array(index).default([]),
  SSESpecification: z.object({ KMSMasterKeyId: z.string().optional() }).optional(),
});
const secret = z.object({ Name: z.string().optional() });
const alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });
const bucket = z.object({
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }).optional(),
        }),
      ),
    })
    .optional(),
});

export interface TableKeys {
  arn: string;
  /** Name of the partition key of the table, and of each index by the index's name. */
  partitionKey: string;
  indexKeys: ReadonlyMap<string, string>;
  /** The key of the account's own that seals it. */
  sealedBy: string | undefined;
}

/** How callers name the things of a template, and what IAM needs to know of each. */
export interface Things {
  table(nameOrArn: string): TableKeys | undefined;
  /** By its URL, whose host is of no meaning. */
  queueArn(url: string): string | undefined;
  bucket(name: string): { arn: string; sealedBy: string | undefined };
  keyArn(idOrAliasOrArn: string): string | undefined;
  secretArn(nameOrArn: string): string | undefined;
  busArn(nameOrArn: string): string | undefined;
}

export function createThings(resources: readonly Resource[]): Things {
  const keyArns = new Map<string, string>();
  for (const { ref, arn } of ofType(resources, "AWS::KMS::Key")) for (const name of [ref, arn]) keyArns.set(name, arn);
  for (const resource of ofType(resources, "AWS::KMS::Alias")) {
    const { AliasName, TargetKeyId } = readProperties(resource, alias);
    const arn = keyArns.get(TargetKeyId);
    if (arn) keyArns.set(AliasName, arn);
  }
  const keyArn = (name: string) => keyArns.get(name);

  const tables = new Map<string, TableKeys>();
  for (const resource of ofType(resources, "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")) {
    const { KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, SSESpecification } = readProperties(
      resource,
      table,
    );
    const known: TableKeys = {
      arn: resource.arn,
      partitionKey: partitionKeyOf(KeySchema),
      indexKeys: new Map(
        [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].map((each) => [
          each.IndexName,
          partitionKeyOf(each.KeySchema),
        ]),
      ),
      sealedBy: keyArn(SSESpecification?.KMSMasterKeyId ?? ""),
    };
    for (const name of [resource.ref, resource.arn]) tables.set(name, known);
  }
  const queues = new Map(ofType(resources, "AWS::SQS::Queue").map(({ ref, arn }) => [lastOf(ref), arn]));
  const buses = new Map(
    ofType(resources, "AWS::Events::EventBus").flatMap(({ ref, arn }) => [
      [ref, arn],
      [arn, arn],
    ]),
  );
  const buckets = new Map(
    ofType(resources, "AWS::S3::Bucket").map((resource) => {
      const { BucketEncryption } = readProperties(resource, bucket);
      const [rule] = BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
      const sealedBy = keyArn(rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID ?? "");
      return [resource.ref, { arn: resource.arn, sealedBy }];
    }),
  );
  const secrets = new Map<string, string>();
  for (const resource of ofType(resources, "AWS::SecretsManager::Secret")) {
    const { Name } = readProperties(resource, secret);
    // A secret may be asked for by its ARN without the six characters AWS adds.
    const names = [Name, resource.arn, resource.arn.replace(/-\w{6}$/, "")];
    for (const name of names) if (name) secrets.set(name, resource.arn);
  }
  return {
    table: (name) => tables.get(name),
    queueArn: (url) => queues.get(lastOf(url)),
    bucket: (name) => buckets.get(name) ?? { arn: `arn:aws:s3:::${name}`, sealedBy: undefined },
    keyArn,
    secretArn: (name) => secrets.get(name),
    busArn: (name) => buses.get(name),
  };
}

const lastOf = (path: string) => path.split("/").at(-1) ?? path;

function partitionKeyOf(schema: z.infer<typeof element>[]): string {
  return schema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
}
