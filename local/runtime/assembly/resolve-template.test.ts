// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are CloudFormation's

import { afterEach, expect, it } from "vitest";
import { type TestAssembly, writeAssembly } from "../test-assembly.ts";
import type { Json } from "./json.ts";
import { readAssembly } from "./read-assembly.ts";
import { resolveTemplates } from "./resolve-template.ts";

let written: TestAssembly | undefined;
afterEach(() => written?.remove());

function resolve(stacks: Record<string, Record<string, Json>>) {
  written = writeAssembly(stacks, {});
  return resolveTemplates(readAssembly(written.dir), {
    region: "eu-west-1",
    gatewayUrl: "http://gw",
    apiUrl: (path) => `http://api/${path}`,
  });
}

const bus = (Name: Json): Json => ({ Type: "AWS::Events::EventBus", Properties: { Name } });
const nameOf = (Name: Json, rest: Record<string, Json> = {}) =>
  resolve({
    s: { ...rest, Resources: { X: bus(Name), Q: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } } } },
  })[0]?.properties.Name;

it.each<[Json, string]>([
  [{ Ref: "AWS::Region" }, "eu-west-1"],
  [{ Ref: "Q" }, "http://gw/000000000000/s-Q.fifo"],
  [{ "Fn::GetAtt": ["Q", "Arn"] }, "arn:aws:sqs:eu-west-1:000000000000:s-Q.fifo"],
  [{ "Fn::GetAtt": "Q.QueueName" }, "s-Q.fifo"],
  [{ "Fn::Sub": "${AWS::StackName}-${Q.QueueName}-${!kept}" }, "s-s-Q.fifo-${kept}"],
  [{ "Fn::Sub": ["${a}/${Q}", { a: { Ref: "AWS::Partition" } }] }, "aws/http://gw/000000000000/s-Q.fifo"],
  [{ "Fn::Join": ["-", ["a", { Ref: "AWS::AccountId" }]] }, "a-000000000000"],
  [{ "Fn::Select": [1, { "Fn::Split": [":", "a:b:c"] }] }, "b"],
  [{ "Fn::If": ["Yes", "yes", "no"] }, "yes"],
  [{ "Fn::If": ["No", "yes", { Ref: "P" }] }, "default"],
  [{ "Fn::FindInMap": ["M", "a", "b"] }, "found"],
])("resolves %j", (value, expected) => {
  const rest = {
    Parameters: {
      P: { Type: "String", Default: "default" },
      Boot: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk" },
    },
    Mappings: { M: { a: { b: "found" } } },
    Conditions: {
      Yes: { "Fn::Equals": [{ Ref: "P" }, "default"] },
      No: { "Fn::Not": [{ Condition: "Yes" }] },
    },
  };
  expect(nameOf(value, rest)).toBe(expected);
});

it("takes values of other stacks by their exports, whatever the order of stacks", () => {
  const resources = resolve({
    one: { Resources: { X: bus({ "Fn::ImportValue": "two:Name" }) } },
    two: {
      Resources: { Y: bus("far") },
      Outputs: { O: { Value: { Ref: "Y" }, Export: { Name: { "Fn::Sub": "${AWS::StackName}:Name" } } } },
    },
  });
  expect(resources[0]?.properties.Name).toBe("far");
});

it("leaves out what a condition or AWS::NoValue takes out", () => {
  const Conditions = { Never: { "Fn::Equals": ["a", "b"] } };
  const resources = resolve({
    s: {
      Conditions,
      Resources: {
        Gone: { ...(bus("gone") as object), Condition: "Never" },
        X: {
          Type: "AWS::SQS::Queue",
          Properties: { DelaySeconds: { "Fn::If": ["Never", 5, { Ref: "AWS::NoValue" }] }, VisibilityTimeout: 9 },
        },
      },
    },
  });
  expect(resources.map(({ properties }) => properties)).toEqual([{ VisibilityTimeout: 9 }]);
});

it("names a role as IAM does", () => {
  const resources = resolve({
    s: { Resources: { R: { Type: "AWS::IAM::Role", Properties: {} }, X: bus({ "Fn::GetAtt": ["R", "Arn"] }) } },
  });
  expect(resources[1]?.ref).toBe("arn:aws:iam::000000000000:role/s-R");
});

it.each<[string, Record<string, Json>, string]>([
  [
    "an unknown resource type",
    { Resources: { Flow: { Type: "AWS::StepFunctions::StateMachine", Properties: {} } } },
    "s/Flow is a AWS::StepFunctions::StateMachine",
  ],
  ["a reference to nothing", { Resources: { X: bus({ Ref: "Nobody" }) } }, "s/X: refers to Nobody"],
  ["an import nobody exports", { Resources: { X: bus({ "Fn::ImportValue": "far" }) } }, "s/X: imports far"],
  ["an unknown function", { Resources: { X: bus({ "Fn::Cidr": [] }) } }, "s/X: uses Fn::Cidr"],
])("names the resource on %s", (_, template, message) => {
  expect(() => resolve({ s: template })).toThrow(message);
});
