import { describe, expect, it } from "vitest";
import { otherTerms } from "#shared/case/retention.ts";
import { at, type JsonObject, listAt, regions, synthesize } from "./synthesize.ts";

const daySeconds = 86_400;

describe.each(regions)("what lies outside of the table in %s", (region) => {
  const { all } = synthesize({ region });
  const bucket = (name: string) => all("S3::Bucket").find(({ id }) => new RegExp(`/${name}[0-9A-F]{8}$`).test(id));
  const ends = (name: string) =>
    listAt(bucket(name)?.properties, "LifecycleConfiguration", "Rules").map((rule) => [
      at(rule, "ExpirationInDays"),
      at(rule, "NoncurrentVersionExpiration", "NoncurrentDays"),
    ]);
  const logs = all("Logs::LogGroup").map(({ properties }) => ({
    isOfOperators: String(properties.LogGroupName).endsWith("/operators"),
    days: properties.RetentionInDays,
  }));

  it("waits in queues as long as it says, and longer only where nothing could be done", () => {
    const days = (properties: JsonObject) => Number(properties.MessageRetentionPeriod) / daySeconds;
    const queues = all("SQS::Queue").map(({ properties }) => ({
      isEnd: /-(dead|quarantine|events-dead|alarms-dead)(\.fifo)?$/.test(String(properties.QueueName)),
      days: days(properties),
    }));
    expect(new Set(queues.filter(({ isEnd }) => isEnd).map((each) => each.days))).toEqual(
      new Set([otherTerms.deadLetters.days]),
    );
    expect(new Set(queues.filter(({ isEnd }) => !isEnd).map((each) => each.days))).toEqual(
      new Set([otherTerms.notices.days]),
    );
  });

  it.each([
    ["Failures", [[otherTerms.failures.days, undefined]]],
    ["Evidence", [[otherTerms.evidence.days, otherTerms.replaced.days]]],
    ["AccessLogs", [[otherTerms.bucketAccess.days, undefined]]],
  ])("is in the bucket %s as long as it says", (name, expected) => expect(ends(name)).toEqual(expected));

  it("has no bucket and no log without an end", () => {
    expect(all("S3::Bucket")).toHaveLength(3);
    const daysOf = (isOfOperators: boolean) =>
      new Set(logs.filter((each) => each.isOfOperators === isOfOperators).map(({ days }) => days));
    expect(daysOf(false)).toEqual(new Set([otherTerms.logs.days]));
    // Where Cognito is not, as in China, nobody can be an operator: there is no such API.
    expect([...daysOf(true)]).toEqual(region.startsWith("cn-") ? [] : [otherTerms.operators.days]);
  });
});
