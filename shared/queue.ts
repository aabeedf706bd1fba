import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import { SuiteError } from "./errors.ts";

/** SQS takes at most ten messages a request, and 1 MiB in all; half of it leaves room for the envelope. */
const messagesPerRequest = 10;
const bytesPerRequest = 512 * 1024;

export interface Message {
  body: string;
  /** FIFO only. */
  group?: string;
  deduplicationId?: string;
  /** Standard queues only; at most 900. */
  delaySeconds?: number;
}

/**
 * Sends messages in as few requests as fit. The queue may take some and refuse others: the answer is read one by one.
 * @throws SuiteError `queue_unavailable` when any was not taken; sending them all again is safe for every consumer.
 */
export async function send(messages: readonly Message[], to: { client: SQSClient; queueUrl: string }): Promise<void> {
  for (const part of batches(messages)) {
    const Entries = part.map(
      ({ body, group, deduplicationId, delaySeconds }, index): SendMessageBatchRequestEntry => ({
        Id: String(index),
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: deduplicationId,
        DelaySeconds: delaySeconds,
      }),
    );
    const { Failed } = await to.client.send(new SendMessageBatchCommand({ QueueUrl: to.queueUrl, Entries }));
    if (Failed && Failed.length > 0) {
      throw new SuiteError("queue_unavailable", "the queue did not take every message", {
        details: { failed: Failed.length, code: Failed[0]?.Code },
      });
    }
  }
}

function batches(messages: readonly Message[]): Message[][] {
  const parts: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const last = parts.at(-1);
    if (last && last.length < messagesPerRequest && bytes + size <= bytesPerRequest) {
      last.push(message);
      bytes += size;
    } else {
      parts.push([message]);
      bytes = size;
    }
  }
  return parts;
}

/** A character may take six bytes once it stands in JSON, and each part must fit into one message. */
const charsPerPart = Math.floor((bytesPerRequest - 8 * 1024) / 6);

/** A message that can never succeed, kept with its reason for a person to look at. */
export function asideMessages(body: string, fault: SuiteError): Message[] {
  return inParts({ why: fault.code, message: fault.message, details: fault.details }, body);
}

/** A record that the connector could not read, kept with its reason and where it came from. */
export function rejectedMessages({
  record,
  ...about
}: {
  channel: string;
  from: string;
  why: string;
  record: string;
}): Message[] {
  return inParts(about, record);
}

/** What does not fit into one message goes in several, which together hold the whole record. */
function inParts(about: object, record: string): Message[] {
  const parts = Math.max(1, Math.ceil(record.length / charsPerPart));
  return Array.from({ length: parts }, (_, index) => {
    const piece = record.slice(index * charsPerPart, (index + 1) * charsPerPart);
    const whole = { ...about, ...(parts > 1 && { part: index + 1, parts }), record: piece };
    return { body: onlyWhatQueuesTake(JSON.stringify(whole)) };
  });
}

/**
 * JSON escapes control characters and lone surrogates; of what SQS refuses beside them, these two are left.
 * Source: SQS API reference, SendMessage, "A message can include only XML, JSON, and unformatted text", read 2026-11-25.
 */
function onlyWhatQueuesTake(json: string): string {
  return json.replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}
