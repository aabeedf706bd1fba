import { Duration } from "aws-cdk-lib";
import { type EventPattern, type IEventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { NewsName } from "#shared/case/news.ts";
import { eventSource } from "#shared/events/case-events.ts";
import { QueueWithDlq } from "./queue-with-dlq.ts";
import type { SuiteFunction } from "./suite-function.ts";

/** What a rule listens for: events of these names, and of those only what has this in its detail. */
export interface Hears {
  names: NewsName[];
  data?: Record<string, unknown>;
}

export interface EventRulesProps {
  bus: IEventBus;
  worker: SuiteFunction;
  /** Rules by the sentence they implement, in the form SubjectVerbsObject. */
  rules: Record<string, Hears>;
}

/**
 * The way from the bus to one handler: its rules fill its own queue, so a slow handler holds up nobody and loses nothing.
 * What the bus cannot deliver in an hour and what the handler cannot do in five tries end in the same dead-letter queue.
 */
export class EventRules extends Construct {
  constructor(scope: Construct, name: string, { bus, worker, rules }: EventRulesProps) {
    super(scope, `${name}-rules`);
    const way = new QueueWithDlq(this, name, { handledWithin: worker.timeoutLimit });
    way.feed(worker, { batchSize: 10 });
    // A handler sets how long its failed messages wait, on the queue they came from.
    worker.addEnvironment("SOURCE_QUEUE_URL", way.url);
    for (const [sentence, { names, data }] of Object.entries(rules)) {
      const eventPattern: EventPattern = {
        source: [eventSource],
        detailType: names,
        ...(data ? { detail: { data } } : {}),
      };
      const target = new SqsQueue(way.queue, {
        deadLetterQueue: way.deadLetters,
        maxEventAge: Duration.hours(1),
        retryAttempts: 100,
      });
      new Rule(this, sentence, { ruleName: sentence, eventBus: bus, eventPattern, targets: [target] });
    }
  }
}
