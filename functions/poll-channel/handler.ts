import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { send } from "#shared/queue.ts";
import { feedIdSchema } from "#shared/store/item.ts";
import { type Deps, pollChannel } from "./poll-channel.ts";

const client = new SQSClient();
const intake = { client, queueUrl: setting("INTAKE_QUEUE_URL") };
const quarantine = { client, queueUrl: setting("QUARANTINE_QUEUE_URL") };
const session = buildSessionDeps({ rememberShops: false });

const deps: Deps = {
  ...session,
  feeds: session.store.feeds,
  leastEveryMs: Number(setting("FEED_EVERY_SECONDS")) * 1000,
  enqueue: (messages) => send(messages, intake),
  quarantine: (messages) => send(messages, quarantine),
};

export const handler = onQueue(feedIdSchema, (feed) => pollChannel(feed, deps), {
  name: "poll-channel",
  client,
  queueUrl: setting("POLLS_QUEUE_URL"),
});
