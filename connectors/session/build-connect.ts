import type { SQSClient } from "@aws-sdk/client-sqs";
import { setting } from "#shared/config.ts";
import { send } from "#shared/queue.ts";
import { buildSessionDeps } from "./build.ts";
import type { ConnectDeps } from "./connect.ts";

/** Everything a function needs to connect shops, built once per cold start from its environment. */
export function buildConnectDeps(client: SQSClient) {
  const session = buildSessionDeps({ rememberShops: false });
  const resumes = { client, queueUrl: setting("RESUMES_QUEUE_URL") };
  const queues = JSON.parse(setting("NOTIFICATION_QUEUES")) as Readonly<Record<string, string | undefined>>;
  return {
    ...session,
    feeds: session.store.feeds,
    resume: (messages) => send(messages, resumes),
    notificationQueueOf: (channel) => queues[channel],
  } satisfies ConnectDeps & { store: unknown };
}
