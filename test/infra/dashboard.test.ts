import { describe, expect, it } from "vitest";
import { channels } from "#shared/case/channel.ts";
import { metricNamespaceOf, metrics } from "#shared/metrics.ts";
import { regions, synthesize } from "./synthesize.ts";

interface Widget {
  type: string;
  properties: { title?: string; alarms?: string[]; metrics?: unknown[][] };
}

describe.each(regions)("the dashboard in %s", (region) => {
  const { all } = synthesize({ region });
  const [dashboard] = all("CloudWatch::Dashboard");
  const { widgets } = JSON.parse(String(dashboard?.properties.DashboardBody)) as { widgets: Widget[] };
  const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []);

  it("shows every alarm, the combined first, and no more in a widget than CloudWatch takes", () => {
    const lists = widgets.filter(({ type }) => type === "alarm").map(({ properties }) => properties.alarms ?? []);
    const arns = (type: string) => all(type).map(({ id }) => `<${id}.Arn>`);
    expect(lists[0]).toEqual(arns("CloudWatch::CompositeAlarm"));
    expect(lists.flat()).toHaveLength(new Set(lists.flat()).size);
    expect(lists.flat().toSorted()).toEqual(
      [...arns("CloudWatch::CompositeAlarm"), ...arns("CloudWatch::Alarm")].toSorted(),
    );
    for (const list of lists) expect(list.length).toBeLessThanOrEqual(100);
  });

  it.each(channels)("shows of %s what is nearest, at risk, late and missed", (channel) => {
    const of = widgets.find(({ properties }) => properties.title === channel)?.properties.metrics ?? [];
    expect(of.map(([, name]) => name)).toEqual([
      "NearestDueSeconds",
      "CasesDueWithinHour",
      "CasesLate",
      "DeadlineMissed",
      "CasesOnTheClock",
    ]);
    for (const metric of of) expect(metric).toContain(channel);
  });

  it("shows only metrics that the deployment puts out", () => {
    const own = shown.filter(([namespace]) => String(namespace).startsWith("Casebridge"));
    expect(own.length).toBeGreaterThan(40);
    for (const [namespace, name] of own) {
      expect(namespace).toBe(metricNamespaceOf("dev"));
      expect(Object.keys(metrics)).toContain(name);
    }
  });

  it("shows queues, functions and what is billed by the request", () => {
    const names = new Set(shown.map(([namespace, name]) => `${namespace} ${name}`));
    const billed = ["AWS/ApiGateway Count", "AWS/Lambda Invocations", "AWS/SQS NumberOfMessagesSent"];
    expect([...names]).toEqual(
      expect.arrayContaining([...billed, "AWS/DynamoDB ConsumedWriteCapacityUnits", "AWS/Lambda Errors"]),
    );
  });
});
