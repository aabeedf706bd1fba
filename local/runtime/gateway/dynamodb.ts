import type { DynamoClient } from "../engines/dynamo-client.ts";
import type { AwsAnswer } from "./aws-call.ts";
import type { Counts } from "./counts.ts";
import type { Service } from "./gateway.ts";

const reads = new Set(["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"]);
const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);

export interface DynamoDeps {
  dynamo: DynamoClient;
  counts: Counts;
  /** Told after every call that may have written, before the caller hears of it. */
  onWrite(): void;
}

/**
 * Passes DynamoDB and stream calls to the engine as they are, except that each read and write is made to report the
 * capacity it consumed. Bodies are never parsed on the way.
 */
export function serveDynamo({ dynamo, counts, onWrite }: DynamoDeps): Service {
  return async (call) => {
    const isWrite = writes.has(call.operation);
    const body = isWrite || reads.has(call.operation) ? askForCapacity(call.body) : call.body;
    const { status, headers, body: answer } = await dynamo.forward(call.headers["x-amz-target"] ?? "", body);
    if (isWrite) {
      counts.add(call, { calls: 0, writeUnits: status === 200 ? capacityIn(answer) : billedRefusal(answer) });
      onWrite();
    } else {
      counts.add(call, { calls: 0, readUnits: capacityIn(answer) });
    }
    return { status, headers: passedOn(headers), body: answer };
  };
}

const asked = Buffer.from('"ReturnConsumedCapacity"');
const wanted = Buffer.from('{"ReturnConsumedCapacity":"TOTAL",');

function askForCapacity(body: Buffer): Buffer {
  if (body.includes(asked) || body[0] !== 0x7b || body[1] !== 0x22) return body;
  return Buffer.concat([wanted, body.subarray(1)]);
}

/** The sum over the tables of the answer; nothing else in an answer is spelled with an unquoted colon like this. */
function capacityIn(answer: Buffer): number {
  const start = answer.indexOf('"ConsumedCapacity":');
  if (start < 0) return 0;
  const units = answer
    .subarray(start, start + 2000)
    .toString("latin1")
    .matchAll(/"TableName":"[^"]*","CapacityUnits":([\d.]+)|"CapacityUnits":([\d.]+),"TableName"/g);
  return units.reduce((sum, [, after, before]) => sum + Number(after ?? before), 0);
}

/** A write whose condition fails is billed like a write of the item; the engine does not report it, so count the least. */
function billedRefusal(answer: Buffer): number {
  if (answer.includes("ConditionalCheckFailedException")) return 1;
  return answer.includes("TransactionCanceledException") ? 2 : 0;
}

function passedOn(headers: Record<string, string | string[] | undefined>): AwsAnswer["headers"] {
  const kept: Record<string, string> = {};
  for (const name of ["content-type", "x-amzn-requestid", "x-amz-crc32"]) {
    const value = headers[name];
    if (typeof value === "string") kept[name] = value;
  }
  return kept;
}
