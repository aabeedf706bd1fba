import { type App, Duration, type Stack } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  Metric,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IConstruct } from "constructs";
import { channels } from "#shared/case/channel.ts";
import { type MetricName, metricNamespace } from "#shared/metrics.ts";
import { AlarmChannel } from "../constructs/alarm-channel.ts";
import { DeadLetterQueue, QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import type { Settings } from "../settings.ts";
import type { CasesStack } from "./cases.ts";
import type { DataStack } from "./data.ts";
import type { IntakeStack } from "./intake.ts";
import type { OperatorStack } from "./operator.ts";
import { ownAlarms } from "./own-alarms.ts";

const minute = Duration.minutes(1);

const own = (metricName: MetricName, statistic: string, channel?: string) =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    statistic,
    period: minute,
    ...(channel ? { dimensionsMap: { Channel: channel } } : {}),
  });
const ofQueue = (metricName: string, { plainName }: { plainName: string }, statistic = "Maximum") =>
  new Metric({
    namespace: "AWS/SQS",
    metricName,
    statistic,
    period: minute,
    dimensionsMap: { QueueName: plainName },
  });
const ofFunction = (metricName: string, { plainName }: SuiteFunction, statistic = "Sum") =>
  new Metric({
    namespace: "AWS/Lambda",
    metricName,
    statistic,
    period: minute,
    dimensionsMap: { FunctionName: plainName },
  });

/** Every part of a kind in these stacks: what is added there is watched without anybody thinking of it. */
function partsOf<Part extends IConstruct>(stacks: Stack[], kind: abstract new (...args: never[]) => Part): Part[] {
  const isPart = (part: IConstruct): part is Part => part instanceof kind;
  return stacks.flatMap((stack) => stack.node.findAll()).filter(isPart);
}

interface Parts {
  data: DataStack;
  intake: IntakeStack;
  cases: CasesStack;
  operator: OperatorStack | undefined;
}

/** Whom it wakes and what ops look at. Names of watched things are plain text, so no stack is tied to this one. */
export class WatchStack extends SuiteStack {
  constructor(app: App, id: string, settings: Settings, { data, intake, cases, operator }: Parts) {
    super(app, id, settings, "Casebridge: alarms and dashboard");
    const stacks = [data, intake, cases, ...(operator ? [operator] : [])];
    const functions = partsOf(stacks, SuiteFunction);
    const queues = partsOf(stacks, QueueWithDlq);
    const deadLetters = partsOf(stacks, DeadLetterQueue);
    const alarms = new AlarmChannel(this, "Alarms");
    const part = ({ plainName }: { plainName: string }) => plainName.slice(this.nameOf("").length);

    for (const queue of deadLetters) {
      alarms.raise(`${part(queue)}-not-empty`, {
        metric: ofQueue("ApproximateNumberOfMessagesVisible", queue),
        threshold: 0,
        doThis: `Read a message of ${queue.plainName} and the log around it; when the cause is gone, send the messages back to where they came from.`,
      });
    }
    for (const queue of queues) {
      alarms.raise(`${part(queue)}-too-old`, {
        metric: ofQueue("ApproximateAgeOfOldestMessage", queue),
        threshold: 300,
        minutes: 5,
        doThis: `Work in ${queue.plainName} waits for more than five minutes: look at the errors, throttles and duration of its function.`,
      });
    }
    for (const each of functions) {
      alarms.raise(`${part(each)}-errors`, {
        metric: ofFunction("Errors", each),
        threshold: 0,
        minutes: 3,
        doThis: `${each.plainName} fails again and again: read the error codes in its log, each says what to do.`,
      });
      alarms.raise(`${part(each)}-throttled`, {
        metric: ofFunction("Throttles", each),
        threshold: 0,
        minutes: 3,
        doThis: `${each.plainName} is held back by the account's concurrency: raise that quota or find what uses it up.`,
      });
    }
    alarms.raise("stream-behind", {
      metric: ofFunction("IteratorAge", cases.publishEvents, "Maximum"),
      threshold: 60_000, // milliseconds
      minutes: 3,
      doThis:
        "News leaves the table more than a minute late: look at the errors of publish-events; one bad record may hold up its shard.",
    });
    alarms.raise("table-throttled", {
      metric: new Metric({
        namespace: "AWS/DynamoDB",
        metricName: "WriteThrottleEvents",
        statistic: "Sum",
        period: minute,
        dimensionsMap: { TableName: data.table.name },
      }),
      threshold: 0,
      minutes: 3,
      doThis:
        "DynamoDB slows writes down: look for one partition that gets them all, then at the account's table quotas.",
    });
    alarms.raise("webhooks-5xx", {
      metric: intake.api.metricServerError({ period: minute, statistic: "Sum" }),
      threshold: 0,
      minutes: 2,
      doThis:
        "Platforms get errors for their pushes and will stop sending: look at the log of receive-webhook and at the channel secrets.",
    });
    if (operator) {
      alarms.raise("operator-api-5xx", {
        metric: operator.api.metricServerError({ period: minute, statistic: "Sum" }),
        threshold: 0,
        minutes: 2,
        doThis: "Operators get errors for what they ask: read the error codes in the log of operator-api.",
      });
    }
    for (const { metric, read, above, minutes, perChannel, doThis } of ownAlarms) {
      for (const channel of perChannel ? channels : [undefined]) {
        alarms.raise(channel ? `${metric}-${channel}` : metric, {
          metric: own(metric, read, channel),
          threshold: above,
          minutes,
          doThis,
        });
      }
    }

    const perChannel = (title: string, name: MetricName, statistic = "Sum") =>
      new GraphWidget({ title, width: 8, left: channels.map((channel) => own(name, statistic, channel)) });
    const rows: IWidget[][] = [
      [new AlarmStatusWidget({ title: "Alarms", width: 24, height: 6, alarms: alarms.alarms })],
      [
        new SingleValueWidget({
          title: "Today",
          width: 24,
          setPeriodToTimeRange: true,
          metrics: (["CaseOpened", "CommandSent", "DeadlineMet", "DeadlineMissed", "CommandUnclear"] as const).map(
            (name) => own(name, "Sum"),
          ),
        }),
      ],
      [
        perChannel("Deadlines missed", "DeadlineMissed"),
        perChannel("Deadlines near and unanswered", "DeadlineApproaching"),
        perChannel("Margin when answered, seconds, lowest tenth", "DeadlineMarginSeconds", "p10"),
      ],
      [
        perChannel("Webhooks accepted", "WebhookAccepted"),
        perChannel("Webhooks refused", "WebhookRefused"),
        new GraphWidget({
          title: "Lag of polls and timers, seconds",
          width: 8,
          left: [own("FeedLagSeconds", "Maximum"), own("SweepLagSeconds", "Maximum")],
        }),
      ],
      [
        perChannel("Commands refused", "CommandRefused"),
        perChannel("Channel says slow down", "ChannelRateLimited"),
        perChannel("Channel does not answer", "ChannelUnavailable"),
      ],
      [
        new GraphWidget({
          title: "Oldest message, seconds",
          width: 12,
          left: queues.map((queue) => ofQueue("ApproximateAgeOfOldestMessage", queue)),
        }),
        new GraphWidget({
          title: "Set aside",
          width: 12,
          left: deadLetters.map((queue) => ofQueue("ApproximateNumberOfMessagesVisible", queue)),
        }),
      ],
      [
        new GraphWidget({
          title: "Function errors",
          width: 12,
          left: functions.map((each) => ofFunction("Errors", each)),
        }),
        new GraphWidget({
          title: "Function duration, ms, slowest hundredth",
          width: 12,
          left: functions.map((each) => ofFunction("Duration", each, "p99")),
        }),
      ],
    ];
    new Dashboard(this, "Dashboard", { dashboardName: this.nameOf("overview"), widgets: rows });
  }
}
