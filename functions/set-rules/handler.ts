import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, setRules, setRulesRequestSchema } from "./set-rules.ts";

const { rules } = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
const deps: Deps = { rules, clock: systemClock };

export const handler = onCall("set-rules", setRulesRequestSchema, (request) => setRules(request, deps));
