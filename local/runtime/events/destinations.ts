import { randomUUID } from "node:crypto";
import type { JsonObject } from "../assembly/json.ts";
import type { Fauxqs } from "../engines/fauxqs.ts";

/** Where rules, mappings and failed invocations put things. */
export interface Destinations {
  /** `arn` of a queue, or of a bucket (the record becomes one object). Throws when there is no such place. */
  deliver(
    arn: string,
    record: unknown,
    options?: { groupId?: string; attributes?: Record<string, string> },
  ): Promise<void>;
}

export function createDestinations(engine: Fauxqs): Destinations {
  const send = async (
    target: string,
    headers: Record<string, string>,
    method: string,
    url: string,
    payload: string,
  ) => {
    const { statusCode, rawPayload } = await engine.app.inject({ method, url, headers, payload });
    if (statusCode >= 300) throw new Error(`${target} refuses the record: ${rawPayload.toString()}`);
  };
  return {
    async deliver(arn, record, { groupId, attributes = {} } = {}) {
      const text = typeof record === "string" ? record : JSON.stringify(record);
      const service = arn.split(":")[2];
      if (service === "s3") {
        const bucket = arn.split(":::").at(-1) ?? "";
        const key = `${failureKey(record)}${randomUUID()}`;
        return send(arn, { "content-type": "application/json" }, "PUT", `/${bucket}/${key}`, text);
      }
      const queue = engine.sqs.getQueueByArn(arn);
      if (!queue) throw new Error(`${arn} does not exist.`);
      const message: JsonObject = {
        QueueUrl: `http://localhost/000000000000/${queue.name}`,
        MessageBody: text,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
        ),
      };
      if (queue.isFifo()) message.MessageGroupId = groupId ?? "default";
      await send(
        arn,
        { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" },
        "POST",
        "/",
        JSON.stringify(message),
      );
    },
  };
}

/** What a function's role needs, action and resource, for what failed to be put at `arn`. */
export function deliveryRights(arn: string): [action: string, resource: string][] {
  if (arn.split(":")[2] !== "s3") return [["sqs:SendMessage", arn]];
  return [
    ["s3:PutObject", `${arn}/aws/lambda/any`],
    ["s3:ListBucket", arn],
  ];
}

/** Lambda's own naming: `aws/lambda/<shard>/YYYY/MM/DD/…`. */
function failureKey(record: unknown): string {
  if (typeof record !== "object" || record === null) return "";
  const { DDBStreamBatchInfo, timestamp } = record as { DDBStreamBatchInfo?: { shardId: string }; timestamp?: string };
  if (!DDBStreamBatchInfo || !timestamp) return "";
  const stamp = timestamp.replace(/\.\d+Z$/, "").replaceAll(":", ".");
  return `aws/lambda/${DDBStreamBatchInfo.shardId}/${timestamp.slice(0, 10).replaceAll("-", "/")}/${stamp}-`;
}
