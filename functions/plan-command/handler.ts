import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { connectorOf } from "#connectors/registry.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { createStore } from "#shared/store/index.ts";
import { type Deps, planCommand, planRequestSchema } from "./plan-command.ts";

const { cases, references, shops, limits } = createStore({
  client: new DynamoDBClient(),
  tableName: setting("TABLE_NAME"),
  clock: systemClock,
});
const deps: Deps = { cases, references, shops, limits, connectorOf, clock: systemClock };

export const handler = onCall("plan-command", planRequestSchema, (request) => planCommand(request, deps));
