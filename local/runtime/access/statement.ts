import * as z from "zod";
import type { Json } from "../assembly/json.ts";
import { type Condition, type Context, holds, isKnownOperator } from "./condition.ts";
import { isArnLike, isLike } from "./match.ts";

/** Who asks: a role, in whose name a function runs, or a service of AWS that speaks for itself. */
export type Principal = { kind: "role"; arn: string } | { kind: "service"; name: string };

export interface AccessRequest {
  principal: Principal;
  /** Such as `dynamodb:GetItem`. */
  action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  resource: string;
  context: Context;
}

export interface Statement {
  effect: "Allow" | "Deny";
  actions: readonly string[] | undefined;
  notActions: readonly string[] | undefined;
  /** Neither is set in a policy that hangs on the resource and names none. */
  resources: readonly string[] | undefined;
  notResources: readonly string[] | undefined;
  /** Undefined in a role's policy, which needs none. */
  principal: { everybody: boolean; arns: readonly string[]; services: readonly string[] } | undefined;
  conditions: readonly Condition[];
}

const texts = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat());
const values = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((given) => [given].flat().map(String));
const written = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: z.union([z.literal("*"), z.strictObject({ AWS: texts.optional(), Service: texts.optional() })]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
});

/**
 * Reads the statements of a policy document, or of a single statement. Throws, naming `place`, on whatever would not be
 * evaluated here as IAM does: a right that is judged wrongly is worse than a start that fails.
 */
export function readStatements(document: Json | undefined, place: string): Statement[] {
  return [document ?? []].flat().map((each) => {
    const result = written.safeParse(each);
    if (!result.success)
      throw new Error(`${place} has a statement that cannot be read: ${z.prettifyError(result.error)}`);
    const { Effect, Action, NotAction, Resource, NotResource, Principal, Condition } = result.data;
    const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, wanted]) => ({ operator, key, wanted })),
    );
    const unknown = conditions.find(({ operator }) => !isKnownOperator(operator));
    if (unknown)
      throw new Error(`${place} uses the condition operator ${unknown.operator}, which is not evaluated here.`);
    const all = [Resource, NotResource, ...conditions.map(({ wanted }) => wanted)].flatMap((list) => list ?? []);
    const variable = all.find((text) => text.includes("${"));
    if (variable) throw new Error(`${place} uses a policy variable in ${variable}, which is not evaluated here.`);
    const named = Principal === "*" ? { AWS: ["*"] } : Principal;
    return {
      effect: Effect,
      actions: Action,
      notActions: NotAction,
      resources: Resource,
      notResources: NotResource,
      principal: named && {
        everybody: named.AWS?.includes("*") ?? false,
        arns: named.AWS ?? [],
        services: "Service" in named ? (named.Service ?? []) : [],
      },
      conditions,
    };
  });
}

/** Whether a statement speaks of a request, principal aside. */
export function speaksOf(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const isAction = (pattern: string) => isLike(action.toLowerCase(), pattern.toLowerCase());
  const isResource = (pattern: string) => pattern === "*" || isArnLike(resource, pattern);
  if (actions && !actions.some(isAction)) return false;
  if (notActions?.some(isAction)) return false;
  if (resources && !resources.some(isResource)) return false;
  if (notResources?.some(isResource)) return false;
  return conditions.every((condition) => holds(condition, context));
}
