import { Duration } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { otherTerms } from "#shared/case/retention.ts";
import type { SuiteFunction } from "./suite-function.ts";
import { SuiteStack } from "./suite-stack.ts";

/** Lambda's advice: less, and a message comes back while a full batch is still being retried. */
const visibilityRatio = 6;

const nameOf = (scope: Construct, part: string, fifo: boolean) =>
  `${SuiteStack.of(scope).nameOf(part)}${fifo ? ".fifo" : ""}`;

/** Where messages end that nobody could handle. Keeps them as long as SQS can; any message in it is an alarm. */
export class DeadLetterQueue extends Queue {
  readonly plainName: string;

  constructor(scope: Construct, id: string, { name, fifo = false }: { name: string; fifo?: boolean }) {
    const plainName = nameOf(scope, name, fifo);
    super(scope, id, {
      queueName: plainName,
      ...(fifo ? { fifo } : {}),
      retentionPeriod: Duration.days(otherTerms.deadLetters.days),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.plainName = plainName;
  }
}

export interface QueueWithDlqProps {
  fifo?: boolean;
  /** How long one batch may take: the timeout of the function that handles it. */
  handledWithin: Duration;
  /** How often a message is tried before it is set aside: five times, unless what it needs may be away for longer. */
  tries?: number;
}

/**
 * Tries of a message that needs a channel. They come after 2, 4, 8 … seconds and then every quarter of an hour, so that a
 * channel may be away for a day. What can never succeed is set aside long before by the function itself.
 */
export const triesOfADay = 100;

/** A queue whose messages are tried again for a while and then set aside. FIFO queues work at high throughput. */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  readonly plainName: string;
  readonly #handledWithin: Duration;

  constructor(scope: Construct, name: string, { fifo = false, handledWithin, tries = 5 }: QueueWithDlqProps) {
    super(scope, `${name}-queue`);
    this.plainName = nameOf(scope, name, fifo);
    this.#handledWithin = handledWithin;
    this.deadLetters = new DeadLetterQueue(this, "DeadLetters", { name: `${name}-dead`, fifo });
    this.queue = new Queue(this, "Queue", {
      queueName: this.plainName,
      // Each message names its own deduplication id: two bodies may differ and be the same news.
      ...(fifo
        ? {
            fifo,
            contentBasedDeduplication: false,
            deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
            fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          }
        : {}),
      visibilityTimeout: Duration.seconds(handledWithin.toSeconds() * visibilityRatio),
      retentionPeriod: Duration.days(otherTerms.notices.days),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: tries },
    });
  }

  get url(): string {
    return this.queue.queueUrl;
  }

  /** Hands messages to `worker`, which reports the records that failed, each by itself. */
  feed(worker: SuiteFunction, { batchSize }: { batchSize: number }): void {
    if (worker.timeoutLimit.toSeconds() > this.#handledWithin.toSeconds()) {
      throw new Error(`${worker.plainName} may take longer than ${this.plainName} allows for.`);
    }
    new EventSourceMapping(this, "Mapping", {
      target: worker,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
    });
    worker.may(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
      [this.queue.queueArn],
    );
  }

  takesFrom(sender: SuiteFunction): void {
    sender.may(["sqs:SendMessage"], [this.queue.queueArn]);
  }
}
