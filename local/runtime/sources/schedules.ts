import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import type { Activity } from "../activity.ts";
import { account } from "../assembly/identity.ts";
import { ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { createTarget, type TargetDeps, targetSchema } from "../events/targets.ts";
import { nextOccurrence } from "./schedule-expression.ts";

const shared = { ScheduleExpression: z.string().optional(), State: z.string().default("ENABLED") };
const rule = z.object({ ...shared, Targets: z.array(targetSchema).default([]) });
const schedule = z.object({ ...shared, ScheduleExpressionTimezone: z.string().default("UTC"), Target: targetSchema });

export interface ScheduleDeps extends TargetDeps {
  clock: LocalClock;
  activity: Activity;
  region: string;
}

/**
 * Starts the template's schedules: rules with a schedule expression and EventBridge Scheduler's. What fell due while the
 * runtime was not running is not made up for.
 */
export function startSchedules(resources: readonly Resource[], deps: ScheduleDeps): { stop(): void } {
  const { clock, activity } = deps;
  let stopped = false;

  const start = (
    resource: Resource,
    expression: string,
    targets: z.infer<typeof targetSchema>[],
    asScheduler: boolean,
  ) => {
    const deliver = targets.map((target) => createTarget(resource, target, deps));
    const arm = () => {
      const at = nextOccurrence(expression, clock.now());
      if (!at) return;
      clock.schedule(at, async () => {
        if (stopped) return;
        const done = activity.begin("schedule");
        arm();
        const event = {
          version: "0",
          id: randomUUID(),
          "detail-type": "Scheduled Event",
          source: asScheduler ? "aws.scheduler" : "aws.events",
          account,
          time: `${at.toISOString().slice(0, 19)}Z`,
          region: deps.region,
          resources: [resource.arn],
          detail: {},
        };
        for (const each of deliver) await each(event);
        done();
      });
    };
    arm();
  };

  for (const resource of ofType(resources, "AWS::Events::Rule")) {
    const { ScheduleExpression, State, Targets } = readProperties(resource, rule);
    if (ScheduleExpression && State === "ENABLED") start(resource, ScheduleExpression, Targets, false);
  }
  for (const resource of ofType(resources, "AWS::Scheduler::Schedule")) {
    const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } = readProperties(resource, schedule);
    if (ScheduleExpressionTimezone !== "UTC") {
      throw new Error(
        `${resource.stack}/${resource.logicalId} uses the zone ${ScheduleExpressionTimezone}; the local runtime knows UTC.`,
      );
    }
    if (ScheduleExpression && State === "ENABLED") start(resource, ScheduleExpression, [Target], true);
  }
  return {
    stop() {
      stopped = true;
    },
  };
}
