import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { connectorOf } from "#connectors/registry.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onApi } from "#shared/lambda/on-api.ts";
import { createStore } from "#shared/store/index.ts";
import { operatorApi } from "./operator-api.ts";

const store = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME") });
const claimNames = { tenant: setting("TENANT_CLAIM"), role: setting("ROLE_CLAIM") };
const deps = { store, connectorOf, clock: systemClock, claimNames };

export const handler = onApi((call) => operatorApi(call, deps));
