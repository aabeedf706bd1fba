import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { connectorOf } from "#connectors/registry.ts";
import { rememberedShops } from "#connectors/session/remembered-shops.ts";
import { defaultPolicy } from "#shared/case/policy.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onEvent } from "#shared/lambda/on-event.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, decideResponse } from "./decide-response.ts";

const store = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const deps: Deps = {
  cases: store.cases,
  references: store.references,
  shops: rememberedShops(store.shops),
  limits: store.limits,
  connectorOf,
  policy: defaultPolicy,
  clock: systemClock,
};

export const handler = onEvent((news) => decideResponse(news, deps), {
  name: "decide-response",
  client: new SQSClient(),
  queueUrl: setting("SOURCE_QUEUE_URL"),
});
