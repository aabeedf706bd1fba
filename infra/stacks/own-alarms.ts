import { kindOfWarning, type WarnedDaysBefore } from "#shared/case/authorization.ts";
import type { MetricName } from "#shared/metrics.ts";

export interface OwnAlarm {
  metric: MetricName;
  /** The metric's kind within the channel, where each kind has an alarm of its own. */
  kind?: string;
  /** Counters are summed per minute, gauges take the highest of the minute. */
  read: "Sum" | "Maximum";
  /** The alarm is raised above it. */
  above: number;
  minutes: number;
  /** A sweep puts it out, so a period lasts from one sweep to the next. */
  swept?: true;
  /** It wakes nobody itself: the channel's `deadlines-at-risk` or `channel-down` does. */
  quiet?: true;
  doThis: string;
}

const ownAlarm = (
  metric: MetricName,
  read: OwnAlarm["read"],
  when: Pick<OwnAlarm, "above" | "minutes" | "kind" | "swept" | "quiet">,
  doThis: string,
): OwnAlarm => ({ metric, read, ...when, doThis });

const authorizationEnds = (days: WarnedDaysBefore, doThis: string): OwnAlarm =>
  ownAlarm("AuthorizationEndsWithin", "Sum", { kind: kindOfWarning(days), above: 0, minutes: 1 }, doThis);

/** Raised per channel: the channel decides whom to call. Each is a page of docs/runbooks, named for its metric. */
export const channelAlarms = {
  deadlineMissed: ownAlarm(
    "DeadlineMissed",
    "Sum",
    { above: 0, minutes: 1 },
    "A platform deadline passed unanswered: read the case's timeline, see what the platform did, and answer what is still open.",
  ),
  casesLate: ownAlarm(
    "CasesLate",
    "Maximum",
    { above: 0, minutes: 1, swept: true, quiet: true },
    "Cases wait for an answer although their deadline is over: answer them from the worklist, the costliest first.",
  ),
  casesDueWithinHour: ownAlarm(
    "CasesDueWithinHour",
    "Maximum",
    { above: 0, minutes: 30, swept: true, quiet: true },
    "For half an hour there have been unanswered cases in their last hour: answer them from the worklist.",
  ),
  deadlineUnreadable: ownAlarm(
    "DeadlineUnreadable",
    "Sum",
    { above: 0, minutes: 1 },
    "The platform states a deadline that cannot be a time: the case runs on the tenant's own clock until the connector can read it.",
  ),
  commandUnclear: ownAlarm(
    "CommandUnclear",
    "Sum",
    { above: 0, minutes: 1 },
    "A command was sent and its answer lost: look at the case on the platform before anybody sends it again.",
  ),
  commandHeld: ownAlarm(
    "CommandHeld",
    "Sum",
    { above: 20, minutes: 15 },
    "Commands are put off again and again: see in the log what holds them back, pace, quiet hours, a parked shop or the platform.",
  ),
  commandObjected: ownAlarm(
    "CommandObjected",
    "Sum",
    { above: 5, minutes: 5 },
    "The interlock keeps refusing commands: read their reasons in the log; a rule or a person asks for what the case does not bear.",
  ),
  refundUnbalanced: ownAlarm(
    "RefundUnbalanced",
    "Sum",
    { above: 0, minutes: 1 },
    "The parts of a refund do not add up to it: compare the case named in the log with the platform's console; the connector may miss a part.",
  ),
  credentialsRejected: ownAlarm(
    "CredentialsRejected",
    "Sum",
    { above: 0, minutes: 1 },
    "The platform rejects a shop's grant and the shop is parked: connect the shop named in the log again.",
  ),
  authorizationEndsIn14Days: authorizationEnds(
    14,
    "A shop's authorisation ends within 14 days and only its owner can give another: ask for it, for the shop named in the log.",
  ),
  authorizationEndsIn3Days: authorizationEnds(
    3,
    "A shop's authorisation ends within 3 days: have the shop named in the log connected again, or plan who answers in the platform's console.",
  ),
  authorizationEndsIn1Day: authorizationEnds(
    1,
    "A shop's authorisation ends within a day: have the shop named in the log connected again today; then it is parked and its deadlines run on.",
  ),
  apiVersionDiffers: ownAlarm(
    "ApiVersionDiffers",
    "Sum",
    { above: 0, minutes: 5 },
    "The platform answers in another API version than we ask for: ours is gone there; move the connector to a version that it serves.",
  ),
  dataRequested: ownAlarm(
    "DataRequested",
    "Sum",
    { above: 0, minutes: 1 },
    "A buyer asks what is held of them: hand out the cases of the request that the log names, within thirty days.",
  ),
  erasureLate: ownAlarm(
    "ErasureLate",
    "Sum",
    { above: 0, minutes: 1 },
    "An erasure is not done after a day: see in the log of handle-shop-notice which case still leads to a person, and settle its command.",
  ),
  channelMisconfigured: ownAlarm(
    "ChannelMisconfigured",
    "Sum",
    { above: 0, minutes: 1 },
    "Commands cannot be sent because our app on the channel is not set up: look at the channel's secret and the error in the log.",
  ),
  channelUnavailable: ownAlarm(
    "ChannelUnavailable",
    "Sum",
    { above: 3, minutes: 5, quiet: true },
    "Calls to the platform keep failing: look at its status page; work waits and comes again by itself.",
  ),
  channelRateLimited: ownAlarm(
    "ChannelRateLimited",
    "Sum",
    { above: 10, minutes: 15 },
    "The platform holds our calls back for a quarter of an hour: see which shop asks so much, and its limits in the platform's console.",
  ),
  feedLag: ownAlarm(
    "FeedLagSeconds",
    "Maximum",
    { above: 900, minutes: 5, swept: true, quiet: true },
    "Polling has fallen behind: look at the platform's status and at the errors of poll-channel.",
  ),
  webhookRefused: ownAlarm(
    "WebhookRefused",
    "Sum",
    { above: 20, minutes: 3 },
    "Many pushes with a wrong signature: check whether the app secret was changed at the platform; if not, somebody is probing.",
  ),
  shopUnknown: ownAlarm(
    "ShopUnknown",
    "Sum",
    { above: 0, minutes: 5 },
    "Messages keep coming from a shop nobody has connected: connect it, or remove our app from it.",
  ),
  noticeOfParkedShop: ownAlarm(
    "NoticeOfParkedShop",
    "Sum",
    { above: 0, minutes: 5 },
    "News of a parked shop is let go unread while its clocks run on: connect the shop named in the log again, and its cases are read anew.",
  ),
  oldSecretInUse: ownAlarm(
    "OldSecretInUse",
    "Sum",
    { above: 0, minutes: 5 },
    "Pushes are still signed with the secret before the newest one: do not retire that before they stop, and finish the rotation at the platform.",
  ),
  unknownStatus: ownAlarm(
    "UnknownStatus",
    "Sum",
    { above: 0, minutes: 1 },
    "The platform sent a status or type we have no word for: look it up, add it to the connector's status table, replay.",
  ),
} as const satisfies Record<string, OwnAlarm>;

/** Raised once for all channels. */
export const suiteAlarms: readonly OwnAlarm[] = [
  ownAlarm(
    "PublishFailed",
    "Sum",
    { above: 0, minutes: 3 },
    "Saved news does not get out: read the errors of publish-events; what it gives up goes to the failures bucket, from which it is replayed.",
  ),
  ownAlarm(
    "SweepLagSeconds",
    "Maximum",
    { above: 60, minutes: 2, swept: true },
    "Timers fire late: look at the errors and throttles of sweep-deadlines and at the age of the deadlines queue.",
  ),
  ownAlarm(
    "RefundMismatched",
    "Sum",
    { above: 0, minutes: 1 },
    "Money on a case differs between the platform and us: compare the case with the platform's bill before anything more is refunded.",
  ),
  ownAlarm(
    "RefundClawedBack",
    "Sum",
    { above: 0, minutes: 1 },
    "A platform took proven money back: read the case's timeline and ask the platform why.",
  ),
  ownAlarm(
    "InboundRefused",
    "Sum",
    { above: 10, minutes: 5 },
    "What a warehouse or finance reports is refused: read the reasons in the log of receive-inbound; a key or a form has changed, or somebody is probing.",
  ),
];

/** The page of an alarm in docs/runbooks, and the alarm's own name: `deadline-missed`. */
export const pageOf = (metric: MetricName): string => metric.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();
