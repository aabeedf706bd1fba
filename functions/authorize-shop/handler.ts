import { SQSClient } from "@aws-sdk/client-sqs";
import { buildConnectDeps } from "#connectors/session/build-connect.ts";
import { setting } from "#shared/config.ts";
import { onPage } from "#shared/lambda/on-page.ts";
import { authorizeShop, type Deps } from "./authorize-shop.ts";
import { outcomePage } from "./page.ts";

const connect = buildConnectDeps(new SQSClient());
const deps: Deps = { ...connect, authorizations: connect.store.authorizations, connectUrl: setting("CONNECT_URL") };

export const handler = onPage((call) => authorizeShop(call, deps), {
  failed: outcomePage("en", { code: "misconfigured" }),
});
