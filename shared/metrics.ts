export const metricNamespace = "Casebridge";

/** Every metric we put out, with its unit. A shop or a merchant is a log field, never a dimension: each would be billed. */
export const metrics = {
  WebhookAccepted: "Count",
  WebhookIgnored: "Count",
  WebhookRefused: "Count",
  WebhookUnreadable: "Count",
  RecordQuarantined: "Count",
  ShopUnknown: "Count",
  CaseOpened: "Count",
  CaseChanged: "Count",
  ObservationRepeated: "Count",
  UnexpectedMove: "Count",
  UnknownStatus: "Count",
  PublishFailed: "Count",
  DeadlineMissed: "Count",
  DeadlineApproaching: "Count",
  DeadlineMet: "Count",
  DeadlineMoved: "Count",
  DeadlineEscalated: "Count",
  DeadlineUnreadable: "Count",
  /** Answers that a rule planned before a clock ran out. */
  ActedBeforeExpiry: "Count",
  /** The merchant's own promises, apart from the platforms' clocks. */
  ServiceLevelMissed: "Count",
  ServiceLevelMet: "Count",
  DeadlineMarginSeconds: "Seconds",
  SweepLagSeconds: "Seconds",
  CommandSent: "Count",
  CommandConfirmed: "Count",
  CommandRefused: "Count",
  CommandUnclear: "Count",
  CredentialsRejected: "Count",
  ChannelRateLimited: "Count",
  ChannelUnavailable: "Count",
  FeedLagSeconds: "Seconds",
} as const;
export type MetricName = keyof typeof metrics;

/**
 * Puts a metric out as one log line in CloudWatch's embedded metric format; no call, no library. `channel` is the only
 * dimension, because each combination is a metric of its own.
 * Source: CloudWatch user guide, "Specification: Embedded metric format", read 2026-11-25.
 */
export function count(name: MetricName, value = 1, { channel }: { channel?: string } = {}): void {
  const dimensions = channel === undefined ? [[]] : [["Channel"], []];
  console.log(
    JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          { Namespace: metricNamespace, Dimensions: dimensions, Metrics: [{ Name: name, Unit: metrics[name] }] },
        ],
      },
      [name]: value,
      ...(channel === undefined ? {} : { Channel: channel }),
    }),
  );
}
