import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  AlarmStatusWidget,
  CompositeAlarm,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { channels } from "#shared/case/channel.ts";
import type { MetricName } from "#shared/metrics.ts";
import type { DeadLetterQueue, QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import type { SuiteFunction } from "../constructs/suite-function.ts";
import type { SuiteStack } from "../constructs/suite-stack.ts";
import { ofFunction, ofQueue, ofTable, ownMetrics, type Statistic } from "./watched-metrics.ts";

export interface Shown {
  alarms: IAlarm[];
  functions: SuiteFunction[];
  queues: QueueWithDlq[];
  deadLetters: DeadLetterQueue[];
  apis: HttpApi[];
  tableName: string;
}

/** CloudWatch shows no more alarms in one widget. */
const mostAlarms = 100;

/** What ops see at a glance: alarms, then each channel's clocks, then what comes in, goes out and waits, then what is billed. */
export function overview(scope: SuiteStack, { alarms, functions, queues, deadLetters, apis, tableName }: Shown): void {
  const own = ownMetrics(scope.settings.stage);
  const perChannel = (title: string, name: MetricName, statistic: Statistic = "Sum") =>
    new GraphWidget({
      title,
      width: 8,
      left: channels.map((channel) => own(name, statistic, { channel, label: channel })),
    });
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, width: 12, left });
  const sum = { period: Duration.hours(1), statistic: "Sum" };

  const glance = alarms.filter((each) => each instanceof CompositeAlarm);
  const single = alarms.filter((each) => !(each instanceof CompositeAlarm));
  const rows: IWidget[][] = [
    [new AlarmStatusWidget({ title: "Channels", width: 24, height: 3, alarms: glance })],
    channels.map(
      (channel) =>
        new SingleValueWidget({
          title: channel,
          width: Math.floor(24 / channels.length),
          setPeriodToTimeRange: true,
          metrics: [
            own("NearestDueSeconds", "Minimum", { channel, label: "nearest, s (none: over an hour)" }),
            own("CasesDueWithinHour", "Maximum", { channel, label: "within the hour" }),
            own("CasesLate", "Maximum", { channel, label: "late" }),
            own("DeadlineMissed", "Sum", { channel, label: "missed" }),
            own("CasesOnTheClock", "Maximum", { channel, label: "on the clock" }),
          ],
        }),
    ),
    [
      perChannel("Deadlines missed", "DeadlineMissed"),
      perChannel("Unanswered in their last hour", "CasesDueWithinHour", "Maximum"),
      perChannel("Late and unanswered", "CasesLate", "Maximum"),
    ],
    [
      perChannel("Margin when answered, seconds, lowest tenth", "DeadlineMarginSeconds", "p10"),
      perChannel("Margin when answered, seconds, median", "DeadlineMarginSeconds", "p50"),
      perChannel("Answered by rule before the end", "ActedBeforeExpiry"),
    ],
    [
      perChannel("Deadlines moved by the platform", "DeadlineMoved"),
      perChannel("Lag of polls, seconds", "FeedLagSeconds", "Maximum"),
      new GraphWidget({ title: "Lag of timers, seconds", width: 8, left: [own("SweepLagSeconds", "Maximum")] }),
    ],
    [
      perChannel("Webhooks accepted", "WebhookAccepted"),
      perChannel("Webhooks refused", "WebhookRefused"),
      perChannel("Commands refused", "CommandRefused"),
    ],
    [
      perChannel("Channel does not answer", "ChannelUnavailable"),
      perChannel("Channel says slow down", "ChannelRateLimited"),
      perChannel("Commands unclear", "CommandUnclear"),
    ],
    [
      graph(
        "Oldest message, seconds",
        queues.map((queue) => ofQueue("ApproximateAgeOfOldestMessage", queue)),
      ),
      graph(
        "Set aside",
        deadLetters.map((queue) => ofQueue("ApproximateNumberOfMessagesVisible", queue)),
      ),
    ],
    [
      graph(
        "Function errors",
        functions.map((each) => ofFunction("Errors", each)),
      ),
      graph(
        "Function duration, ms, slowest hundredth",
        functions.map((each) => ofFunction("Duration", each, { statistic: "p99" })),
      ),
    ],
    [
      new SingleValueWidget({
        title: "What is billed by the request, in the time shown",
        width: 24,
        setPeriodToTimeRange: true,
        metrics: [
          ...apis.map((api) => api.metricCount({ ...sum, label: api.httpApiName ?? "API calls" })),
          ofTable("ConsumedWriteCapacityUnits", tableName).with({ label: "table writes" }),
          ofTable("ConsumedReadCapacityUnits", tableName).with({ label: "table reads" }),
        ],
      }),
    ],
    [
      graph(
        "Function calls",
        functions.map((each) => ofFunction("Invocations", each)),
      ),
      graph(
        "Messages sent",
        queues.map((queue) => ofQueue("NumberOfMessagesSent", queue, "Sum")),
      ),
    ],
  ];
  for (let start = 0; start < single.length; start += mostAlarms) {
    const some = single.slice(start, start + mostAlarms);
    rows.push([new AlarmStatusWidget({ title: "Every alarm", width: 24, height: 8, alarms: some })]);
  }
  new Dashboard(scope, "Dashboard", { dashboardName: scope.nameOf("overview"), widgets: rows });
}
