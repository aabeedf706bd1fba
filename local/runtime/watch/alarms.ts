import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import { flag, number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { readAlarmRule } from "./alarm-rule.ts";
import { evaluateExpression } from "./expression.ts";
import type { MetricStore } from "./metric-store.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface Alarm {
  name: string;
  logicalId: string;
  state: AlarmState;
  /** Why it is in that state, in words. */
  reason: string;
  since: Date;
  composite: boolean;
  /** As the template has it, for people. */
  description: string;
}

export interface AlarmChange {
  at: Date;
  name: string;
  from: AlarmState;
  to: AlarmState;
  reason: string;
}

const dimension = z.object({ Name: z.string(), Value: z.coerce.string() });
const stat = z.object({
  Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.array(dimension).default([]) }),
  Period: number,
  Stat: z.string(),
});
const query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: stat.optional(),
  ReturnData: flag.default(true),
  Period: number.optional(),
});
const metricAlarm = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(dimension).default([]),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: number.default(60),
  Metrics: z.array(query).optional(),
  EvaluationPeriods: number,
  DatapointsToAlarm: number.optional(),
  Threshold: number,
  ComparisonOperator: z.enum([
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  TreatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]).default("missing"),
});
type MetricAlarm = z.infer<typeof metricAlarm>;
const compositeAlarm = z.object({ AlarmRule: z.string() });
const described = z.object({ AlarmDescription: z.string().default("") });

export interface Alarms {
  list(): Alarm[];
  /** Every change of state since the start, oldest first. */
  readonly changes: readonly AlarmChange[];
  subscribe(listener: (change: AlarmChange) => void): () => void;
  /** Looks at the periods that ended by now. */
  evaluate(): void;
}

/** The template's alarms over the local metrics. */
export function createAlarms(resources: readonly Resource[], metrics: MetricStore, clock: LocalClock): Alarms {
  const changes: AlarmChange[] = [];
  const listeners = new Set<(change: AlarmChange) => void>();
  const begin = (resource: Resource, composite: boolean): Alarm => ({
    name: resource.ref,
    logicalId: resource.logicalId,
    state: "INSUFFICIENT_DATA",
    reason: "Not evaluated yet.",
    since: clock.now(),
    composite,
    description: readProperties(resource, described).AlarmDescription,
  });
  const startedAt = clock.now();
  const simple = ofType(resources, "AWS::CloudWatch::Alarm").map((resource) => ({
    alarm: begin(resource, false),
    settings: readProperties(resource, metricAlarm),
  }));
  const composites = ofType(resources, "AWS::CloudWatch::CompositeAlarm").map((resource) => ({
    alarm: begin(resource, true),
    holds: readAlarmRule(readProperties(resource, compositeAlarm).AlarmRule),
  }));
  const all = [...simple, ...composites].map(({ alarm }) => alarm);
  const stateOf = (nameOrArn: string) =>
    all.find(({ name }) => nameOrArn === name || nameOrArn.endsWith(`:alarm:${name}`))?.state;

  const move = (alarm: Alarm, to: AlarmState, reason: string) => {
    alarm.reason = reason;
    if (alarm.state === to) return;
    const change: AlarmChange = { at: clock.now(), name: alarm.name, from: alarm.state, to, reason };
    alarm.state = to;
    alarm.since = change.at;
    changes.push(change);
    for (const listener of listeners) listener(change);
  };

  return {
    list: () => all.map((alarm) => ({ ...alarm })),
    changes,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    evaluate() {
      for (const { alarm, settings } of simple) {
        if (settings.TreatMissingData === "breaching" && isTooEarly(settings, startedAt, clock.now())) continue;
        const { state, reason } = judge(settings, metrics, clock.now(), alarm.state);
        move(alarm, state, reason);
      }
      // Composites may rest on composites; each pass settles one level.
      for (let pass = 0; pass < 5; pass++) {
        for (const { alarm, holds } of composites) {
          const alarmed = holds(stateOf);
          move(alarm, alarmed ? "ALARM" : "OK", alarmed ? "The alarm rule holds." : "The alarm rule does not hold.");
        }
      }
    },
  };
}

function judge(
  settings: MetricAlarm,
  metrics: MetricStore,
  now: Date,
  before: AlarmState,
): { state: AlarmState; reason: string } {
  const {
    EvaluationPeriods,
    DatapointsToAlarm = EvaluationPeriods,
    TreatMissingData,
    Threshold,
    ComparisonOperator,
  } = settings;
  const periodMs = periodOf(settings) * 1000;
  const to = Math.floor(now.getTime() / periodMs) * periodMs;
  const from = to - EvaluationPeriods * periodMs;
  const points = datapoints(settings, metrics, new Date(from), new Date(to));
  const breaches = compare(ComparisonOperator, Threshold);
  let [breaching, present] = [0, 0];
  for (let at = from; at < to; at += periodMs) {
    const value = points.get(at);
    if (value !== undefined) present++;
    if (value === undefined ? TreatMissingData === "breaching" : breaches(value)) breaching++;
  }
  const values = [...points.values()].slice(-3).join(", ") || "no data";
  const reason = `${breaching} of ${EvaluationPeriods} periods breach ${ComparisonOperator} ${Threshold} (${values}).`;
  if (breaching >= DatapointsToAlarm) return { state: "ALARM", reason };
  if (present > 0 || TreatMissingData === "notBreaching" || TreatMissingData === "breaching")
    return { state: "OK", reason };
  return { state: TreatMissingData === "ignore" ? before : "INSUFFICIENT_DATA", reason };
}

/** Before the start nothing could be heard, and an alarm on silence would begin with a false one, as it does in AWS. */
function isTooEarly(settings: MetricAlarm, startedAt: Date, now: Date): boolean {
  return now.getTime() - startedAt.getTime() < settings.EvaluationPeriods * periodOf(settings) * 1000;
}

function periodOf({ Metrics, Period }: MetricAlarm): number {
  return Metrics
    ? Math.max(60, ...Metrics.map((each) => each.MetricStat?.Period ?? each.Period ?? 0))
    : Math.max(Period, 60);
}

function datapoints(settings: MetricAlarm, metrics: MetricStore, from: Date, to: Date): Map<number, number> {
  const { Namespace = "", MetricName = "", Dimensions, Statistic, ExtendedStatistic, Metrics } = settings;
  const periodSeconds = periodOf(settings);
  const named = (list: z.infer<typeof dimension>[]) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
  if (!Metrics) {
    const statistic = Statistic ?? ExtendedStatistic ?? "Average";
    return metrics.query({
      namespace: Namespace,
      name: MetricName,
      dimensions: named(Dimensions),
      statistic,
      periodSeconds,
      from,
      to,
    });
  }
  const byId = new Map<string, Map<number, number>>();
  const expressions = Metrics.filter(({ Expression }) => Expression !== undefined);
  for (const { Id, MetricStat } of Metrics) {
    if (!MetricStat) continue;
    const { Metric, Stat } = MetricStat;
    byId.set(
      Id,
      metrics.query({
        namespace: Metric.Namespace,
        name: Metric.MetricName,
        dimensions: named(Metric.Dimensions),
        statistic: Stat,
        periodSeconds,
        from,
        to,
      }),
    );
  }
  // In an order that lets one expression use another, whatever order they are written in.
  const uses = (text = "") => new Set(text.match(/[A-Za-z_]\w*/g));
  const pending = [...expressions];
  while (pending.length > 0) {
    const place = pending.findIndex(({ Expression }) => !pending.some(({ Id }) => uses(Expression).has(Id)));
    const [next] = pending.splice(Math.max(place, 0), 1);
    if (next) byId.set(next.Id, evaluateExpression(next.Expression ?? "", byId));
  }
  return byId.get(Metrics.find(({ ReturnData }) => ReturnData)?.Id ?? "") ?? new Map();
}

function compare(operator: MetricAlarm["ComparisonOperator"], threshold: number): (value: number) => boolean {
  switch (operator) {
    case "GreaterThanThreshold":
      return (value) => value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return (value) => value >= threshold;
    case "LessThanThreshold":
      return (value) => value < threshold;
    case "LessThanOrEqualToThreshold":
      return (value) => value <= threshold;
  }
}
