import { defineConnector } from "../contract.ts";
import { actions } from "./actions.ts";
import { authorization } from "./authorization.ts";
import { consoleLink } from "./console-link.ts";
import { explain } from "./explain.ts";
import { feeds } from "./feeds.ts";
import { fetchCases } from "./fetch.ts";
import { listAddresses } from "./list-addresses.ts";
import { normalize } from "./normalize.ts";
import { readPartnerEvent } from "./partner-events.ts";
import { shopifyPush } from "./push.ts";
import { appSchema, credentialsSchema, type ShopifyApp, type ShopifyCredentials } from "./settings.ts";
import { tokens } from "./tokens.ts";

/** Shopify: webhooks and sweeps in, Admin GraphQL both ways. No deadlines of its own except a dispute's. */
export const shopify = defineConnector<ShopifyApp, ShopifyCredentials>({
  id: "shopify",
  settings: { app: appSchema, credentials: credentialsSchema },
  push: shopifyPush,
  // Subscribing to it is the work of the feed `subscriptions`, as for webhooks over HTTPS.
  notifications: { read: readPartnerEvent },
  feeds,
  fetch: fetchCases,
  normalize,
  actions,
  listAddresses,
  tokens,
  authorization,
  consoleLink,
  pinnedVersion: ({ apiVersion }) => apiVersion,
  explain,
});
