import * as z from "zod";
import { account } from "../assembly/identity.ts";
import { json, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { readStatements, type Statement } from "./statement.ts";

const document = z.object({ Statement: json });
const rolePolicy = z.object({ PolicyDocument: document, Roles: z.array(z.string()).default([]) });
const role = z.object({
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
  Policies: z.array(z.object({ PolicyDocument: document })).default([]),
});
const queuePolicy = z.object({ PolicyDocument: document, Queues: z.array(z.string()) });
const bucketPolicy = z.object({ PolicyDocument: document, Bucket: z.string() });
const topicPolicy = z.object({ PolicyDocument: document, Topics: z.array(z.string()) });
const busPolicy = z.object({ EventBusName: z.string().default("default"), Statement: json });
const key = z.object({ KeyPolicy: document.optional() });

/** Everything a template says about who may do what. */
export interface Policies {
  /** Each role's own statements, by its ARN. */
  roles: ReadonlyMap<string, { name: string; statements: readonly Statement[] }>;
  /** Statements of the policies that hang on a thing, by its ARN; those of an object hang on its bucket. */
  on(arn: string): readonly Statement[];
}

/**
 * Reads the policies of roles, queues, buckets, topics, buses and keys. Throws, naming the resource, on managed policies
 * and permission boundaries, whose text no template holds.
 */
export function readPolicies(resources: readonly Resource[]): Policies {
  const roles = new Map<string, { name: string; statements: Statement[] }>();
  const placeOf = ({ stack, logicalId }: Resource) => `${stack}/${logicalId}`;
  for (const resource of ofType(resources, "AWS::IAM::Role")) {
    const { ManagedPolicyArns, PermissionsBoundary, Policies } = readProperties(resource, role);
    const [foreign] = [...ManagedPolicyArns, PermissionsBoundary].filter((arn) => arn !== undefined);
    if (foreign) throw new Error(`${placeOf(resource)} is limited by ${foreign}, whose text is not in the template.`);
    const statements = Policies.flatMap(({ PolicyDocument }) =>
      readStatements(PolicyDocument.Statement, placeOf(resource)),
    );
    roles.set(resource.arn, { name: resource.ref, statements });
  }
  for (const resource of ofType(resources, "AWS::IAM::Policy")) {
    const { PolicyDocument, Roles } = readProperties(resource, rolePolicy);
    const statements = readStatements(PolicyDocument.Statement, placeOf(resource));
    for (const name of Roles) roles.get(`arn:aws:iam::${account}:role/${name}`)?.statements.push(...statements);
  }

  const onThings = new Map<string, Statement[]>();
  const hang = (arn: string | undefined, statements: Statement[]) => {
    if (arn) onThings.set(arn, [...(onThings.get(arn) ?? []), ...statements]);
  };
  const arnOf = (type: string, ref: string) => ofType(resources, type).find((each) => each.ref === ref)?.arn;
  for (const resource of ofType(resources, "AWS::SQS::QueuePolicy")) {
    const { PolicyDocument, Queues } = readProperties(resource, queuePolicy);
    const statements = readStatements(PolicyDocument.Statement, placeOf(resource));
    for (const url of Queues) hang(arnOf("AWS::SQS::Queue", url), statements);
  }
  for (const resource of ofType(resources, "AWS::S3::BucketPolicy")) {
    const { PolicyDocument, Bucket } = readProperties(resource, bucketPolicy);
    hang(arnOf("AWS::S3::Bucket", Bucket), readStatements(PolicyDocument.Statement, placeOf(resource)));
  }
  for (const resource of ofType(resources, "AWS::SNS::TopicPolicy")) {
    const { PolicyDocument, Topics } = readProperties(resource, topicPolicy);
    const statements = readStatements(PolicyDocument.Statement, placeOf(resource));
    for (const topic of Topics) hang(arnOf("AWS::SNS::Topic", topic), statements);
  }
  for (const resource of ofType(resources, "AWS::Events::EventBusPolicy")) {
    const { EventBusName, Statement: statement } = readProperties(resource, busPolicy);
    hang(arnOf("AWS::Events::EventBus", EventBusName), readStatements(statement, placeOf(resource)));
  }
  for (const resource of ofType(resources, "AWS::KMS::Key")) {
    const { KeyPolicy } = readProperties(resource, key);
    hang(resource.arn, readStatements(KeyPolicy?.Statement, placeOf(resource)));
  }
  return { roles, on: (arn) => onThings.get(arn.includes(":s3:") ? (arn.split("/")[0] ?? arn) : arn) ?? [] };
}
