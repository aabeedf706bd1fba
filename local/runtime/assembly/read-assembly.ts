import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { Json } from "./json.ts";

const json = z.json() as z.ZodType<Json>;

const artifact = z.object({
  type: z.string(),
  environment: z.string().optional(),
  properties: z.record(z.string(), json).optional(),
  displayName: z.string().optional(),
});
const manifest = z.object({ artifacts: z.record(z.string(), artifact).default({}) });

const template = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: json.optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z
    .record(z.string(), z.object({ Type: z.string(), Properties: json.optional(), Condition: z.string().optional() }))
    .default({}),
  Outputs: z.record(z.string(), z.object({ Value: json, Export: z.object({ Name: json }).optional() })).default({}),
});
export type Template = z.infer<typeof template>;

const assets = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export interface Stack {
  name: string;
  region?: string;
  template: Template;
}

export interface Assembly {
  dir: string;
  stacks: Stack[];
  /** Folder or file of each asset, by the object key the templates name it with. */
  assetPaths: Map<string, string>;
}

/** Reads a synthesized CDK cloud assembly, stages included. Throws with the file's name when a file is missing or malformed. */
export function readAssembly(dir: string): Assembly {
  const assembly: Assembly = { dir: resolve(dir), stacks: [], assetPaths: new Map() };
  addFolder(assembly, assembly.dir);
  if (assembly.stacks.length === 0) throw new Error(`The cloud assembly ${assembly.dir} holds no stack.`);
  return assembly;
}

function addFolder(assembly: Assembly, dir: string) {
  for (const [id, { type, properties, environment }] of Object.entries(
    parse(join(dir, "manifest.json"), manifest).artifacts,
  )) {
    if (type === "aws:cloudformation:stack") {
      const region = environment?.split("/").at(-1);
      assembly.stacks.push({
        name: typeof properties?.stackName === "string" ? properties.stackName : id,
        region: region && region !== "unknown-region" ? region : undefined,
        template: parse(join(dir, String(properties?.templateFile)), template),
      });
    } else if (type === "cdk:asset-manifest") {
      for (const { source, destinations } of Object.values(parse(join(dir, String(properties?.file)), assets).files)) {
        for (const { objectKey } of Object.values(destinations)) {
          if (source.path) assembly.assetPaths.set(objectKey, join(dir, source.path));
        }
      }
    } else if (type === "cdk:cloud-assembly") {
      addFolder(assembly, join(dir, String(properties?.directoryName)));
    }
  }
}

function parse<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new Error(`The cloud assembly lacks ${file}. Synthesize the app first.`);
  const result = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!result.success) throw new Error(`${file} is not what a cloud assembly holds: ${z.prettifyError(result.error)}`);
  return result.data;
}
