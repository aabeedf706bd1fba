import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { send } from "#shared/queue.ts";
import { connectRequestSchema, connectShop, type Deps } from "./connect-shop.ts";

const session = buildSessionDeps({ rememberShops: false });
const resumes = { client: new SQSClient(), queueUrl: setting("RESUMES_QUEUE_URL") };
const notificationQueues = z.record(z.string(), z.string()).parse(JSON.parse(setting("NOTIFICATION_QUEUES")));
const deps: Deps = {
  ...session,
  feeds: session.store.feeds,
  resume: (messages) => send(messages, resumes),
  notificationQueueOf: (channel) => notificationQueues[channel],
};

export const handler = onCall("connect-shop", connectRequestSchema, (request) => connectShop(request, deps));
