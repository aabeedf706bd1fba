import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onSchedule } from "#shared/lambda/on-schedule.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, sweepDeadlines } from "./sweep-deadlines.ts";

const { cases } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const deadlines = { client: new SQSClient(), queueUrl: setting("DEADLINES_QUEUE_URL") };
const deps: Deps = {
  cases,
  clock: systemClock,
  everyMs: Number(setting("SWEEP_EVERY_SECONDS")) * 1000,
  enqueue: (messages) => send(messages, deadlines),
};

export const handler = onSchedule("sweep-deadlines", () => sweepDeadlines(deps));
