import { type App, Duration, type Stack } from "aws-cdk-lib";
import { AlarmRule } from "aws-cdk-lib/aws-cloudwatch";
import type { IConstruct } from "constructs";
import { type Channel, channels } from "#shared/case/channel.ts";
import { AlarmChannel, inAlarm } from "../constructs/alarm-channel.ts";
import { DeadLetterQueue, QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import type { Settings } from "../settings.ts";
import type { CasesStack } from "./cases.ts";
import { overview } from "./dashboard.ts";
import type { DataStack } from "./data.ts";
import type { IntakeStack } from "./intake.ts";
import type { OperatorStack } from "./operator.ts";
import { channelAlarms, type OwnAlarm, pageOf, suiteAlarms } from "./own-alarms.ts";
import { ofFunction, ofQueue, ofTable, ownMetrics } from "./watched-metrics.ts";

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
  readonly #alarms: AlarmChannel;

  constructor(app: App, id: string, settings: Settings, parts: Parts) {
    super(app, id, settings, "Casebridge: alarms and dashboard");
    this.#alarms = new AlarmChannel(this, "Alarms");
    const { data, intake, cases, operator } = parts;
    const stacks = [data, intake, cases, ...(operator ? [operator] : [])];
    const functions = partsOf(stacks, SuiteFunction);
    const queues = partsOf(stacks, QueueWithDlq);
    const deadLetters = partsOf(stacks, DeadLetterQueue);

    this.watchDeadLetters(deadLetters);
    const tooOld = new Map(queues.map((queue) => [queue, this.watchQueue(queue)]));
    for (const each of functions) this.watchFunction(each);
    this.watchSingleParts(parts);
    for (const each of suiteAlarms) this.raiseOwn(each);
    const intakeTooOld = tooOld.get(intake.intake);
    for (const channel of channels) this.watchChannel(channel, intakeTooOld);
    const apis = [intake.api, ...(operator ? [operator.api] : [])];
    overview(this, { alarms: this.#alarms.alarms, functions, queues, deadLetters, apis, tableName: data.table.name });
  }

  private watchDeadLetters(deadLetters: DeadLetterQueue[]) {
    for (const queue of deadLetters) {
      this.#alarms.raise(`${this.shortOf(queue)}-not-empty`, {
        metric: ofQueue("ApproximateNumberOfMessagesVisible", queue),
        threshold: 0,
        doThis: `Read a message of ${queue.plainName} and the log around it; when the cause is gone, send the messages back to where they came from.`,
        runbook: this.shortOf(queue) === "quarantine" ? "quarantine" : "dead-letters",
      });
    }
  }

  private watchQueue(queue: QueueWithDlq) {
    return this.#alarms.raise(`${this.shortOf(queue)}-too-old`, {
      metric: ofQueue("ApproximateAgeOfOldestMessage", queue),
      threshold: 300,
      periods: 5,
      doThis: `Work in ${queue.plainName} waits for more than five minutes: look at the errors, throttles and duration of its function.`,
      runbook: "queue-too-old",
    });
  }

  private watchFunction(each: SuiteFunction) {
    this.#alarms.raise(`${this.shortOf(each)}-errors`, {
      metric: ofFunction("Errors", each),
      threshold: 0,
      periods: 3,
      doThis: `${each.plainName} fails again and again: read the error codes in its log, each says what to do.`,
      runbook: "function-errors",
    });
    this.#alarms.raise(`${this.shortOf(each)}-throttled`, {
      metric: ofFunction("Throttles", each),
      threshold: 0,
      periods: 3,
      doThis: `${each.plainName} is held back by the account's concurrency: raise that quota or find what uses it up.`,
      runbook: "function-throttled",
    });
  }

  private watchSingleParts({ data, intake, cases, operator }: Parts) {
    for (const sweep of [cases.sweepDeadlines, intake.sweepFeeds]) {
      this.#alarms.raiseSilence(`${this.shortOf(sweep)}-silent`, {
        metric: ofFunction("Invocations", sweep, { period: this.betweenSweeps() }),
        threshold: 1,
        periods: this.sweepsIn(5),
        doThis: `${sweep.plainName} has not run: look whether its rule is enabled and whether the function exists; until then nothing is found in time.`,
        runbook: "sweep-silent",
      });
    }
    this.#alarms.raise("stream-behind", {
      metric: ofFunction("IteratorAge", cases.publishEvents, { statistic: "Maximum" }),
      threshold: 60_000, // milliseconds
      periods: 3,
      doThis:
        "News leaves the table more than a minute late: look at the errors of publish-events; one bad record may hold up its shard.",
      runbook: "stream-behind",
    });
    this.#alarms.raise("table-throttled", {
      metric: ofTable("WriteThrottleEvents", data.table.name),
      threshold: 0,
      periods: 3,
      doThis:
        "DynamoDB slows writes down: look for one partition that gets them all, then at the account's table quotas.",
      runbook: "table-throttled",
    });
    const minute = Duration.minutes(1);
    this.#alarms.raise("webhooks-5xx", {
      metric: intake.api.metricServerError({ period: minute, statistic: "Sum" }),
      threshold: 0,
      periods: 2,
      doThis:
        "Platforms get errors for their pushes and will stop sending: look at the log of receive-webhook and at the channel secrets.",
      runbook: "api-5xx",
    });
    if (operator) {
      this.#alarms.raise("operator-api-5xx", {
        metric: operator.api.metricServerError({ period: minute, statistic: "Sum" }),
        threshold: 0,
        periods: 2,
        doThis: "Operators get errors for what they ask: read the error codes in the log of operator-api.",
        runbook: "api-5xx",
      });
    }
  }

  /** A channel's own alarms, and two that say at a glance what they come to. */
  private watchChannel(channel: Channel, intakeTooOld: ReturnType<AlarmChannel["raise"]> | undefined) {
    const raised = Object.entries(channelAlarms).map(([name, each]) => [name, this.raiseOwn(each, channel)]);
    const of = Object.fromEntries(raised) as Record<keyof typeof channelAlarms, ReturnType<AlarmChannel["raise"]>>;
    this.#alarms.combine(`deadlines-at-risk-${channel}`, {
      rule: AlarmRule.anyOf(inAlarm(of.deadlineMissed), inAlarm(of.casesLate), inAlarm(of.casesDueWithinHour)),
      doThis: `Platform deadlines on ${channel} are over or end within the hour and nobody has answered: work off the worklist, the costliest first.`,
      runbook: "deadlines-at-risk",
    });
    const heldBack = intakeTooOld ? [AlarmRule.allOf(inAlarm(of.channelRateLimited), inAlarm(intakeTooOld))] : [];
    this.#alarms.combine(`channel-down-${channel}`, {
      rule: AlarmRule.anyOf(inAlarm(of.channelUnavailable), inAlarm(of.feedLag), ...heldBack),
      doThis: `We cannot work with ${channel}: look at its status page; answer what is due soon in its own console.`,
      runbook: "channel-down",
    });
  }

  private raiseOwn({ metric, kind, read, above, minutes, swept, quiet, doThis }: OwnAlarm, channel?: Channel) {
    const own = ownMetrics(this.settings.stage);
    return this.#alarms.raise([pageOf(metric), kind, channel].filter(Boolean).join("-"), {
      metric: own(metric, read, { channel, kind, ...(swept && { period: this.betweenSweeps() }) }),
      threshold: above,
      periods: swept ? this.sweepsIn(minutes) : minutes,
      doThis,
      runbook: pageOf(metric),
      quiet: quiet ?? false,
    });
  }

  private betweenSweeps = () => Duration.minutes(this.settings.sweepMinutes);
  private sweepsIn = (minutes: number) => Math.ceil(minutes / this.settings.sweepMinutes);
  /** The name of a part without the deployment's. */
  private shortOf = ({ plainName }: { plainName: string }) => plainName.slice(this.nameOf("").length);
}
