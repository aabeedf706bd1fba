import * as z from "zod";
import type { Rights } from "../access/rights.ts";
import { isObject, type Json, type JsonObject } from "../assembly/json.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { AsyncInvocations } from "../lambda/async-invocations.ts";
import type { Logs } from "../logs.ts";
import type { Destinations } from "./destinations.ts";

export const targetSchema = z.object({
  Arn: z.string(),
  RoleArn: z.string().optional(),
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
  rights: Pick<Rights, "mayInNameOf" | "mayService">;
}

class Refused extends Error {}

/**
 * Delivers an event to one target of a rule or schedule: a queue or a function. Answers false when the target refuses
 * it; the event is then in the target's dead-letter queue, or dropped with a log line when there is none.
 */
export function createTarget(
  resource: Resource,
  target: z.infer<typeof targetSchema>,
  deps: TargetDeps,
): (event: JsonObject) => Promise<boolean> {
  const { Arn, RoleArn, Input, InputPath, InputTransformer, DeadLetterConfig, SqsParameters } = target;
  const place = `${resource.stack}/${resource.logicalId}`;
  if (InputTransformer !== undefined)
    throw new Error(`${place} uses InputTransformer, which the local runtime does not know.`);
  const service = Arn.split(":")[2];
  if (service !== "sqs" && service !== "lambda")
    throw new Error(`${place} has the target ${Arn}; the local runtime knows queues and functions.`);

  /** A schedule has a role; a rule is let in by the queue's own policy. Leave of functions is not judged. */
  const mayPut = (on: string) => {
    const action = on.split(":")[2] === "sqs" ? "sqs:SendMessage" : "lambda:InvokeFunction";
    if (RoleArn) return deps.rights.mayInNameOf(RoleArn, action, on);
    return action !== "sqs:SendMessage" || deps.rights.mayService("events.amazonaws.com", action, on, resource.arn);
  };

  return async (event) => {
    const input = Input !== undefined ? (JSON.parse(Input) as Json) : InputPath ? follow(event, InputPath) : event;
    try {
      if (!mayPut(Arn)) throw new Refused(`${Arn} does not let it in.`);
      if (service === "sqs") await deps.destinations.deliver(Arn, input, { groupId: SqsParameters?.MessageGroupId });
      else if (deps.functionArns.has(Arn)) deps.invocations.accept(Arn, input);
      else throw new Error(`${Arn} does not exist.`);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.logs.add("local", `${place} cannot deliver: ${reason}`);
      // AWS drops it without a word when the dead-letter queue lets nobody in either.
      if (DeadLetterConfig && mayPut(DeadLetterConfig.Arn)) {
        const attributes = {
          RULE_ARN: resource.arn,
          TARGET_ARN: Arn,
          ERROR_CODE: error instanceof Refused ? "NO_PERMISSIONS" : "NO_RESOURCE",
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
