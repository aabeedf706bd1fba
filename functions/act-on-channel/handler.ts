import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { caseIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { setting } from "#shared/config.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { send } from "#shared/queue.ts";
import { actOnChannel, type Deps } from "./act-on-channel.ts";

const client = new SQSClient();
const intake = { client, queueUrl: setting("INTAKE_QUEUE_URL") };
const deadlines = { client, queueUrl: setting("DEADLINES_QUEUE_URL") };
// Not remembered: a shop's mode may have been lowered a moment ago.
const session = buildSessionDeps({ rememberShops: false });
const deps: Deps = {
  ...session,
  limits: session.store.limits,
  counters: session.store.counters,
  evidence: session.store.evidence,
  archive: createArchive({ client: new S3Client(), bucket: setting("EVIDENCE_BUCKET") }),
  enqueue: (messages) => send(messages, intake),
  setTimer: (messages) => send(messages, deadlines),
  random: Math.random,
  newId: () => crypto.randomUUID(),
};
const orderSchema = z.strictObject({ tenantId: tenantIdSchema, caseId: caseIdSchema, commandId: z.string() });

export const handler = onQueue(orderSchema, (order) => actOnChannel(order, deps), {
  name: "act-on-channel",
  client,
  queueUrl: setting("COMMANDS_QUEUE_URL"),
});
