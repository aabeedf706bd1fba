import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSRecord } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { listen } from "../../test/builders/fakes.ts";
import { SuiteError } from "../errors.ts";
import { onQueue, type QueueOptions } from "./on-queue.ts";

const sqs = mockClient(SQSClient);
const schema = z.strictObject({ id: z.string() });
let heard: ReturnType<typeof listen>;
beforeEach(() => {
  sqs.reset();
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  heard = listen();
});
afterEach(() => heard.end());

const record = (
  id: string,
  { group, tries = 1, body = JSON.stringify({ id }) }: { group?: string; tries?: number; body?: string } = {},
) =>
  ({
    messageId: id,
    receiptHandle: `handle ${id}`,
    body,
    attributes: { ApproximateReceiveCount: String(tries), ...(group && { MessageGroupId: group }) },
  }) as SQSRecord;

/** Runs a batch; `faults` says with what the work on a message fails. */
async function run(records: SQSRecord[], faults: Record<string, unknown> = {}, options: Partial<QueueOptions> = {}) {
  const done: string[] = [];
  const work = async ({ id }: { id: string }) => {
    await Promise.resolve();
    if (id in faults) throw faults[id];
    done.push(id);
  };
  const given = {
    name: "test-work",
    client: new SQSClient({ region: "us-east-1" }),
    queueUrl: "https://queue",
    ...options,
  };
  const answer = await onQueue(schema, work, given)({ Records: records }, {} as Context);
  return { done, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const away = new SuiteError("channel_unavailable", "away");
const visibilities = () =>
  sqs
    .commandCalls(ChangeMessageVisibilityCommand)
    .map(({ args: [{ input }] }) => [input.ReceiptHandle, input.VisibilityTimeout]);

describe("a batch", () => {
  it("reports only the failing record", async () => {
    const { done, failed } = await run([record("1"), record("2"), record("3")], { 2: away });
    expect([done.sort(), failed]).toEqual([["1", "3"], ["2"]]);
  });

  it("reports those behind it in its group as well, in their order, and goes on with other groups", async () => {
    const records = [
      record("a1", { group: "a" }),
      record("b1", { group: "b" }),
      record("a2", { group: "a" }),
      record("a3", { group: "a" }),
    ];
    const { done, failed } = await run(records, { a2: away });
    expect([done.sort(), failed]).toEqual([
      ["a1", "b1"],
      ["a2", "a3"],
    ]);
    expect(visibilities()).toEqual([
      ["handle a2", 2],
      ["handle a3", 0],
    ]);
  });

  it("handles the messages of a group one after the other", async () => {
    const { done } = await run(["1", "2", "3", "4"].map((id) => record(id, { group: "a" })));
    expect(done).toEqual(["1", "2", "3", "4"]);
  });
});

describe("a message that failed", () => {
  it.each([
    [1, undefined, 2],
    [3, undefined, 8],
    [9, undefined, 512],
    [12, undefined, 900],
    [1, 4_360, 5],
    [1, 3_600_000, 900],
    [5, 1_000, 32],
  ])("comes back after try %i, asked to wait %s ms, in %i s", async (tries, retryAfterMs, seconds) => {
    const fault = new SuiteError("rate_limited", "slowly", { details: { retryAfterMs } });
    await run([record("1", { tries })], { 1: fault });
    expect(visibilities()).toEqual([["handle 1", seconds]]);
  });

  it("is reported alone even when nobody can tell the queue how long it waits", async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error("away"));
    const { done, failed } = await run([record("1"), record("2")], { 1: away });
    expect([done, failed]).toEqual([["2"], ["1"]]);
    expect(heard.said().at(-1)).toMatchObject({ level: "warn", errorName: "Error" });
  });

  it("is logged by its id and the fault's code, without its body", async () => {
    await run([record("1")], { 1: away });
    expect(heard.said()).toEqual([
      expect.objectContaining({
        message: "test-work failed on a message",
        messageId: "1",
        errorCode: "channel_unavailable",
      }),
    ]);
  });
});

describe("a message that can never succeed", () => {
  const keptAside = () => {
    const aside: [string, string][] = [];
    const setAside = async (body: string, fault: SuiteError) => void aside.push([body, fault.code]);
    return { aside, setAside };
  };

  it.each([
    ["not JSON", "{"],
    ["of another form", '{"id":1}'],
    ["with a member too many", '{"id":"1","x":1}'],
  ])("is set aside with its reason and does not hold up its group: %s", async (_, body) => {
    const { aside, setAside } = keptAside();
    const { done, failed } = await run(
      [record("1", { group: "a", body }), record("2", { group: "a" })],
      {},
      { setAside },
    );
    expect([done, failed, aside]).toEqual([["2"], [], [[body, "payload_invalid"]]]);
  });

  it("waits like any other where there is nowhere to keep it", async () => {
    const { failed } = await run([record("1", { body: "{" })]);
    expect(failed).toEqual(["1"]);
  });

  it.each([
    [4, ["1"], []],
    [5, [], [['{"id":"1"}', "unforeseen"]]],
  ])("is one that failed %i times in a way nobody foresaw, from the fifth on", async (tries, failed, expected) => {
    const { aside, setAside } = keptAside();
    const result = await run([record("1", { tries })], { 1: new TypeError("of undefined") }, { setAside });
    expect([result.failed, aside]).toEqual([failed, expected]);
  });

  it("is never one that waits for a channel, however long", async () => {
    const { aside, setAside } = keptAside();
    const { failed } = await run([record("1", { tries: 90 })], { 1: away }, { setAside });
    expect([failed, aside]).toEqual([["1"], []]);
  });

  it("is not lost when it cannot be kept either, and holds up nobody but its group", async () => {
    const setAside = async () => Promise.reject(new Error("no quarantine"));
    const records = [record("1", { group: "a", body: "{" }), record("2", { group: "a" }), record("3", { group: "b" })];
    const { done, failed } = await run(records, {}, { setAside });
    expect([done, failed]).toEqual([["3"], ["1", "2"]]);
    expect(heard.said().map(({ message }) => message)).toContain("test-work could not set a message aside");
  });
});
