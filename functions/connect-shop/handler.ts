import { buildSessionDeps } from "#connectors/session/build.ts";
import { onCall } from "#shared/lambda/on-call.ts";
import { connectRequestSchema, connectShop, type Deps } from "./connect-shop.ts";

const session = buildSessionDeps({ rememberShops: false });
const deps: Deps = { ...session, feeds: session.store.feeds };

export const handler = onCall("connect-shop", connectRequestSchema, (request) => connectShop(request, deps));
