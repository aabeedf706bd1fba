import { buildSessionDeps } from "#connectors/session/build.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { connectRequestSchema, connectShop } from "./connect-shop.ts";

const deps = buildSessionDeps({ rememberShops: false });

export const handler = onCall("connect-shop", connectRequestSchema, (request) => connectShop(request, deps));
