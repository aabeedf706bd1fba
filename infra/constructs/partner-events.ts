import { Duration } from "aws-cdk-lib";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { QueueWithDlq } from "./queue-with-dlq.ts";
import type { SuiteFunction } from "./suite-function.ts";

export interface PartnerEventsProps {
  /** The partner source's name; AWS wants its bus to bear the same, and nobody but the partner can put events on it. */
  source: string;
  detailType: string;
  handledWithin: Duration;
}

/** Events that a partner of AWS puts on a bus of ours, and the queue that they wait in. */
export class PartnerEvents extends Construct {
  readonly #queue: QueueWithDlq;

  constructor(scope: Construct, channel: string, { source, detailType, handledWithin }: PartnerEventsProps) {
    super(scope, `partner-events-${channel}`);
    const bus = new EventBus(this, "Bus", { eventSourceName: source });
    this.#queue = new QueueWithDlq(this, `notifications-${channel}`, { handledWithin });
    new Rule(this, "PartnerEventReachesQueue", {
      eventBus: bus,
      eventPattern: { source: [source], detailType: [detailType] },
      targets: [
        new SqsQueue(this.#queue.queue, {
          deadLetterQueue: this.#queue.deadLetters,
          maxEventAge: Duration.days(1),
          retryAttempts: 185,
        }),
      ],
    });
  }

  get url(): string {
    return this.#queue.url;
  }

  feed(worker: SuiteFunction): void {
    this.#queue.feed(worker, { batchSize: 10 });
  }
}
