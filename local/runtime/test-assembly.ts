import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "./assembly/json.ts";

export interface TestAssembly {
  dir: string;
  remove(): void;
}

/**
 * Writes a cloud assembly as the CDK would: one template per stack and one asset folder per function, whose source is
 * CommonJS with `sdk(name)` for the AWS clients. `{ asset: "name" }` stands for a function's code.
 */
export function writeAssembly(
  stacks: Record<string, Record<string, Json>>,
  sources: Record<string, string>,
): TestAssembly {
  const dir = mkdtempSync(join(tmpdir(), "casebridge-assembly-"));
  const artifacts: Record<string, Json> = {};
  const files: Record<string, Json> = {};
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(dir, `asset.${name}`));
    const lead = `const sdk = require("node:module").createRequire(${JSON.stringify(import.meta.filename)});\n`;
    writeFileSync(join(dir, `asset.${name}`, "index.js"), lead + source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: "zip" },
      destinations: { here: { bucketName: "assets", objectKey: `${name}.zip` } },
    };
  }
  writeFileSync(join(dir, "assets.json"), JSON.stringify({ files }));
  artifacts.assets = { type: "cdk:asset-manifest", properties: { file: "assets.json" } };
  for (const [name, template] of Object.entries(stacks)) {
    writeFileSync(join(dir, `${name}.template.json`), JSON.stringify(template));
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      environment: "aws://unknown-account/unknown-region",
      properties: { templateFile: `${name}.template.json` },
    };
  }
  writeFileSync(join(dir, "manifest.json"), JSON.stringify({ version: "36.0.0", artifacts }));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A function resource over the asset of the same name. */
export function lambda(
  asset: string,
  { env = {}, ...rest }: { env?: Record<string, Json>; [property: string]: Json | undefined } = {},
): Json {
  const properties: Record<string, Json> = {
    Code: { S3Bucket: "assets", S3Key: `${asset}.zip` },
    Handler: "index.handler",
    Timeout: 10,
  };
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) properties[name] = value;
  return { Type: "AWS::Lambda::Function", Properties: { ...properties, Environment: { Variables: env } } };
}

export const getAtt = (logicalId: string, attribute = "Arn"): Json => ({ "Fn::GetAtt": [logicalId, attribute] });
export const ref = (logicalId: string): Json => ({ Ref: logicalId });

/** The policy without which a rule cannot put anything into a queue. */
export const letsRulesSend = (...queues: string[]): Json => ({
  Type: "AWS::SQS::QueuePolicy",
  Properties: {
    Queues: queues.map(ref),
    PolicyDocument: {
      Statement: {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "*",
      },
    },
  },
});
