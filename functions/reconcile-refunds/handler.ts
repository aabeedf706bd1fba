import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { feedIdSchema } from "#shared/store/item.ts";
import { type Deps, reconcileRefunds } from "./reconcile-refunds.ts";

const session = buildSessionDeps({ rememberShops: false });
const deps: Deps = { ...session, feeds: session.store.feeds, references: session.store.references };

export const handler = onQueue(feedIdSchema, (feed) => reconcileRefunds(feed, deps), {
  name: "reconcile-refunds",
  client: new SQSClient(),
  queueUrl: setting("NIGHTS_QUEUE_URL"),
});
