import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { feedIdSchema } from "#shared/store/item.ts";
import { type Deps, refreshCredentials } from "./refresh-credentials.ts";

const session = buildSessionDeps({ rememberShops: false });
const deps: Deps = { ...session, feeds: session.store.feeds };

export const handler = onQueue(feedIdSchema, (feed) => refreshCredentials(feed, deps), {
  name: "refresh-credentials",
  client: new SQSClient(),
  queueUrl: setting("RENEWALS_QUEUE_URL"),
});
