import type { Identity } from "./identity.ts";
import { account, identify, type Place, runs } from "./identity.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Assembly, Stack } from "./read-assembly.ts";

export interface Resource {
  stack: string;
  logicalId: string;
  type: string;
  ref: string;
  arn: string;
  /** Every intrinsic function resolved. */
  properties: JsonObject;
}

export interface Surroundings {
  region: string;
  gatewayUrl: string;
  apiUrl(path: string): string;
}

/**
 * Every resource of every stack that this runtime runs, with its intrinsic functions resolved as CloudFormation would
 * after deploying. Throws, naming the resource, on an unknown type, an unknown function, or a reference to nothing.
 */
export function resolveTemplates(assembly: Assembly, surroundings: Surroundings): Resource[] {
  const exported = new Map<string, () => Json>();
  const scopes = assembly.stacks.map((stack) => createScope(stack, surroundings, exported));
  for (const scope of scopes) scope.addExports();
  return scopes.flatMap((scope) => scope.resources());
}

function createScope(stack: Stack, surroundings: Surroundings, exported: Map<string, () => Json>) {
  const { Resources, Parameters, Conditions, Mappings, Outputs } = stack.template;
  const region = stack.region ?? surroundings.region;
  const identities = new Map<string, Identity>();
  const pseudo: Record<string, Json> = {
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::AccountId": account,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": stack.name,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/local`,
    "AWS::NotificationARNs": [],
  };
  const fail = (where: string, what: string): never => {
    throw new Error(`${stack.name}/${where}: ${what}`);
  };

  const identityOf = (logicalId: string, from: string): Identity => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = Resources[logicalId] ?? fail(from, `refers to ${logicalId}, which the template does not hold.`);
    const place: Place = { ...surroundings, stack: stack.name, logicalId, region };
    // Names come first and alone: whole properties may refer back to the resource itself.
    const nameKeys = /^(\w*Name|FifoQueue)$/;
    const names = isObject(resource.Properties)
      ? Object.fromEntries(
          Object.entries(resource.Properties)
            .filter(([key]) => nameKeys.test(key))
            .map(([key, value]) => [key, resolve(value, logicalId)]),
        )
      : {};
    const identity = identify(resource.Type, place, names);
    identities.set(logicalId, identity);
    return identity;
  };

  const refOf = (name: string, from: string): Json => {
    if (name === "AWS::NoValue") return fail(from, "AWS::NoValue stands where a value is needed.");
    const fixed = pseudo[name] ?? Parameters[name]?.Default;
    if (fixed !== undefined) return fixed;
    if (Parameters[name]) return fail(from, `the parameter ${name} has no default.`);
    return identityOf(name, from).ref;
  };

  const attributeOf = (logicalId: string, attribute: string, from: string): string =>
    identityOf(logicalId, from).attributes[attribute] ??
    (runs(Resources[logicalId]?.Type ?? "")
      ? fail(from, `asks for the attribute ${attribute} of ${logicalId}, which the local runtime does not know.`)
      : `local-${logicalId}-${attribute}`);

  const conditionHolds = (name: string, from: string): boolean =>
    test(Conditions[name] ?? fail(from, `names the unknown condition ${name}.`), from);

  const test = (condition: Json, from: string): boolean => {
    if (!isObject(condition)) return condition === true || condition === "true";
    const [name, argument] = Object.entries(condition)[0] ?? [];
    const parts = Array.isArray(argument) ? argument : [];
    switch (name) {
      case "Condition":
        return conditionHolds(String(argument), from);
      case "Fn::Equals":
        return JSON.stringify(resolve(parts[0] ?? null, from)) === JSON.stringify(resolve(parts[1] ?? null, from));
      case "Fn::Not":
        return !test(parts[0] ?? null, from);
      case "Fn::And":
        return parts.every((part) => test(part, from));
      case "Fn::Or":
        return parts.some((part) => test(part, from));
      default:
        return fail(from, `uses ${name} in a condition, which the local runtime does not resolve.`);
    }
  };

  const substitute = (argument: Json, from: string): string => {
    const [text, own] = Array.isArray(argument) ? argument : [argument];
    return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (isObject(own) && name in own) return String(resolve(own[name] ?? null, from));
      const dot = name.indexOf(".");
      return String(dot > 0 ? attributeOf(name.slice(0, dot), name.slice(dot + 1), from) : refOf(name, from));
    });
  };

  const call = (name: string, argument: Json, from: string): Json => {
    const parts = Array.isArray(argument) ? argument : [argument];
    const list = (value: Json | undefined): Json[] => {
      const resolved = resolve(value ?? null, from);
      return Array.isArray(resolved) ? resolved : fail(from, `${name} needs a list.`);
    };
    switch (name) {
      case "Ref":
        return refOf(String(argument), from);
      case "Fn::GetAtt": {
        const [logicalId, ...path] = Array.isArray(argument) ? argument : String(argument).split(".");
        return attributeOf(String(logicalId), path.join("."), from);
      }
      case "Fn::Sub":
        return substitute(argument, from);
      case "Fn::Join":
        return list(parts[1]).join(String(parts[0]));
      case "Fn::Split":
        return String(resolve(parts[1] ?? null, from)).split(String(parts[0]));
      case "Fn::Select":
        return list(parts[1])[Number(resolve(parts[0] ?? null, from))] ?? fail(from, "Fn::Select picks past the end.");
      case "Fn::If":
        return resolve(parts[conditionHolds(String(parts[0]), from) ? 1 : 2] ?? null, from);
      case "Fn::FindInMap": {
        const [map, first, second] = parts.map((part) => String(resolve(part, from)));
        return Mappings[map ?? ""]?.[first ?? ""]?.[second ?? ""] ?? fail(from, `finds nothing in the mapping ${map}.`);
      }
      case "Fn::Base64":
        return Buffer.from(String(resolve(argument, from))).toString("base64");
      case "Fn::GetAZs":
        return [`${region}a`, `${region}b`, `${region}c`];
      case "Fn::ImportValue": {
        const wanted = String(resolve(argument, from));
        return (exported.get(wanted) ?? fail(from, `imports ${wanted}, which no stack exports.`))();
      }
      default:
        return fail(from, `uses ${name}, which the local runtime does not resolve.`);
    }
  };

  function resolve(value: Json, from: string): Json {
    if (Array.isArray(value)) return value.filter(isValue).map((entry) => resolve(entry, from));
    if (!isObject(value)) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (first && entries.length === 1 && (first[0] === "Ref" || first[0].startsWith("Fn::")))
      return call(...first, from);
    return Object.fromEntries(
      entries.filter(([, entry]) => isValue(entry)).map(([key, entry]) => [key, resolve(entry, from)]),
    );
  }

  /** False for what `AWS::NoValue` takes out of the template. */
  function isValue(value: Json): boolean {
    if (!isObject(value)) return true;
    if (value.Ref === "AWS::NoValue") return false;
    const choice = value["Fn::If"];
    if (!Array.isArray(choice)) return true;
    return isValue(choice[conditionHolds(String(choice[0]), "Fn::If") ? 1 : 2] ?? null);
  }

  return {
    addExports() {
      for (const [name, output] of Object.entries(Outputs)) {
        if (output.Export) exported.set(String(resolve(output.Export.Name, name)), () => resolve(output.Value, name));
      }
    },
    resources(): Resource[] {
      return Object.entries(Resources).flatMap(([logicalId, resource]) => {
        if (resource.Condition && !conditionHolds(resource.Condition, logicalId)) return [];
        const identity = identityOf(logicalId, logicalId);
        if (!runs(resource.Type)) return [];
        const properties = resolve(resource.Properties ?? {}, logicalId);
        return [
          {
            stack: stack.name,
            logicalId,
            type: resource.Type,
            ref: identity.ref,
            arn: identity.attributes.Arn ?? identity.ref,
            properties: isObject(properties) ? properties : {},
          },
        ];
      });
    },
  };
}
