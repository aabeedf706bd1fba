import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { channelSchema } from "#shared/case/channel.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, resumeShop } from "./resume-shop.ts";

const client = new SQSClient();
const intake = { client, queueUrl: setting("INTAKE_QUEUE_URL") };
const { cases, shops } = createStore({
  client: new DynamoDBClient(),
  tableName: setting("TABLE_NAME"),
  clock: systemClock,
});
const deps: Deps = { cases, shops, clock: systemClock, enqueue: (messages) => send(messages, intake) };
const shopSchema = z.strictObject({ tenantId: tenantIdSchema, channel: channelSchema, shopId: shopIdSchema });

export const handler = onQueue(shopSchema, (shop) => resumeShop(shop, deps), {
  name: "resume-shop",
  client,
  queueUrl: setting("RESUMES_QUEUE_URL"),
});
