import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createChannelSettings } from "#shared/channel-settings.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { httpClient } from "#shared/http.ts";
import { createStore } from "#shared/store/index.ts";
import { createVault } from "#shared/vault.ts";
import { connectorOf } from "../registry.ts";
import { rememberedRules } from "./remembered-rules.ts";
import { rememberedShops } from "./remembered-shops.ts";

/** Everything a function needs to talk to shops, built once per cold start from its environment. */
export function buildSessionDeps({ rememberShops }: { rememberShops: boolean }) {
  const store = createStore({ client: new DynamoDBClient(), tableName: setting("TABLE_NAME"), clock: systemClock });
  return {
    store,
    cases: store.cases,
    references: store.references,
    shops: rememberShops ? rememberedShops(store.shops) : store.shops,
    clockRulesOf: rememberedRules(store.rules),
    connectorOf,
    channelSettings: createChannelSettings({
      client: new SecretsManagerClient(),
      prefix: setting("CHANNEL_SECRET_PREFIX"),
    }),
    vault: createVault({ client: new KMSClient(), keyId: setting("CREDENTIALS_KEY_ID") }),
    http: httpClient(),
    clock: systemClock,
  };
}
