import { randomUUID } from "node:crypto";
import * as z from "zod";
import { flag, number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { Keep } from "../keep.ts";
import { AwsFault, jsonAnswer } from "./aws-call.ts";
import type { Service } from "./gateway.ts";

export interface Secrets {
  /** Sets a secret's live version, and the one before it if given. `name` as in the template, or any other name. */
  set(name: string, value: { current: string | object; previous?: string | object }): void;
  /** Names of the template's secrets, in its order. */
  names: string[];
}

const secret = z.object({
  Name: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .object({
      SecretStringTemplate: z.string().optional(),
      GenerateStringKey: z.string().optional(),
      PasswordLength: number.optional(),
      ExcludePunctuation: flag.optional(),
    })
    .optional(),
});
const version = z.object({ id: z.string(), value: z.string() });
const stored = z.object({ AWSCURRENT: version.optional(), AWSPREVIOUS: version.optional() });
type Stored = z.infer<typeof stored>;

const read = z.object({
  SecretId: z.string(),
  VersionStage: z.enum(["AWSCURRENT", "AWSPREVIOUS"]).optional(),
  VersionId: z.string().optional(),
});
const put = z.object({ SecretId: z.string(), SecretString: z.string(), ClientRequestToken: z.string().optional() });

/** Secrets with their two live versions, kept with the data. */
export function createSecrets(resources: readonly Resource[], keep: Keep): { secrets: Secrets; serve: Service } {
  const arns = new Map<string, string>(); // any way of naming a secret → its name
  const names: string[] = [];
  for (const resource of ofType(resources, "AWS::SecretsManager::Secret")) {
    const properties = readProperties(resource, secret);
    const name = properties.Name ?? `${resource.stack}-${resource.logicalId}`;
    names.push(name);
    for (const alias of [resource.arn, resource.arn.replace(/-\w{6}$/, ""), resource.logicalId]) arns.set(alias, name);
    const first = properties.SecretString ?? generated(properties.GenerateSecretString);
    if (first !== undefined && !keep.get(`secret/${name}`)) write(name, { AWSCURRENT: newVersion(first) });
  }

  function write(name: string, versions: Stored) {
    keep.set(`secret/${name}`, JSON.stringify(versions));
  }

  const load = (id: string): { name: string; versions: Stored } => {
    const name = arns.get(id) ?? id;
    return { name, versions: stored.parse(JSON.parse(keep.get(`secret/${name}`) ?? "{}")) };
  };

  return {
    secrets: {
      names,
      set(id, { current, previous }) {
        write(arns.get(id) ?? id, {
          AWSCURRENT: newVersion(text(current)),
          ...(previous !== undefined && { AWSPREVIOUS: newVersion(text(previous)) }),
        });
      },
    },
    serve(call) {
      const body: unknown = JSON.parse(call.body.toString());
      switch (call.operation) {
        case "GetSecretValue": {
          const { SecretId, VersionStage = "AWSCURRENT", VersionId } = read.parse(body);
          const { name, versions } = load(SecretId);
          const stage = VersionId
            ? (["AWSCURRENT", "AWSPREVIOUS"] as const).find((each) => versions[each]?.id === VersionId)
            : VersionStage;
          const found = stage && versions[stage];
          if (!found) {
            const what = `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`;
            throw new AwsFault("ResourceNotFoundException", `${what} (${name})`);
          }
          return jsonAnswer({
            ARN: SecretId,
            Name: name,
            VersionId: found.id,
            SecretString: found.value,
            VersionStages: [stage],
          });
        }
        case "PutSecretValue": {
          const { SecretId, SecretString, ClientRequestToken } = put.parse(body);
          const { name, versions } = load(SecretId);
          const next = { id: ClientRequestToken ?? randomUUID(), value: SecretString };
          if (versions.AWSCURRENT?.id !== next.id) write(name, { AWSCURRENT: next, AWSPREVIOUS: versions.AWSCURRENT });
          return jsonAnswer({ ARN: SecretId, Name: name, VersionId: next.id, VersionStages: ["AWSCURRENT"] });
        }
        default:
          throw new AwsFault("UnknownOperationException", `secretsmanager:${call.operation} is not imitated locally.`);
      }
    },
  };
}

function newVersion(value: string) {
  return { id: randomUUID(), value };
}

function text(value: string | object): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function generated(how: z.infer<typeof secret>["GenerateSecretString"]): string | undefined {
  if (!how) return undefined;
  const password = randomUUID()
    .replaceAll("-", "")
    .slice(0, how.PasswordLength ?? 32);
  if (!how.GenerateStringKey) return password;
  return JSON.stringify({ ...JSON.parse(how.SecretStringTemplate ?? "{}"), [how.GenerateStringKey]: password });
}
