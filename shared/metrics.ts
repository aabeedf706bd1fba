import { print } from "./print.ts";

/** The namespace of a deployment's metrics: several may share an account, and must not count each other's misses. */
export const metricNamespaceOf = (stage: string) => `Casebridge/${stage}`;

/** Where functions find the namespace; the stack sets it. */
export const metricNamespaceSetting = "METRIC_NAMESPACE";

/** Every metric we put out, with its unit. A shop or a merchant is a log field, never a dimension: each would be billed. */
export const metrics = {
  WebhookAccepted: "Count",
  WebhookIgnored: "Count",
  WebhookRefused: "Count",
  WebhookUnreadable: "Count",
  /** Pushes signed with the secret before the newest, as while one is rotated. */
  OldSecretInUse: "Count",
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
  /** Cases on the clock, as the sweep finds them; silent while there are none. */
  CasesOnTheClock: "Count",
  CasesDueWithinHour: "Count",
  CasesLate: "Count",
  /** Until the end of the nearest clock in its last hour. */
  NearestDueSeconds: "Seconds",
  SweepLagSeconds: "Seconds",
  CommandSent: "Count",
  CommandConfirmed: "Count",
  CommandRefused: "Count",
  CommandUnclear: "Count",
  CommandRetried: "Count",
  CommandHeld: "Count",
  CommandObjected: "Count",
  NoticeOfParkedShop: "Count",
  ChannelMisconfigured: "Count",
  RefundMismatched: "Count",
  RefundClawedBack: "Count",
  RefundUnbalanced: "Count",
  InboundAccepted: "Count",
  InboundRefused: "Count",
  CredentialsRejected: "Count",
  /** Warnings that a shop's authorisation ends; the kind says within how many days. */
  AuthorizationEndsWithin: "Count",
  /** Answers in another API version than our calls ask for. */
  ApiVersionDiffers: "Count",
  /** Shops connected in the browser, and attempts that ended otherwise; the kind says how. */
  ShopAuthorized: "Count",
  AuthorizationFailed: "Count",
  /** Buyers who want to know what is held of them. */
  DataRequested: "Count",
  /** Erasures that were carried out and checked. */
  ErasureDone: "Count",
  /** Looks at an erasure that is not done a day after it was asked for. */
  ErasureLate: "Count",
  ChannelRateLimited: "Count",
  ChannelUnavailable: "Count",
  FeedLagSeconds: "Seconds",
} as const;
export type MetricName = keyof typeof metrics;

/**
 * Puts a metric out as one log line in CloudWatch's embedded metric format; no call, no library. `channel`, and within it
 * the `kind` of a deadline, are the only dimensions, because each combination is a metric of its own.
 * Source: CloudWatch user guide, "Specification: Embedded metric format", read 2026-11-25.
 */
export function count(name: MetricName, value = 1, { channel, kind }: { channel?: string; kind?: string } = {}): void {
  put(name, value, { channel, kind }, [[], ...(channel ? [["Channel"]] : []), ...(channel && kind ? [ofKind] : [])]);
}

/** Puts out what there is of one kind alone: a gauge, of which the channel's own value is the sum and told apart. */
export function tellOfKind(name: MetricName, value: number, of: { channel: string; kind: string }): void {
  put(name, value, of, [ofKind]);
}

const ofKind = ["Channel", "Kind"];

function put(
  name: MetricName,
  value: number,
  { channel, kind }: { channel?: string | undefined; kind?: string | undefined },
  sets: string[][],
): void {
  const Namespace = process.env[metricNamespaceSetting] || "Casebridge";
  print(
    JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{ Namespace, Dimensions: sets, Metrics: [{ Name: name, Unit: metrics[name] }] }],
      },
      [name]: value,
      ...(channel && { Channel: channel }),
      ...(kind && { Kind: kind }),
    }),
  );
}
