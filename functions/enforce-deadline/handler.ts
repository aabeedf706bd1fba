import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { caseIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { enforceDeadline } from "./enforce-deadline.ts";

const deps = buildSessionDeps({ rememberShops: true });
const timerSchema = z.strictObject({ tenantId: tenantIdSchema, caseId: caseIdSchema });

export const handler = onQueue(timerSchema, (timer) => enforceDeadline(timer, deps), {
  name: "enforce-deadline",
  client: new SQSClient(),
  queueUrl: setting("DEADLINES_QUEUE_URL"),
});
