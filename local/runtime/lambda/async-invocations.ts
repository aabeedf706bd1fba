import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import type { Rights } from "../access/rights.ts";
import type { Activity } from "../activity.ts";
import type { JsonObject } from "../assembly/json.ts";
import { number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { type Destinations, deliveryRights } from "../events/destinations.ts";
import type { Keep } from "../keep.ts";
import type { MetricStore } from "../watch/metric-store.ts";
import type { LocalFunction } from "./functions.ts";

export interface AsyncInvocations {
  /** Accepts an event: from here on it survives the process, is retried twice, and then goes where the template says. */
  accept(functionArn: string, event: unknown): void;
  /** Takes up what an earlier run had accepted and not finished. */
  resume(): void;
}

const settings = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: number.optional(),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string() }).optional(), OnSuccess: z.unknown().optional() })
    .optional(),
});

const pending = z.object({ functionArn: z.string(), event: z.json(), attempts: z.number() });
type Pending = z.infer<typeof pending>;

const retryAfterMs = [60_000, 120_000];

export interface AsyncDeps {
  clock: LocalClock;
  activity: Activity;
  keep: Keep;
  metrics: MetricStore;
  functions: readonly LocalFunction[];
  destinations: Destinations;
  rights: Pick<Rights, "mayInNameOf">;
}

/** Lambda's queue of asynchronous invocations, used by rules and schedules. */
export function createAsyncInvocations(resources: readonly Resource[], deps: AsyncDeps): AsyncInvocations {
  const { clock, activity, keep, metrics, functions, destinations, rights } = deps;
  const byArn = new Map(functions.map((each) => [each.arn, each]));
  const configs = ofType(resources, "AWS::Lambda::EventInvokeConfig").map((resource) => {
    const config = readProperties(resource, settings);
    const target = functions.find(({ name, arn }) => [name, arn].includes(config.FunctionName));
    const destination = config.DestinationConfig?.OnFailure?.Destination;
    for (const [action, on] of target && destination ? deliveryRights(destination) : []) {
      if (target && !rights.mayInNameOf(target.arn, action, on)) {
        throw new Error(
          `${resource.stack}/${resource.logicalId} cannot be: the role of ${target.name} lacks ${action} on ${on}.`,
        );
      }
    }
    return config;
  });

  const run = async (id: string, { functionArn, event, attempts }: Pending) => {
    const target = byArn.get(functionArn);
    if (!target) return keep.delete(id);
    const done = activity.begin("asynchronous invocation");
    try {
      const outcome = await target.invoke(event);
      if (outcome.ok) return keep.delete(id);
      const config = configs.find(({ FunctionName }) => FunctionName === target.name || FunctionName === functionArn);
      const next: Pending = { functionArn, event, attempts: attempts + 1 };
      if (next.attempts <= (config?.MaximumRetryAttempts ?? 2)) {
        keep.set(id, JSON.stringify(next));
        const wait = retryAfterMs[attempts] ?? 120_000;
        clock.schedule(new Date(clock.now().getTime() + wait), () => void run(id, next));
        return;
      }
      const record: JsonObject = {
        version: "1.0",
        timestamp: clock.now().toISOString(),
        requestContext: { functionArn, condition: "RetriesExhausted", approximateInvokeCount: next.attempts },
        requestPayload: event,
        responsePayload: { ...outcome.error },
      };
      const onFailure = config?.DestinationConfig?.OnFailure?.Destination;
      if (onFailure) await destinations.deliver(onFailure, record);
      else if (target.deadLetterArn) await destinations.deliver(target.deadLetterArn, event);
      else metrics.record("AWS/Lambda", "AsyncEventsDropped", { FunctionName: target.name }, 1);
      keep.delete(id);
    } finally {
      done();
    }
  };

  return {
    accept(functionArn, event) {
      const id = `async/${clock.now().getTime()}-${randomUUID()}`;
      const accepted = pending.parse({ functionArn, event, attempts: 0 });
      keep.set(id, JSON.stringify(accepted));
      void run(id, accepted);
    },
    resume() {
      for (const [id, value] of keep.list("async/")) void run(id, pending.parse(JSON.parse(value)));
    },
  };
}
