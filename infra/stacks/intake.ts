import { type App, CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Channel } from "#shared/case/channel.ts";
import { ChannelQueue, mayWriteTo, queueWriters } from "../constructs/channel-queue.ts";
import { excuse } from "../constructs/excuse.ts";
import { PartnerEvents } from "../constructs/partner-events.ts";
import { DeadLetterQueue, QueueWithDlq, triesOfADay } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import { SweepSchedule } from "../constructs/sweep-schedule.ts";
import type { Settings } from "../settings.ts";
import type { DataStack } from "./data.ts";
import { Inbound } from "./inbound.ts";
import { ShopNotices } from "./shop-notices.ts";

/** From a channel's message to a saved case: pushes and polls become notices on one queue, notices become cases. */
export class IntakeStack extends SuiteStack {
  readonly api: HttpApi;
  /** Notices: that something changed in a shop. A group is one lane of a shop. */
  readonly intake: QueueWithDlq;
  /** Records we could not read, with the reason. Nothing takes from it but people. */
  readonly quarantine: DeadLetterQueue;

  readonly sweepFeeds: SuiteFunction;
  readonly #shopNotices: ShopNotices;
  /** Queues that channels may write to, as JSON: their ARNs by channel. */
  readonly notificationQueues: string;

  constructor(app: App, id: string, settings: Settings, { data }: { data: DataStack }) {
    super(app, id, settings, "Casebridge: webhooks, polls and normalisation");
    const { table, outbound, channelEnvironment } = data;
    const normalizeWithin = Duration.seconds(60);
    const pollWithin = Duration.minutes(2);

    this.intake = new QueueWithDlq(this, "intake", { fifo: true, handledWithin: normalizeWithin, tries: triesOfADay });
    const polls = new QueueWithDlq(this, "polls", { handledWithin: pollWithin });
    this.quarantine = new DeadLetterQueue(this, "quarantine", { name: "quarantine" });
    excuse(this.quarantine, "AwsSolutions-SQS3", "It is an end in itself: people read it, no function does.");

    const receiveWebhook = new SuiteFunction(this, "receive-webhook", {
      description: "Checks a channel's push and queues one notice per case",
      timeout: Duration.seconds(10),
      memoryMiB: 512, // channels hang up after one to five seconds, and memory buys the processor of a cold start
      environment: {
        INTAKE_QUEUE_URL: this.intake.url,
        QUARANTINE_QUEUE_URL: this.quarantine.queueUrl,
        CHANNEL_SECRET_PREFIX: channelEnvironment.CHANNEL_SECRET_PREFIX,
      },
    });
    this.intake.takesFrom(receiveWebhook);
    receiveWebhook.may(["sqs:SendMessage"], [this.quarantine.queueArn]);
    data.channelSecretsReadBy(receiveWebhook);
    this.#shopNotices = new ShopNotices(this, "ShopNotices", { data, quarantine: this.quarantine });
    this.#shopNotices.takesFrom(receiveWebhook);

    this.sweepFeeds = new SuiteFunction(this, "sweep-feeds", {
      description: "Queues a poll for each feed that is due",
      environment: { TABLE_NAME: table.name, POLLS_QUEUE_URL: polls.url },
    });
    table.queriedBy(this.sweepFeeds, "due");
    polls.takesFrom(this.sweepFeeds);

    const reconcileWithin = Duration.minutes(5);
    const nights = new QueueWithDlq(this, "nights", { handledWithin: reconcileWithin });
    this.sweepFeeds.addEnvironment("NIGHTS_QUEUE_URL", nights.url);
    nights.takesFrom(this.sweepFeeds);
    const reconcileRefunds = new SuiteFunction(this, "reconcile-refunds", {
      description: "Once a night and shop: compares the money with the channel's, erases persons whose term has ended",
      timeout: reconcileWithin,
      outbound,
      environment: { ...channelEnvironment, NIGHTS_QUEUE_URL: nights.url },
    });
    nights.feed(reconcileRefunds, { batchSize: 1 });
    data.shopsServedBy(reconcileRefunds, { named: "by tenant" });
    table.usedBy(reconcileRefunds, ["PutItem"], { keys: ["cases"] });
    // Beside what it compares: what may lead to a person no longer is found there, and taken off the list.
    table.usedBy(reconcileRefunds, ["Query", "BatchWriteItem"], { keys: ["references"] });

    const refreshWithin = Duration.seconds(60);
    const renewals = new QueueWithDlq(this, "renewals", { handledWithin: refreshWithin });
    this.sweepFeeds.addEnvironment("RENEWALS_QUEUE_URL", renewals.url);
    renewals.takesFrom(this.sweepFeeds);
    const refreshCredentials = new SuiteFunction(this, "refresh-credentials", {
      description: "Renews one shop's tokens when they are due, and warns before its authorisation ends",
      timeout: refreshWithin,
      outbound,
      environment: { ...channelEnvironment, RENEWALS_QUEUE_URL: renewals.url },
    });
    renewals.feed(refreshCredentials, { batchSize: 1 });
    data.shopsServedBy(refreshCredentials, { named: "by tenant" });

    new SweepSchedule(this, "ScheduleSweepsFeeds", {
      name: "sweep-feeds",
      sweep: this.sweepFeeds,
      minutes: settings.sweepMinutes,
    });

    const pollChannel = new SuiteFunction(this, "poll-channel", {
      description: "Reads one feed of a shop from its bookmark and queues what changed",
      timeout: pollWithin,
      outbound,
      environment: {
        ...channelEnvironment,
        FEED_EVERY_SECONDS: String(settings.feedMinutes * 60),
        POLLS_QUEUE_URL: polls.url,
        INTAKE_QUEUE_URL: this.intake.url,
        QUARANTINE_QUEUE_URL: this.quarantine.queueUrl,
      },
    });
    polls.feed(pollChannel, { batchSize: 1 }); // one feed may take the whole time there is
    this.intake.takesFrom(pollChannel);
    pollChannel.may(["sqs:SendMessage"], [this.quarantine.queueArn]);
    data.shopsServedBy(pollChannel, { named: "by tenant" });
    table.usedBy(pollChannel, ["UpdateItem"], { keys: ["appFeeds"] });

    const normalizeCase = new SuiteFunction(this, "normalize-case", {
      description: "Reads a case from its channel and saves it once",
      timeout: normalizeWithin,
      outbound,
      environment: {
        ...channelEnvironment,
        INTAKE_QUEUE_URL: this.intake.url,
        QUARANTINE_QUEUE_URL: this.quarantine.queueUrl,
      },
    });
    this.intake.feed(normalizeCase, { batchSize: 10 });
    normalizeCase.may(["sqs:SendMessage"], [this.quarantine.queueArn]);
    data.shopsServedBy(normalizeCase, { named: "by channel" });
    table.usedBy(normalizeCase, ["PutItem"], { keys: ["cases"] });
    // Some channels tell of an order without naming its cases.
    table.usedBy(normalizeCase, ["Query"], { keys: ["references"] });

    this.notificationQueues = this.takeNotifications();
    this.api = this.webhooks(receiveWebhook);
    new Inbound(this, "Inbound", { data, api: this.api });
  }

  /** Channels that write to queues have one each, with a function of ours behind it. */
  private takeNotifications(): string {
    const handledWithin = Duration.seconds(30);
    const arns: Record<string, string> = {};
    for (const [channel, writer] of mayWriteTo(this) ? Object.entries(queueWriters) : []) {
      const queue = new ChannelQueue(this, channel as Channel, { writer, handledWithin });
      const reader = this.notificationReader(channel, { url: queue.url, handledWithin });
      queue.feed(reader, { batchSize: 10 });
      arns[channel] = queue.queue.queueArn;
    }
    const { shopifyEventSource } = this.settings;
    if (shopifyEventSource !== undefined) {
      const events = new PartnerEvents(this, "shopify", {
        ...{ source: shopifyEventSource, detailType: "shopifyWebhook", handledWithin },
      });
      const name = "receive-notification-shopify";
      events.feed(this.notificationReader("shopify", { name, url: events.url, handledWithin }));
    }
    return Stack.of(this).toJsonString(arns);
  }

  /** Reads what a channel has put into a queue of its own. */
  private notificationReader(
    channel: string,
    { name = "receive-notification", url, handledWithin }: { name?: string; url: string; handledWithin: Duration },
  ): SuiteFunction {
    const reader = new SuiteFunction(this, name, {
      folder: "receive-notification",
      description: "Reads what a channel puts into its queue and queues one notice per case",
      timeout: handledWithin,
      environment: {
        CHANNEL: channel,
        NOTIFICATIONS_QUEUE_URL: url,
        INTAKE_QUEUE_URL: this.intake.url,
        QUARANTINE_QUEUE_URL: this.quarantine.queueUrl,
      },
    });
    this.intake.takesFrom(reader);
    this.#shopNotices.takesFrom(reader);
    reader.may(["sqs:SendMessage"], [this.quarantine.queueArn]);
    return reader;
  }

  /** The door for channels, `POST /webhooks/{channel}`; merchants' own systems have one beside it. */
  private webhooks(receiveWebhook: SuiteFunction): HttpApi {
    const { webhooksPerSecond } = this.settings;
    const api = new HttpApi(this, "Webhooks", {
      apiName: this.nameOf("webhooks"),
      createDefaultStage: false,
    });
    const [route] = api.addRoutes({
      path: "/webhooks/{channel}",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("ReceiveWebhook", receiveWebhook),
    });
    if (route) {
      excuse(
        route,
        "AwsSolutions-APIG4",
        "Channels prove themselves by a signature over the raw bytes, which the function checks.",
      );
    }
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `/casebridge/${this.settings.stage}/webhooks`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, "WebhooksStage", {
      httpApi: api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: webhooksPerSecond, burstLimit: webhooksPerSecond * 2 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        // No query string: some channels sign there.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            at: "$context.requestTime",
            route: "$context.routeKey",
            path: "$context.path",
            status: "$context.status",
            responseBytes: "$context.responseLength",
            latencyMs: "$context.responseLatency",
            error: "$context.integrationErrorMessage",
          }),
        ),
      },
    });
    new CfnOutput(this, "WebhookUrl", {
      value: `${api.apiEndpoint}/webhooks/`,
      description: "Add the channel's name and register it at the channel",
    });
    return api;
  }
}
