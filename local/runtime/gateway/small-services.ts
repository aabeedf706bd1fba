import { randomUUID } from "node:crypto";
import * as z from "zod";
import { account } from "../assembly/identity.ts";
import type { Outcome } from "../lambda/environment.ts";
import type { MetricStore } from "../watch/metric-store.ts";
import { type AwsCall, AwsFault, escapeXml, jsonAnswer } from "./aws-call.ts";
import type { Service } from "./gateway.ts";

const datum = z.object({
  MetricName: z.string(),
  Value: z.number().optional(),
  Values: z.array(z.number()).optional(),
  Counts: z.array(z.number()).optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});
const putMetricData = z.object({ Namespace: z.string(), MetricData: z.array(datum) });

/** CloudWatch: PutMetricData in the JSON protocol. */
export function serveCloudWatch(metrics: MetricStore): Service {
  return (call) => {
    if (call.operation !== "PutMetricData" || !call.headers["content-type"]?.includes("json")) {
      throw new AwsFault(
        "UnknownOperationException",
        `cloudwatch:${call.operation} is not imitated locally in this protocol.`,
      );
    }
    const { Namespace, MetricData } = putMetricData.parse(JSON.parse(call.body.toString()));
    for (const { MetricName, Value, Values, Counts, Dimensions } of MetricData) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value: value }) => [Name, value]));
      for (const [index, value] of (Values ?? [Value ?? 0]).entries()) {
        metrics.record(Namespace, MetricName, dimensions, value, Counts?.[index] ?? 1);
      }
    }
    return jsonAnswer({});
  };
}

/** SNS: Publish goes to the log; nobody is subscribed on one machine. */
export function serveSns(log: (line: string) => void): Service {
  return (call) => {
    if (call.operation !== "Publish")
      throw new AwsFault("InvalidAction", `sns:${call.operation} is not imitated locally.`);
    const form = new URLSearchParams(call.body.toString());
    log(`published to ${form.get("TopicArn")}: ${form.get("Subject") ?? ""} ${form.get("Message") ?? ""}`);
    return queryAnswer(call, `<MessageId>${randomUUID()}</MessageId>`);
  };
}

/** Lambda: a function invoked by name, for its answer. */
export function serveLambda(
  functions: readonly { name: string; arn: string; invoke(event: unknown): Promise<Outcome> }[],
): Service {
  return async (call) => {
    const named = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(call.path)?.[1];
    const isAnswered = (call.headers["x-amz-invocation-type"] ?? "RequestResponse") === "RequestResponse";
    if (!named || call.method !== "POST" || !isAnswered) {
      throw new AwsFault("UnknownOperationException", `lambda:${call.operation} is not imitated locally.`);
    }
    const name = decodeURIComponent(named);
    const found = functions.find((each) => each.name === name || each.arn === name);
    if (!found) throw new AwsFault("ResourceNotFoundException", `Function not found: ${name}`, 404);
    const outcome = await found.invoke(call.body.length === 0 ? {} : JSON.parse(call.body.toString()));
    if (outcome.ok)
      return { status: 200, headers: { "content-type": "application/json" }, body: outcome.payload ?? "null" };
    const headers = { "content-type": "application/json", "x-amz-function-error": "Unhandled" };
    return { status: 200, headers, body: JSON.stringify(outcome.error) };
  };
}

export const serveSts: Service = (call) => {
  if (call.operation !== "GetCallerIdentity")
    throw new AwsFault("InvalidAction", `sts:${call.operation} is not imitated locally.`);
  const arn = `arn:aws:sts::${account}:assumed-role/local/${escapeXml(call.caller)}`;
  return queryAnswer(
    call,
    `<Arn>${arn}</Arn><UserId>LOCAL:${escapeXml(call.caller)}</UserId><Account>${account}</Account>`,
  );
};

function queryAnswer({ operation }: AwsCall, result: string) {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}
