import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onEvent } from "#shared/lambda/on-event.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, syncRefund } from "./sync-refund.ts";

const { cases } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const deps: Deps = { cases, clock: systemClock };

export const handler = onEvent((news, name) => syncRefund(news, name, deps), {
  name: "sync-refund",
  client: new SQSClient(),
  queueUrl: setting("SOURCE_QUEUE_URL"),
});
