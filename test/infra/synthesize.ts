import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { casebridge } from "../../infra/casebridge.ts";
import { featureFlags } from "../../infra/feature-flags.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

interface Template {
  Resources: Record<string, { Type: string; Properties?: JsonObject }>;
  Outputs?: Record<string, { Value: Json; Export?: { Name: Json } }>;
}

export interface Resource {
  /** `Stack/LogicalId`. */
  id: string;
  type: string;
  /** References are resolved to text: `<Stack/LogicalId>` or `<Stack/LogicalId.Attribute>`, also across stacks. */
  properties: JsonObject;
}

export interface Synthesis {
  app: App;
  text: string;
  resources: Resource[];
  /** Resources of one type, such as `SQS::Queue`. */
  all(type: string): Resource[];
}

export const regions = ["us-east-1", "cn-north-1"];

/** Synthesizes the app without bundling, in a folder that is gone afterwards. */
export function synthesize(context: Record<string, unknown> = {}): Synthesis {
  process.env.CDK_VALIDATION = "false"; // CloudFormation's schema rules cost seconds and have their place in `npm run synth`
  process.env.JSII_DEPRECATED = "quiet";
  const outdir = mkdtempSync(join(tmpdir(), "casebridge-synth-"));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      context: { ...featureFlags, "aws:cdk:bundling-stacks": [], ...context },
    });
    casebridge(app);
    const templates = new Map<string, Template>(app.synth().stacks.map((stack) => [stack.stackName, stack.template]));
    const resources = read(templates);
    const all = (type: string) => resources.filter((resource) => resource.type === `AWS::${type}`);
    return { app, text: JSON.stringify([...templates.values()]), resources, all };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function read(templates: Map<string, Template>): Resource[] {
  const exported = new Map<Json, string>();
  for (const [stack, { Outputs = {} }] of templates) {
    for (const { Value, Export } of Object.values(Outputs)) {
      if (Export) exported.set(Export.Name, String(resolve(Value, stack)));
    }
  }

  function resolve(value: Json, stack: string): Json {
    if (Array.isArray(value)) return value.map((each) => resolve(each, stack));
    if (typeof value !== "object" || value === null) return value;
    const [name, argument] = Object.entries(value)[0] ?? [];
    if (name === "Ref") return String(argument).startsWith("AWS::") ? `<${argument}>` : `<${stack}/${argument}>`;
    if (name === "Fn::GetAtt" && Array.isArray(argument)) return `<${stack}/${argument.join(".")}>`;
    if (name === "Fn::ImportValue") return exported.get(argument ?? null) ?? `<missing export ${argument}>`;
    if (name === "Fn::Join" && Array.isArray(argument)) {
      const parts = resolve(argument[1] ?? [], stack);
      return Array.isArray(parts) ? parts.join(String(argument[0])) : `<join of ${JSON.stringify(parts)}>`;
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, stack)]));
  }

  return [...templates].flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, { Type, Properties = {} }]) => ({
      id: `${stack}/${id}`,
      type: Type,
      properties: resolve(Properties, stack) as JsonObject,
    })),
  );
}

/** What stands at `path` of a resource's properties, or undefined. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Array.isArray(current) ? current[Number(step)] : current[step];
  }
  return current;
}

export const listAt = (value: Json | undefined, ...path: (string | number)[]): Json[] => {
  const found = at(value, ...path);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
};

export const namesOf = (resources: readonly Resource[]) => resources.map(({ id }) => id);
