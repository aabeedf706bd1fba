import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import { account } from "../assembly/identity.ts";
import type { Json, JsonObject } from "../assembly/json.ts";
import { json, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { AwsFault, jsonAnswer } from "../gateway/aws-call.ts";
import type { Service } from "../gateway/gateway.ts";
import type { Dimensions, MetricStore } from "../watch/metric-store.ts";
import { readPattern } from "./event-pattern.ts";
import { createTarget, type TargetDeps, targetSchema } from "./targets.ts";

const rule = z.object({
  EventBusName: z.string().default("default"),
  EventPattern: z.record(z.string(), json).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().default("ENABLED"),
  Targets: z.array(targetSchema).default([]),
});

const putEvents = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string().optional(),
        DetailType: z.string().optional(),
        Detail: z.string().optional(),
        EventBusName: z.string().default("default"),
        Resources: z.array(z.string()).default([]),
        Time: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});

const entryLimitBytes = 1_048_576;

export interface BusDeps extends TargetDeps {
  clock: LocalClock;
  metrics: MetricStore;
  region: string;
  /** Told of every event that a bus accepts, whether a rule asks for it or not. */
  heard: (event: JsonObject) => void;
}

/**
 * EventBridge's buses with the template's rules. An event is with every target (or its dead-letter queue) before the
 * caller hears that it was accepted, so nothing waits here that a dying process could lose.
 */
export function createBus(resources: readonly Resource[], deps: BusDeps): Service {
  const buses = new Set(["default", ...ofType(resources, "AWS::Events::EventBus").map(({ ref }) => ref)]);
  const rules = ofType(resources, "AWS::Events::Rule").flatMap((resource) => {
    const { EventBusName, EventPattern, State, Targets } = readProperties(resource, rule);
    if (!EventPattern || State !== "ENABLED") return [];
    const targets = Targets.map((target) => createTarget(resource, target, deps));
    return [
      { name: resource.ref, bus: busName(EventBusName), matches: readPattern(EventPattern as JsonObject), targets },
    ];
  });

  const publish = async (bus: string, event: JsonObject) => {
    deps.heard(event);
    for (const { name, bus: on, matches, targets } of rules) {
      if (on !== bus || !matches(event)) continue;
      for (const target of targets) {
        const delivered = await target(event);
        const seenAs: Dimensions[] = [{ RuleName: name }, { EventBusName: bus, RuleName: name }];
        for (const dimensions of seenAs) {
          deps.metrics.record("AWS/Events", "Invocations", dimensions, 1);
          deps.metrics.record("AWS/Events", "FailedInvocations", dimensions, delivered ? 0 : 1);
        }
      }
    }
  };

  return async (call) => {
    if (call.operation !== "PutEvents") {
      throw new AwsFault("UnknownOperationException", `events:${call.operation} is not imitated locally.`);
    }
    const input = putEvents.safeParse(JSON.parse(call.body.toString()));
    if (!input.success) throw new AwsFault("ValidationException", z.prettifyError(input.error));
    deps.metrics.record("AWS/Events", "PutEventsEntriesCount", {}, input.data.Entries.length);
    const Entries: JsonObject[] = [];
    for (const entry of input.data.Entries) {
      const detail = readDetail(entry.Detail);
      const problem =
        !entry.Source || !entry.DetailType ? "InvalidArgument" : detail === undefined ? "MalformedDetail" : undefined;
      const bus = busName(entry.EventBusName);
      if (!buses.has(bus)) throw new AwsFault("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
      if (Buffer.byteLength(entry.Detail ?? "") > entryLimitBytes) {
        throw new AwsFault("ValidationException", "Total size of the entries in the request is over the limit.");
      }
      if (problem || !entry.Source || !entry.DetailType || detail === undefined) {
        Entries.push({
          ErrorCode: problem ?? "InvalidArgument",
          ErrorMessage: "Source, DetailType and a JSON Detail are needed.",
        });
        continue;
      }
      const id = randomUUID();
      const time = entry.Time === undefined ? deps.clock.now() : new Date(entry.Time * 1000);
      await publish(bus, {
        version: "0",
        id,
        "detail-type": entry.DetailType,
        source: entry.Source,
        account,
        time: `${time.toISOString().slice(0, 19)}Z`,
        region: deps.region,
        resources: entry.Resources,
        detail,
      });
      Entries.push({ EventId: id });
    }
    return jsonAnswer({ FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries });
  };
}

/** A bus is named by its name or its ARN. */
function busName(nameOrArn: string): string {
  return nameOrArn.split("/").at(-1) ?? nameOrArn;
}

function readDetail(text: string | undefined): Json | undefined {
  try {
    return JSON.parse(text ?? "") as Json;
  } catch {
    return undefined;
  }
}
