import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, it } from "vitest";
import { SuiteError } from "./errors.ts";
import { asideMessages, type Message, rejectedMessages, send } from "./queue.ts";

const sqs = mockClient(SQSClient);
const to = { client: new SQSClient({ region: "us-east-1" }), queueUrl: "https://queue" };
const messages = (count: number, body = "{}"): Message[] => Array.from({ length: count }, () => ({ body }));
const sizes = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries?.length);

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

it.each([
  [0, []],
  [1, [1]],
  [10, [10]],
  [21, [10, 10, 1]],
])("sends %i messages in requests of at most ten", async (count, expected) => {
  await send(messages(count), to);
  expect(sizes()).toEqual(expected);
});

it("keeps a request below what the queue takes, counting bytes and not letters", async () => {
  await send(messages(5, "售".repeat(60_000)), to); // 180,000 bytes each
  expect(sizes()).toEqual([2, 2, 1]);
});

it("hands on group, deduplication id and delay", async () => {
  await send(
    [
      { body: "a", group: "g", deduplicationId: "d" },
      { body: "b", delaySeconds: 30 },
    ],
    to,
  );
  expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries).toMatchObject([
    { MessageBody: "a", MessageGroupId: "g", MessageDeduplicationId: "d" },
    { MessageBody: "b", DelaySeconds: 30 },
  ]);
});

it("fails when the queue took some and refused others, to be sent again as a whole", async () => {
  const refused = { Id: "1", Code: "InternalError", SenderFault: false };
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [refused] });
  await expect(send(messages(2), to)).rejects.toMatchObject({
    code: "queue_unavailable",
    retryable: true,
    details: { failed: 1, code: "InternalError" },
  });
});

it("stops at the first request that fails", async () => {
  sqs.on(SendMessageBatchCommand).rejects(new Error("away"));
  await expect(send(messages(30), to)).rejects.toThrow("away");
  expect(sizes()).toEqual([10]);
});

it("sets a message aside with its reason and its untouched text", () => {
  const fault = new SuiteError("payload_invalid", "no status", { details: { field: "status" } });
  const [message] = asideMessages('{"id":9007199254740993}', fault);
  expect(JSON.parse(message?.body ?? "")).toEqual({
    why: "payload_invalid",
    message: "no status",
    details: { field: "status" },
    record: '{"id":9007199254740993}',
  });
});

const refusedBySqs = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

it.each([
  ["of quotes", '"'.repeat(1_048_576)],
  ["of control characters", "\u0001".repeat(1_048_576)],
  ["of Chinese", "售".repeat(349_525)],
  ["of pairs that a cut may part", `x${"🧧".repeat(262_143)}`],
  ["of what is no character", "\uFFFE\uFFFF\uD800".repeat(1_000)],
])("keeps a whole record of a megabyte aside, in messages that the queue takes: %s", (_, record) => {
  const about = { channel: "douyin", from: "push", why: "no id" };
  const kept = rejectedMessages({ ...about, record });
  expect(kept.filter(({ body }) => Buffer.byteLength(body) > 1_048_576 || refusedBySqs.test(body))).toEqual([]);
  const parts = kept.map(({ body }) => JSON.parse(body));
  expect(parts.map(({ record: _record, part, parts: of, ...rest }) => [rest, part, of])).toEqual(
    kept.map((_message, index) => (kept.length > 1 ? [about, index + 1, kept.length] : [about, undefined, undefined])),
  );
  expect(parts.map((each) => each.record).join("")).toBe(record);
});
