import { describe, expect, it } from "vitest";
import { channels } from "#shared/case/channel.ts";
import { metricNamespace, metrics } from "#shared/metrics.ts";
import { at, type Json, listAt, regions, synthesize } from "./synthesize.ts";

describe.each(regions)("what wakes people in %s", (region) => {
  const { all } = synthesize({ region, alarmEmail: "ops@example.com" });
  const alarms = all("CloudWatch::Alarm").map(({ properties }) => properties);
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

  it("watches what our functions count, per channel where the channel decides whom to call", () => {
    const own = alarms.filter(({ Namespace }) => Namespace === metricNamespace);
    const seen = own.map((alarm) => [String(alarm.MetricName), dimension(alarm, "Channel")].filter(Boolean).join(" "));
    const perChannel = [
      "WebhookRefused",
      "ShopUnknown",
      "DeadlineMissed",
      "CredentialsRejected",
      "UnknownStatus",
      "CommandUnclear",
    ];
    expect(seen).toEqual(
      expect.arrayContaining([
        ...perChannel.flatMap((metric) => channels.map((channel) => `${metric} ${channel}`)),
        "PublishFailed",
        "SweepLagSeconds",
      ]),
    );
    for (const { MetricName } of own) expect(Object.keys(metrics)).toContain(MetricName);
  });

  it("says in every alarm what to do, and tells somebody of its start and its end", () => {
    const topic = [expect.stringMatching(/Topic/)];
    for (const { AlarmName, AlarmDescription, AlarmActions, OKActions } of alarms) {
      expect(String(AlarmDescription).length, String(AlarmName)).toBeGreaterThan(40);
      expect(AlarmActions).toEqual(topic);
      expect(OKActions).toEqual(topic);
    }
  });

  it("takes silence for good news, because counters are silent while nothing happens", () => {
    for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe("notBreaching");
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
