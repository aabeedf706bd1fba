import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { connectorOf } from "#connectors/registry.ts";
import { rememberedShops } from "#connectors/session/remembered-shops.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onEvent } from "#shared/lambda/on-event.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, resolveReturnAddress } from "./resolve-return-address.ts";

const store = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const { cases, addresses, rules } = store;
const deps: Deps = { cases, addresses, rules, shops: rememberedShops(store.shops), connectorOf, clock: systemClock };

export const handler = onEvent((news) => resolveReturnAddress(news, deps), {
  name: "resolve-return-address",
  client: new SQSClient(),
  queueUrl: setting("SOURCE_QUEUE_URL"),
});
