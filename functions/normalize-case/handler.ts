import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { noticeSchema } from "#shared/case/notice.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { asideMessages, send } from "#shared/queue.ts";
import { normalizeCase } from "./normalize-case.ts";

const client = new SQSClient();
const quarantine = { client, queueUrl: setting("QUARANTINE_QUEUE_URL") };
const deps = buildSessionDeps({ rememberShops: true });

export const handler = onQueue(noticeSchema, (notice) => normalizeCase(notice, deps), {
  name: "normalize-case",
  client,
  queueUrl: setting("INTAKE_QUEUE_URL"),
  setAside: (body, fault) => send(asideMessages(body, fault), quarantine),
});
