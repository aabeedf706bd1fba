import {
  DeleteMessageBatchCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { send } from "#shared/queue.ts";
import type { AwsPlace } from "./aws-place.ts";
import { OpsRefused } from "./ops-refused.ts";

/** Long enough to send ten messages on, short enough to try again soon after a fault. */
const heldSeconds = 60;

/**
 * Sends what lies in the dead-letter queue of `queue` (such as `intake`) back to where it came from, at most `max`
 * messages, in the order of each group. A message is deleted only after its queue has it, so a fault in between leaves it
 * in both; handling one twice does nothing twice. Returns how many were sent.
 *
 * Message by message, and not by SQS's own move: that moves everything there is, cannot be stopped after a few to see
 * whether the cause is gone, and does not exist on one machine.
 * @throws OpsRefused when nothing takes from that queue, SuiteError `queue_unavailable` when the queue refuses some
 */
export async function redrive(
  queue: string,
  { prefix, sqs }: Pick<AwsPlace, "prefix" | "sqs">,
  { max = Number.POSITIVE_INFINITY }: { max?: number } = {},
): Promise<number> {
  const { deadUrl, queueUrl } = await findWay(queue, prefix, sqs);
  let sent = 0;
  while (sent < max) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadUrl,
        MaxNumberOfMessages: Math.min(10, max - sent),
        VisibilityTimeout: heldSeconds,
        MessageSystemAttributeNames: ["MessageGroupId"],
        WaitTimeSeconds: 1, // asks all of SQS's servers, so that nothing is an end
      }),
    );
    if (Messages.length === 0) break;
    await send(Messages.map(again), { client: sqs, queueUrl });
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadUrl, Entries }));
    sent += Messages.length;
  }
  return sent;
}

/** The id it had in the dead-letter queue makes a second try after a fault the same message, and a later failure a new one. */
function again({ Body = "", MessageId = "", Attributes }: Message) {
  const group = Attributes?.MessageGroupId;
  return group === undefined ? { body: Body } : { body: Body, group, deduplicationId: `redrive-${MessageId}` };
}

async function findWay(queue: string, prefix: string, sqs: SQSClient): Promise<{ deadUrl: string; queueUrl: string }> {
  const urls = await queueUrls(prefix, sqs);
  const plain = queue
    .replace(prefix, "")
    .replace(/\.fifo$/, "")
    .replace(/-dead$/, "");
  const urlOf = (name: string) => urls.get(`${prefix}${name}`) ?? urls.get(`${prefix}${name}.fifo`);
  const deadUrl = urlOf(`${plain}-dead`);
  if (!deadUrl) {
    const names = [...urls.keys()].map((name) => name.replace(prefix, "").replace(/\.fifo$/, ""));
    const known = names.filter((name) => name.endsWith("-dead")).map((name) => name.replace(/-dead$/, ""));
    throw new OpsRefused(`${plain} has no dead-letter queue. These have: ${known.sort().join(", ")}.`);
  }
  const queueUrl = urlOf(plain);
  if (queueUrl) return { deadUrl, queueUrl };
  throw new OpsRefused(
    `${plain}-dead holds calls that failed and that nothing takes again: the next run has done their work. Purge it.`,
  );
}

/** By name. */
async function queueUrls(prefix: string, sqs: SQSClient): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000, NextToken }));
    for (const url of page.QueueUrls ?? []) urls.set(url.split("/").at(-1) ?? url, url);
    NextToken = page.NextToken;
  } while (NextToken);
  return urls;
}
