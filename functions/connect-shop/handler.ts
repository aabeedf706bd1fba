import { SQSClient } from "@aws-sdk/client-sqs";
import { buildConnectDeps } from "#connectors/session/build-connect.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { connectRequestSchema, connectShop } from "./connect-shop.ts";

const deps = buildConnectDeps(new SQSClient());

export const handler = onCall("connect-shop", connectRequestSchema, (request) => connectShop(request, deps));
