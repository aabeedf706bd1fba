import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onSchedule } from "#shared/lambda/on-schedule.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, sweepFeeds } from "./sweep-feeds.ts";

const { feeds } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const polls = { client: new SQSClient(), queueUrl: setting("POLLS_QUEUE_URL") };
const nights = { client: polls.client, queueUrl: setting("NIGHTS_QUEUE_URL") };
const renewals = { client: polls.client, queueUrl: setting("RENEWALS_QUEUE_URL") };
const deps: Deps = {
  ...{ feeds, clock: systemClock },
  enqueue: (messages) => send(messages, polls),
  enqueueNights: (messages) => send(messages, nights),
  enqueueRenewals: (messages) => send(messages, renewals),
};

export const handler = onSchedule("sweep-feeds", () => sweepFeeds(deps));
