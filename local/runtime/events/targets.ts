import * as z from "zod";
import { isObject, type Json, type JsonObject } from "../assembly/json.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { AsyncInvocations } from "../lambda/async-invocations.ts";
import type { Logs } from "../logs.ts";
import type { Destinations } from "./destinations.ts";

export const targetSchema = z.object({
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z.unknown().optional(),
  DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string() }).optional(),
});

export interface TargetDeps {
  destinations: Destinations;
  invocations: AsyncInvocations;
  functionArns: ReadonlySet<string>;
  logs: Logs;
}

/**
 * Delivers an event to one target of a rule or schedule: a queue or a function. Answers false when the target refuses
 * it; the event is then in the target's dead-letter queue, or dropped with a log line when there is none.
 */
export function createTarget(
  resource: Resource,
  target: z.infer<typeof targetSchema>,
  deps: TargetDeps,
): (event: JsonObject) => Promise<boolean> {
  const { Arn, Input, InputPath, InputTransformer, DeadLetterConfig, SqsParameters } = target;
  const place = `${resource.stack}/${resource.logicalId}`;
  if (InputTransformer !== undefined)
    throw new Error(`${place} uses InputTransformer, which the local runtime does not know.`);
  const service = Arn.split(":")[2];
  if (service !== "sqs" && service !== "lambda")
    throw new Error(`${place} has the target ${Arn}; the local runtime knows queues and functions.`);

  return async (event) => {
    const input = Input !== undefined ? (JSON.parse(Input) as Json) : InputPath ? follow(event, InputPath) : event;
    try {
      if (service === "sqs") await deps.destinations.deliver(Arn, input, { groupId: SqsParameters?.MessageGroupId });
      else if (deps.functionArns.has(Arn)) deps.invocations.accept(Arn, input);
      else throw new Error(`${Arn} does not exist.`);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.logs.add("local", `${place} cannot deliver: ${reason}`);
      if (DeadLetterConfig) {
        const attributes = {
          RULE_ARN: resource.arn,
          TARGET_ARN: Arn,
          ERROR_CODE: "NO_RESOURCE",
          ERROR_MESSAGE: reason.slice(0, 500),
        };
        await deps.destinations.deliver(DeadLetterConfig.Arn, input, { attributes });
      }
      return false;
    }
  };
}

function follow(event: JsonObject, path: string): Json {
  let value: Json = event;
  for (const step of path.split(".").slice(1)) value = isObject(value) ? (value[step] ?? null) : null;
  return value;
}
