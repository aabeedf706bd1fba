import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { publish } from "#shared/bus/publish.ts";
import { setting } from "#shared/config.ts";
import { onStream } from "#shared/lambda/on-stream.ts";
import { count } from "#shared/metrics.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, publishEvents } from "./publish-events.ts";

const { timeline, references } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME") });
const bus = { client: new EventBridgeClient(), busName: setting("EVENT_BUS_NAME") };
const commands = { client: new SQSClient(), queueUrl: setting("COMMANDS_QUEUE_URL") };

const deps: Deps = {
  timeline,
  references,
  publish: (events) => publish(events, bus),
  sendCommands: (messages) => send(messages, commands),
};

export const handler = onStream(
  "publish-events",
  (record) => publishEvents(record, deps),
  () => count("PublishFailed"),
);
