import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { excuse } from "./excuse.ts";
import { DeadLetterQueue } from "./queue-with-dlq.ts";
import type { SuiteFunction } from "./suite-function.ts";

/**
 * Runs a sweep each minute, or as often as the deployment says. A run that fails or is late is not repeated, because the next one finds what it left; it is
 * set aside only to be noticed.
 */
export class SweepSchedule extends Construct {
  constructor(
    scope: Construct,
    sentence: string,
    { name, sweep, minutes }: { name: string; sweep: SuiteFunction; minutes: number },
  ) {
    super(scope, `${name}-schedule`);
    const missed = new DeadLetterQueue(this, "Missed", { name: `${name}-dead` });
    excuse(missed, "AwsSolutions-SQS3", "It is a dead-letter queue, of a rule and of asynchronous calls.");
    new Rule(this, sentence, {
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [
        new LambdaFunction(sweep, {
          deadLetterQueue: missed,
          retryAttempts: 0,
          maxEventAge: Duration.minutes(minutes),
        }),
      ],
    });
    sweep.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(minutes),
      // The CDK's own destination would also let the function look the queue up, which nothing does.
      onFailure: { bind: () => ({ destination: missed.queueArn }) },
    });
    sweep.may(["sqs:SendMessage"], [missed.queueArn]);
  }
}
