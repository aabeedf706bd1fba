import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { publish } from "#shared/bus/publish.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import type { BusScope } from "#shared/events/case-events.ts";
import { onStream } from "#shared/lambda/on-stream.ts";
import { count } from "#shared/metrics.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, publishEvents } from "./publish-events.ts";

const { timeline, references } = createStore({
  client: new DynamoDBClient(),
  tableName: setting("TABLE_NAME"),
  clock: systemClock,
});
const bus = { client: new EventBridgeClient(), busName: setting("EVENT_BUS_NAME") };
const sqs = new SQSClient();
const commands = { client: sqs, queueUrl: setting("COMMANDS_QUEUE_URL") };
const timers = { client: sqs, queueUrl: setting("DEADLINES_QUEUE_URL") };

const deps: Deps = {
  timeline,
  references,
  publish: (events) => publish(events, bus),
  busScope: setting("BUS_SCOPE") as BusScope,
  sendCommands: (messages) => send(messages, commands),
  sendTimers: (messages) => send(messages, timers),
  clock: systemClock,
  sweepEveryMs: Number(setting("SWEEP_EVERY_SECONDS")) * 1000,
};

export const handler = onStream(
  "publish-events",
  (record) => publishEvents(record, deps),
  () => count("PublishFailed"),
);
