import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { download } from "#shared/evidence/download.ts";
import { onEvent } from "#shared/lambda/on-event.ts";
import { captureEvidence, type Deps } from "./capture-evidence.ts";

const session = buildSessionDeps({ rememberShops: true });
const archive = createArchive({ client: new S3Client(), bucket: setting("EVIDENCE_BUCKET") });
const deps: Deps = { ...session, evidence: session.store.evidence, archive, download };

export const handler = onEvent((news) => captureEvidence(news, deps), {
  name: "capture-evidence",
  client: new SQSClient(),
  queueUrl: setting("SOURCE_QUEUE_URL"),
});
