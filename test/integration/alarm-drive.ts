import { createClock } from "../../local/clock.ts";
import { readAssembly } from "../../local/runtime/assembly/read-assembly.ts";
import { type Resource, resolveTemplates } from "../../local/runtime/assembly/resolve-template.ts";
import { createAlarms } from "../../local/runtime/watch/alarms.ts";
import { createMetricStore } from "../../local/runtime/watch/metric-store.ts";

/** An alarm of the template with what it takes to raise it. */
export interface Driven {
  name: string;
  periodMs: number;
  periods: number;
  /** What to record, of the metric that it watches; undefined: nothing, because it is raised by silence. */
  bad: number | undefined;
  good: number | undefined;
  record(value: number, world: World): void;
}

export type World = ReturnType<typeof createWorld>;

/** The alarms of a cloud assembly over empty metrics, on a clock of their own. */
export function createWorld(resources: readonly Resource[]) {
  const clock = createClock({ mode: "moved", start: new Date("2026-11-25T02:00:00.000Z") });
  const metrics = createMetricStore(clock);
  return { clock, metrics, alarms: createAlarms(resources, metrics, clock) };
}

export function resourcesIn(assemblyDir: string): Resource[] {
  const surroundings = { region: "us-east-1", gatewayUrl: "http://127.0.0.1:1", apiUrl: () => "http://127.0.0.1:2" };
  return resolveTemplates(readAssembly(assemblyDir), surroundings);
}

interface Properties {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: string }[];
  Threshold: number;
  Period: number;
  EvaluationPeriods: number;
  ComparisonOperator: string;
}

/** Every alarm on a metric, by reading the template. @throws Error for a form that could not be driven. */
export function drivenIn(resources: readonly Resource[]): Driven[] {
  return resources
    .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
    .map(({ ref: name, properties }) => {
      const { Namespace, MetricName, Dimensions = [], ...when } = properties as unknown as Properties;
      if (!Namespace || !MetricName) throw new Error(`${name} watches no single metric; teach this driver.`);
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      const bySilence = when.ComparisonOperator === "LessThanThreshold";
      return {
        name,
        periodMs: Number(when.Period) * 1000,
        periods: Number(when.EvaluationPeriods),
        bad: bySilence ? undefined : Number(when.Threshold) + 1,
        good: bySilence ? Number(when.Threshold) : undefined,
        record: (value, { metrics }) => metrics.record(Namespace, MetricName, dimensions, value),
      };
    });
}

/** The names of the alarms that are in alarm. */
export const raisedIn = ({ alarms }: World): string[] =>
  alarms
    .list()
    .filter(({ state }) => state === "ALARM")
    .map(({ name }) => name);

/**
 * Lets `periods` of an alarm's periods pass. In each, the alarms in `bad` see what raises them and all others what is
 * usual.
 */
export async function pass(world: World, periods: number, all: readonly Driven[], bad: readonly Driven[]) {
  const stepMs = Math.max(60_000, ...bad.map(({ periodMs }) => periodMs));
  for (let minute = 0; minute < (periods * stepMs) / 60_000; minute++) {
    for (const each of all) {
      const value = bad.includes(each) ? each.bad : each.good;
      if (value !== undefined) each.record(value, world);
    }
    await world.clock.advance(60_000);
    world.alarms.evaluate();
  }
}
