import { type App, Duration } from "aws-cdk-lib";
import { CfnEventBusPolicy, EventBus } from "aws-cdk-lib/aws-events";
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { eventSource } from "#shared/events/case-events.ts";
import { EventRules } from "../constructs/event-rule.ts";

import { excuseObjects } from "../constructs/excuse.ts";
import { QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import { SweepSchedule } from "../constructs/sweep-schedule.ts";
import type { Settings } from "../settings.ts";
import { Connecting } from "./connecting.ts";
import type { DataStack } from "./data.ts";
import { CapturedEvidence } from "./evidence.ts";
import type { IntakeStack } from "./intake.ts";

/** What follows from a saved case: news on the bus, answers, commands to channels, deadlines. */
export class CasesStack extends SuiteStack {
  readonly publishEvents: SuiteFunction;
  readonly sweepDeadlines: SuiteFunction;

  constructor(app: App, id: string, settings: Settings, { data, intake }: { data: DataStack; intake: IntakeStack }) {
    super(app, id, settings, "Casebridge: events, answers, commands and deadlines");
    const { table, evidence, outbound, channelEnvironment } = data;
    const quickly = Duration.seconds(30);
    const actWithin = Duration.seconds(60);

    // The table's stream to the bus, and planned commands to the channels' only writer.
    const bus = new EventBus(this, "Bus", { eventBusName: this.nameOf("events") });
    const commands = new QueueWithDlq(this, "commands", { fifo: true, handledWithin: actWithin });
    const deadlines = new QueueWithDlq(this, "deadlines", { handledWithin: actWithin });
    this.publishEvents = new SuiteFunction(this, "publish-events", {
      description:
        "Puts the news of each saved case on its timeline, the bus and the command queue; rings what is due at once",
      timeout: Duration.seconds(60),
      environment: {
        TABLE_NAME: table.name,
        EVENT_BUS_NAME: bus.eventBusName,
        COMMANDS_QUEUE_URL: commands.url,
        DEADLINES_QUEUE_URL: deadlines.url,
        SWEEP_EVERY_SECONDS: String(settings.sweepMinutes * 60),
        BUS_SCOPE: settings.busScope,
      },
    });
    table.usedBy(this.publishEvents, ["BatchWriteItem"], { keys: ["cases", "references"] });
    // The story of a case that is redacted.
    table.usedBy(this.publishEvents, ["Query"], { keys: ["cases"] });
    commands.takesFrom(this.publishEvents);
    deadlines.takesFrom(this.publishEvents);
    this.publishEvents.may(["events:PutEvents"], [bus.eventBusArn], {
      StringEquals: { "events:source": eventSource },
    });
    this.followStream(data);
    this.closeBus(bus);

    // Answers: one queue and one job each.
    const decideResponse = new SuiteFunction(this, "decide-response", {
      description: "Lets policy answer a case that waits for the merchant",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(decideResponse, ["GetItem"], { keys: ["tenants", "shopBindings"] });
    table.usedBy(decideResponse, ["PutItem"], { keys: ["cases"] });
    // The rest of the request that a case is a part of.
    table.usedBy(decideResponse, ["Query"], { keys: ["references"] });
    new EventRules(this, "decide-response", {
      bus,
      worker: decideResponse,
      rules: {
        MerchantsTurnDecidesResponse: {
          names: ["case.opened", "case.moved", "case.amended"],
          data: { waitingOn: ["merchant"] },
        },
        GoodsInspectedDecidesResponse: { names: ["goods.inspected"] },
        // The inspection may have been heard of first.
        InspectedGoodsMovedDecidesResponse: {
          names: ["case.moved"],
          data: { to: ["return_in_transit"], waitingOn: [{ "anything-but": ["merchant"] }] },
        },
        // The case may have moved on without any other news: the answer was made for a version that is gone.
        CommandExpiredDecidesResponse: { names: ["command.expired"] },
      },
    });

    const resolveReturnAddress = new SuiteFunction(this, "resolve-return-address", {
      description: "Finds where the goods of an agreed return go",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(resolveReturnAddress, ["GetItem"], { keys: ["tenants", "shopBindings"] });
    table.usedBy(resolveReturnAddress, ["Query", "UpdateItem"], { keys: ["tenants"] });
    table.usedBy(resolveReturnAddress, ["PutItem"], { keys: ["cases"] });
    new EventRules(this, "resolve-return-address", {
      bus,
      worker: resolveReturnAddress,
      rules: {
        DecisionMadeResolvesReturnAddress: {
          names: ["decision.made"],
          data: { action: ["agree_return", "agree_exchange", "agree_repair"] },
        },
        CaseApprovedResolvesReturnAddress: { names: ["case.moved"], data: { to: ["approved"] } },
      },
    });

    const syncRefund = new SuiteFunction(this, "sync-refund", {
      description: "Follows a refund until the channel proves it",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(syncRefund, ["GetItem", "PutItem"], { keys: ["cases"] });
    new EventRules(this, "sync-refund", {
      bus,
      worker: syncRefund,
      rules: {
        RefundObservedSyncsRefund: { names: ["refund.observed", "refund.clawed_back", "refund.paid_outside"] },
      },
    });

    new CapturedEvidence(this, "CapturedEvidence", { data, bus });

    // Commands: one call at a time per shop, and the only function that writes to channels.
    const actOnChannel = new SuiteFunction(this, "act-on-channel", {
      description: "Sends one command to a channel, if the case still allows it",
      timeout: actWithin,
      outbound,
      environment: {
        ...channelEnvironment,
        COMMANDS_QUEUE_URL: commands.url,
        INTAKE_QUEUE_URL: intake.intake.url,
        DEADLINES_QUEUE_URL: deadlines.url,
        EVIDENCE_BUCKET: evidence.bucketName,
      },
    });
    deadlines.takesFrom(actOnChannel);
    commands.feed(actOnChannel, { batchSize: 1 }); // a slow channel then holds up one shop and no batch
    data.shopsServedBy(actOnChannel, { named: "by tenant" });
    table.usedBy(actOnChannel, ["PutItem"], { keys: ["cases"] });
    // What is handed on as evidence: it reads the bytes, or signs the link by which the channel fetches them.
    actOnChannel.may(["s3:GetObject"], [evidence.arnForObjects("*")]);
    excuseObjects(actOnChannel.executionRole, evidence, "*", "Which files are handed on is not known beforehand.");
    intake.intake.takesFrom(actOnChannel);

    // Deadlines: swept each minute, delivered to the second.
    this.sweepDeadlines = new SuiteFunction(this, "sweep-deadlines", {
      description: "Queues what falls due in the next minute, delayed to its second",
      environment: {
        TABLE_NAME: table.name,
        DEADLINES_QUEUE_URL: deadlines.url,
        SWEEP_EVERY_SECONDS: String(settings.sweepMinutes * 60),
      },
    });
    table.queriedBy(this.sweepDeadlines, "due");
    table.queriedBy(this.sweepDeadlines, "risk");
    deadlines.takesFrom(this.sweepDeadlines);
    new SweepSchedule(this, "ScheduleSweepsDeadlines", {
      name: "sweep-deadlines",
      sweep: this.sweepDeadlines,
      minutes: settings.sweepMinutes,
    });

    const enforceDeadline = new SuiteFunction(this, "enforce-deadline", {
      description: "Reads a case again when its clock is due, and warns, acts or records a miss",
      timeout: actWithin,
      outbound,
      environment: { ...channelEnvironment, DEADLINES_QUEUE_URL: deadlines.url },
    });
    deadlines.feed(enforceDeadline, { batchSize: 10 });
    data.shopsServedBy(enforceDeadline, { named: "by channel" });
    table.usedBy(enforceDeadline, ["PutItem"], { keys: ["cases"] });

    const resumeWithin = Duration.minutes(5);
    const resumes = new QueueWithDlq(this, "resumes", { handledWithin: resumeWithin });
    new Connecting(this, "Connecting", { data, intake, resumes });
    const resumeShop = new SuiteFunction(this, "resume-shop", {
      description: "Takes up the work of a shop that has been connected again",
      timeout: resumeWithin,
      environment: { TABLE_NAME: table.name, RESUMES_QUEUE_URL: resumes.url, INTAKE_QUEUE_URL: intake.intake.url },
    });
    resumes.feed(resumeShop, { batchSize: 1 });
    table.queriedBy(resumeShop, "worklist", { keys: ["tenants"] });
    table.usedBy(resumeShop, ["GetItem"], { keys: ["tenants"] });
    table.usedBy(resumeShop, ["BatchGetItem", "PutItem"], { keys: ["cases"] });
    intake.intake.takesFrom(resumeShop);

    // People: an operator invokes these by name.
    const setRules = new SuiteFunction(this, "set-rules", {
      description: "Changes what a merchant decides about clocks: promises, ladders, pauses, calendars",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(setRules, ["GetItem", "PutItem"], { keys: ["tenants"] });

    const setLimits = new SuiteFunction(this, "set-limits", {
      description: "Sets how much, how fast and when the suite may write in a tenant's shops",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(setLimits, ["GetItem", "PutItem"], { keys: ["tenants"] });

    const planCommand = new SuiteFunction(this, "plan-command", {
      description: "Plans what a person asks of a channel",
      timeout: quickly,
      environment: { TABLE_NAME: table.name },
    });
    table.usedBy(planCommand, ["GetItem"], { keys: ["tenants"] });
    table.usedBy(planCommand, ["PutItem"], { keys: ["cases"] });
    table.usedBy(planCommand, ["Query"], { keys: ["references"] });
  }

  /**
   * Publishes each saved case, in order. Tries are bounded, or one bad record would stop its shard for a day: it is
   * halved out of its batch, and then goes whole to a bucket from which it can be replayed.
   */
  private followStream({ table, failures }: DataStack): void {
    const { publishEvents } = this;
    new EventSourceMapping(this, "StreamToPublishEvents", {
      target: publishEvents,
      eventSourceArn: table.followedBy(publishEvents),
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 8,
      maxRecordAge: Duration.hours(6),
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { entity: { S: FilterRule.isEqual("case") } } } })],
      supportS3OnFailureDestination: true,
      onFailure: { bind: () => ({ destination: failures.bucketArn }) },
    });
    publishEvents.may(["s3:PutObject"], [failures.arnForObjects("aws/lambda/*")]);
    excuseObjects(
      publishEvents.executionRole,
      failures,
      "aws/lambda/*",
      "Lambda names the objects: by mapping, shard and time.",
    );
    publishEvents.may(["s3:ListBucket"], [failures.bucketArn]);
  }

  /** Only the publisher may put events: whoever could forge one could make the suite act. */
  private closeBus(bus: EventBus): void {
    const statement = {
      Effect: "Deny",
      Principal: "*",
      Action: "events:PutEvents",
      Resource: bus.eventBusArn,
      Condition: { ArnNotEquals: { "aws:PrincipalArn": this.publishEvents.executionRole.roleArn } },
    };
    new CfnEventBusPolicy(this, "OnlyPublishEventsPuts", {
      eventBusName: bus.eventBusName,
      statementId: "OnlyPublishEventsPuts",
      statement,
    });
  }
}
