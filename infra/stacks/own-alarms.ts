import type { MetricName } from "#shared/metrics.ts";

export interface OwnAlarm {
  metric: MetricName;
  /** Counters are summed per minute, gauges take the highest of the minute. */
  read: "Sum" | "Maximum";
  /** The alarm is raised above it. */
  above: number;
  minutes: number;
  /** One alarm per channel where the channel decides whom to call; else one for all. */
  perChannel: boolean;
  doThis: string;
}

/** What our own functions count, and when a person must look. */
export const ownAlarms: readonly OwnAlarm[] = [
  {
    metric: "DeadlineMissed",
    read: "Sum",
    above: 0,
    minutes: 1,
    perChannel: true,
    doThis:
      "A platform deadline passed unanswered: read the case's timeline, see what the platform did, and answer what is still open.",
  },
  {
    metric: "CommandUnclear",
    read: "Sum",
    above: 0,
    minutes: 1,
    perChannel: true,
    doThis: "A command was sent and its answer lost: look at the case on the platform before anybody sends it again.",
  },
  {
    metric: "CredentialsRejected",
    read: "Sum",
    above: 0,
    minutes: 1,
    perChannel: true,
    doThis: "The platform rejects a shop's grant and the shop is parked: connect the shop named in the log again.",
  },
  {
    metric: "WebhookRefused",
    read: "Sum",
    above: 20,
    minutes: 3,
    perChannel: true,
    doThis:
      "Many pushes with a wrong signature: check whether the app secret was changed at the platform; if not, somebody is probing.",
  },
  {
    metric: "ShopUnknown",
    read: "Sum",
    above: 0,
    minutes: 5,
    perChannel: true,
    doThis: "Messages keep coming from a shop nobody has connected: connect it, or remove our app from it.",
  },
  {
    metric: "UnknownStatus",
    read: "Sum",
    above: 0,
    minutes: 1,
    perChannel: true,
    doThis:
      "The platform sent a status or type we have no word for: look it up, add it to the connector's status table, replay.",
  },
  {
    metric: "FeedLagSeconds",
    read: "Maximum",
    above: 900,
    minutes: 5,
    perChannel: false,
    doThis: "Polling has fallen behind: look at the platform's status and at the errors of poll-channel.",
  },
  {
    metric: "PublishFailed",
    read: "Sum",
    above: 0,
    minutes: 3,
    perChannel: false,
    doThis:
      "Saved news does not get out: read the errors of publish-events; what it gives up goes to the failures bucket, from which it is replayed.",
  },
  {
    metric: "SweepLagSeconds",
    read: "Maximum",
    above: 60,
    minutes: 2,
    perChannel: false,
    doThis:
      "Timers fire late: look at the errors and throttles of sweep-deadlines and at the age of the deadlines queue.",
  },
];
