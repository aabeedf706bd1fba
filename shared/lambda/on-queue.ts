import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";
import { isSuiteError, SuiteError } from "../errors.ts";
import { faultFields, log } from "../log.ts";
import { logFaults } from "./middleware.ts";

export interface QueueOptions {
  /** Names the work in log lines. */
  name: string;
  client: SQSClient;
  queueUrl: string;
  /** Keeps a message that can never succeed, with its reason, so that it does not hold up its group. */
  setAside?: (body: string, fault: SuiteError) => Promise<void>;
}

/** Tries of a message that fails in a way nobody foresaw. Only what is known to pass by itself is tried for longer. */
const triesOfUnforeseen = 5;

/**
 * The way in from a queue. Groups of a FIFO queue run side by side, messages of a group one after the other; a message
 * that fails is reported alone, together with those behind it in its group. A repeat waits as long as the channel asked,
 * or longer with each try.
 */
export function onQueue<Body>(schema: z.ZodType<Body>, work: (body: Body) => Promise<void>, options: QueueOptions) {
  return onTexts(async (text) => work(read(text, schema)), options);
}

/** As `onQueue`, for queues that others write to: the work reads the message's text itself. */
export function onTexts(work: (text: string) => Promise<void>, options: QueueOptions) {
  const workOn = (record: SQSRecord) => work(record.body);
  return middy<SQSEvent, SQSBatchResponse>()
    .use(logFaults(options.name))
    .handler(async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const groups = Map.groupBy(event.Records, (record) => record.attributes.MessageGroupId ?? record.messageId);
      const failed = await Promise.all([...groups.values()].map((records) => runGroup(records, workOn, options)));
      return { batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
}

/** The records of the group that failed, or that wait behind one that did. */
async function runGroup(
  records: readonly SQSRecord[],
  workOn: (record: SQSRecord) => Promise<void>,
  options: QueueOptions,
): Promise<SQSRecord[]> {
  for (const [index, record] of records.entries()) {
    try {
      await workOn(record);
    } catch (fault) {
      const { messageId } = record;
      log.error(`${options.name} failed on a message`, { messageId, ...faultFields(fault) });
      const hopeless = hopelessIn(fault, record);
      if (hopeless && (await isSetAside(record, hopeless, options))) continue;
      const waiting = records.slice(index);
      await postpone(waiting, fault, options);
      return waiting;
    }
  }
  return [];
}

/** A message that cannot be kept either waits like any other, so that it is lost nowhere and the rest of the batch goes on. */
async function isSetAside(record: SQSRecord, hopeless: SuiteError, { name, setAside }: QueueOptions): Promise<boolean> {
  if (!setAside) return false;
  try {
    await setAside(record.body, hopeless);
    return true;
  } catch (fault) {
    log.error(`${name} could not set a message aside`, { messageId: record.messageId, ...faultFields(fault) });
    return false;
  }
}

/** The fault, if trying again is of no use. */
function hopelessIn(fault: unknown, { attributes }: SQSRecord): SuiteError | undefined {
  if (isSuiteError(fault)) return fault.retryable ? undefined : fault;
  if (Number(attributes.ApproximateReceiveCount) < triesOfUnforeseen) return undefined;
  const name = fault instanceof Error ? fault.name : typeof fault;
  return new SuiteError("unforeseen", `failed ${triesOfUnforeseen} times with ${name}`, { cause: fault });
}

function read<Body>(text: string, schema: z.ZodType<Body>): Body {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SuiteError("payload_invalid", "the message is not of the form this queue carries", { cause });
  }
}

/** Sets when the failed message comes back; those behind it come back with it, because the group keeps its order. */
async function postpone(waiting: readonly SQSRecord[], fault: unknown, { client, queueUrl }: QueueOptions) {
  const [first] = waiting;
  if (!first) return;
  const tries = Number(first.attributes.ApproximateReceiveCount);
  const asked = isSuiteError(fault) ? Number(fault.details.retryAfterMs ?? 0) / 1000 : 0;
  const delay = Math.min(900, Math.max(Math.ceil(asked), 2 ** Math.min(tries, 10)));
  await Promise.all(
    waiting.map(async ({ messageId, receiptHandle }, index) => {
      const VisibilityTimeout = index === 0 ? delay : 0;
      const wish = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
      try {
        await client.send(new ChangeMessageVisibilityCommand(wish));
      } catch (refused) {
        // Only the time is lost: it is reported as failed and comes back when its visibility ends.
        log.warn("a failed message comes back at the queue's own time", { messageId, ...faultFields(refused) });
      }
    }),
  );
}
