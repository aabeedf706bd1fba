import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { createStore } from "#shared/store/index.ts";
import { limitsRequestSchema, setLimits } from "./set-limits.ts";

const { limits } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });

export const handler = onCall("set-limits", limitsRequestSchema, (request) => setLimits(request, { limits }));
