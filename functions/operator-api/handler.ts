import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { connectorOf } from "#connectors/registry.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { onApi } from "#shared/lambda/on-api.ts";
import { createStore } from "#shared/store/index.ts";
import { operatorApi } from "./operator-api.ts";

const store = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const archive = createArchive({ client: new S3Client(), bucket: setting("EVIDENCE_BUCKET") });
const claimNames = { tenant: setting("TENANT_CLAIM"), role: setting("ROLE_CLAIM") };
const deps = { store, archive, connectorOf, clock: systemClock, claimNames, connectUrl: setting("CONNECT_URL") };

export const handler = onApi((call) => operatorApi(call, deps));
