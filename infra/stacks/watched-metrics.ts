import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type MetricName, metricNamespaceOf } from "#shared/metrics.ts";
import type { SuiteFunction } from "../constructs/suite-function.ts";

export type Statistic = "Sum" | "Maximum" | "Minimum" | `p${number}`;
interface Named {
  plainName: string;
}

const minute = Duration.minutes(1);

export const ofQueue = (metricName: string, { plainName }: Named, statistic: Statistic = "Maximum") =>
  new Metric({
    namespace: "AWS/SQS",
    metricName,
    statistic,
    period: minute,
    dimensionsMap: { QueueName: plainName },
  });

export const ofFunction = (
  metricName: string,
  { plainName }: SuiteFunction,
  { statistic = "Sum", period = minute }: { statistic?: Statistic; period?: Duration } = {},
) =>
  new Metric({
    namespace: "AWS/Lambda",
    metricName,
    statistic,
    period,
    dimensionsMap: { FunctionName: plainName },
  });

export const ofTable = (metricName: string, tableName: string) =>
  new Metric({
    namespace: "AWS/DynamoDB",
    metricName,
    statistic: "Sum",
    period: minute,
    dimensionsMap: { TableName: tableName },
  });

/** What our own functions count in one deployment. */
export const ownMetrics =
  (stage: string) =>
  (
    metricName: MetricName,
    statistic: Statistic,
    {
      channel,
      kind,
      period = minute,
      label,
    }: { channel?: string | undefined; kind?: string | undefined; period?: Duration; label?: string } = {},
  ) =>
    new Metric({
      namespace: metricNamespaceOf(stage),
      metricName,
      statistic,
      period,
      ...(label && { label }),
      ...(channel && { dimensionsMap: { Channel: channel, ...(kind && { Kind: kind }) } }),
    });
export type OwnMetrics = ReturnType<typeof ownMetrics>;
