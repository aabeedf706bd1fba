import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { rememberedRules } from "#connectors/session/remembered-rules.ts";
import { inboundMessageSchema } from "#shared/case/inbound-event.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { createStore } from "#shared/store/index.ts";
import { applyInbound, type Deps } from "./apply-inbound.ts";

const { cases, rules } = createStore({
  client: new DynamoDBClient(),
  tableName: setting("TABLE_NAME"),
  clock: systemClock,
});
const deps: Deps = { cases, clockRulesOf: rememberedRules(rules), clock: systemClock };

export const handler = onQueue(inboundMessageSchema, (message) => applyInbound(message, deps), {
  name: "apply-inbound",
  client: new SQSClient(),
  queueUrl: setting("INBOUND_QUEUE_URL"),
});
