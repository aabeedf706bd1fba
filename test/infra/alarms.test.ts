import { describe, expect, it } from "vitest";
import { channels } from "#shared/case/channel.ts";
import { metricNamespaceOf, metrics } from "#shared/metrics.ts";
import { channelAlarms } from "../../infra/stacks/own-alarms.ts";
import { at, type Json, listAt, regions, synthesize } from "./synthesize.ts";

describe.each(regions)("what wakes people in %s", (region) => {
  const { all } = synthesize({ region, alarmEmail: "ops@example.com" });
  const alarms = all("CloudWatch::Alarm").map(({ properties }) => properties);
  const combined = all("CloudWatch::CompositeAlarm").map(({ properties }) => properties);
  const isCombined = (id: string) => combined.some(({ AlarmRule }) => String(AlarmRule).includes(`"<${id}.Arn>"`));
  const dimension = (alarm: Json, name: string) =>
    listAt(alarm, "Dimensions")
      .filter((each) => at(each, "Name") === name)
      .map((each) => at(each, "Value"))[0];
  const watched = (metric: string, name: string) =>
    alarms.filter(({ MetricName }) => MetricName === metric).map((alarm) => dimension(alarm, name));
  const queues = all("SQS::Queue").map(({ properties }) => properties);
  const functions = all("Lambda::Function").map(({ properties }) => properties.FunctionName);

  it("watches every place where messages are set aside", () => {
    const ends = queues.filter(({ RedrivePolicy }) => !RedrivePolicy).map(({ QueueName }) => QueueName);
    expect(ends).toContain("casebridge-dev-quarantine");
    expect(watched("ApproximateNumberOfMessagesVisible", "QueueName").toSorted()).toEqual(ends.toSorted());
  });

  it("watches how long work waits in every queue", () => {
    const working = queues.filter(({ RedrivePolicy }) => RedrivePolicy).map(({ QueueName }) => QueueName);
    expect(watched("ApproximateAgeOfOldestMessage", "QueueName").toSorted()).toEqual(working.toSorted());
  });

  it.each(["Errors", "Throttles"])("watches the %s of every function", (metric) => {
    expect(watched(metric, "FunctionName").toSorted()).toEqual(functions.toSorted());
  });

  it("watches the stream, the table and every API", () => {
    expect(watched("IteratorAge", "FunctionName")).toEqual(["casebridge-dev-publish-events"]);
    expect(watched("WriteThrottleEvents", "TableName")).toHaveLength(1);
    expect(watched("5xx", "ApiId")).toHaveLength(all("ApiGatewayV2::Api").length);
  });

  const own = alarms.filter(({ Namespace }) => String(Namespace).startsWith("Casebridge"));

  it.each(channels)("watches every connector: %s", (channel) => {
    const seen = own.filter((alarm) => dimension(alarm, "Channel") === channel).map(({ MetricName }) => MetricName);
    expect(seen.toSorted()).toEqual(
      Object.values(channelAlarms)
        .map(({ metric }) => metric)
        .toSorted(),
    );
    const names = combined.map(({ AlarmName }) => AlarmName);
    expect(names).toContain(`casebridge-dev-deadlines-at-risk-${channel}`);
    expect(names).toContain(`casebridge-dev-channel-down-${channel}`);
  });

  it("watches what our functions count, in the namespace of the deployment that they count in", () => {
    expect(own.length).toBeGreaterThan(channels.length);
    for (const { MetricName, Namespace } of own) {
      expect(Object.keys(metrics)).toContain(MetricName);
      expect(Namespace).toBe(metricNamespaceOf("dev"));
    }
    for (const { properties } of all("Lambda::Function")) {
      expect(at(properties, "Environment", "Variables", "METRIC_NAMESPACE")).toBe(metricNamespaceOf("dev"));
    }
  });

  it("combines only alarms that exist", () => {
    const ids = all("CloudWatch::Alarm").map(({ id }) => `<${id}.Arn>`);
    for (const { AlarmRule } of combined) {
      const named = [...String(AlarmRule).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, arn]) => arn);
      expect(named.length).toBeGreaterThan(2);
      expect(named.filter((arn) => !ids.includes(String(arn)))).toEqual([]);
    }
  });

  it("says in every alarm what to do, and tells somebody of its start and its end, or leaves that to the one above", () => {
    const topic = [expect.stringMatching(/Topic/)];
    for (const { id, properties } of [...all("CloudWatch::Alarm"), ...all("CloudWatch::CompositeAlarm")]) {
      const { AlarmName, AlarmDescription, AlarmActions, OKActions } = properties;
      expect(String(AlarmDescription).length, String(AlarmName)).toBeGreaterThan(40);
      if (AlarmActions === undefined && isCombined(id)) continue;
      expect(AlarmActions, String(AlarmName)).toEqual(topic);
      expect(OKActions).toEqual(topic);
    }
  });

  it("takes silence for good news, because counters are silent while nothing happens, but of a sweep", () => {
    const uneasy = alarms.filter(({ TreatMissingData }) => TreatMissingData !== "notBreaching");
    expect(uneasy.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData])).toEqual([
      ["casebridge-dev-sweep-deadlines-silent", "breaching"],
      ["casebridge-dev-sweep-feeds-silent", "breaching"],
    ]);
  });

  it("encrypts alarm messages and refuses plain connections", () => {
    expect(all("SNS::Topic")[0]?.properties.KmsMasterKeyId).toBeDefined();
    expect(JSON.stringify(all("SNS::TopicPolicy")[0]?.properties)).toContain('"aws:SecureTransport":"false"');
  });

  it("writes to the address of the operators", () => {
    expect(all("SNS::Subscription").map(({ properties }) => properties)).toMatchObject([
      { Protocol: "email", Endpoint: "ops@example.com" },
    ]);
  });
});

describe("alarms on what a sweep tells", () => {
  it("look once per sweep, however rarely it runs, so that the time between two is no good news", () => {
    const { all } = synthesize({ sweepMinutes: "5" });
    const swept = all("CloudWatch::Alarm").filter(({ properties }) => Number(properties.Period) !== 60);
    const seen = swept.map(({ properties }) => [
      properties.MetricName,
      properties.Period,
      properties.EvaluationPeriods,
    ]);
    expect(seen).toContainEqual(["CasesDueWithinHour", 300, 6]);
    expect(seen).toContainEqual(["CasesLate", 300, 1]);
    expect(seen).toContainEqual(["Invocations", 300, 1]);
  });
});
