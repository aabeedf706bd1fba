import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { newSecret } from "#shared/new-secret.ts";
import { createStore } from "#shared/store/index.ts";
import { createVault } from "#shared/vault.ts";
import { connectWarehouse, type Deps, warehouseRequestSchema } from "./connect-warehouse.ts";

const { inbound } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const vault = createVault({ client: new KMSClient(), keyId: setting("INBOUND_KEY_ID") });
const deps: Deps = { inbound, vault, newSecret };

export const handler = onCall("connect-warehouse", warehouseRequestSchema, (request) =>
  connectWarehouse(request, deps),
);
