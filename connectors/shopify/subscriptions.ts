import * as z from "zod";
import { SuiteError } from "#shared/errors.ts";
import type { ShopFeed } from "../contract.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { parse } from "./parse.ts";
import { isScopeGranted } from "./scopes.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";
import { routes } from "./topics.ts";

const everyMs = 6 * 60 * 60_000;

/** Topics that a shop is subscribed to, with the scopes of which one is needed; the compliance topics have no such way. */
const subscribed: readonly string[] = [...routes.keys(), "app/uninstalled", "app/scopes_update"];
const scopesOf = (topic: string): readonly string[] => {
  if (topic.startsWith("app/")) return [];
  if (topic.startsWith("disputes/")) return ["read_shopify_payments_disputes"];
  return /^(orders|refunds|order_transactions)\//.test(topic) ? ["read_orders"] : ["read_returns"];
};

const listSchema = z.object({
  webhookSubscriptions: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(z.object({ topic: z.string(), uri: z.string().nullish() })),
  }),
});

/**
 * Brings no news: it makes the shop's webhook subscriptions when the shop is connected, and makes again what is gone.
 * Shopify removes a subscription without a word after eight failed deliveries in a row. Does nothing where `webhookUri` is
 * not set: then they stand in the app's configuration file.
 * Source: shopify.dev, "Troubleshoot webhooks" and `webhookSubscriptionCreate`, read 2026-11-22.
 */
export const subscriptions: ShopFeed<ShopifyApp, ShopifyCredentials> = {
  scope: "shop",
  everyMs,
  list: async (_, world) => {
    const { webhookUri } = world.app;
    if (webhookUri !== undefined) {
      for (const topic of await missing(webhookUri, world)) await subscribe(topic, webhookUri, world);
    }
    return { notices: [], rejected: [], bookmark: { checkedAt: world.now.toISOString() }, next: { when: "later" } };
  },
};

/** Topics of ours without a subscription to this address, as far as the shop's scopes allow for them. */
async function missing(webhookUri: string, world: ShopifyWorld): Promise<string[]> {
  const there = new Set<string>();
  let after: string | null = null;
  do {
    const { data } = await ask(world, documents.subscriptions, { after });
    const { webhookSubscriptions }: z.infer<typeof listSchema> = parse(listSchema, data);
    for (const { topic, uri } of webhookSubscriptions.nodes) if (uri === webhookUri) there.add(topic);
    const { hasNextPage, endCursor } = webhookSubscriptions.pageInfo;
    after = hasNextPage ? (endCursor ?? null) : null;
  } while (after !== null);
  const { scope } = world.credentials;
  return subscribed.filter((topic) => {
    const scopes = scopesOf(topic);
    const isAllowed = scopes.length === 0 || scopes.some((each) => isScopeGranted(scope, each));
    return isAllowed && !there.has(enumOf(topic));
  });
}

/** Safe to repeat: a lost answer leaves a subscription that the next look finds. */
async function subscribe(topic: string, uri: string, world: ShopifyWorld): Promise<void> {
  try {
    await ask(world, documents.subscribe, { topic: enumOf(topic), uri });
  } catch (fault) {
    if (!(fault instanceof SuiteError) || fault.code !== "channel_refused") throw fault;
    const { channelMessage } = fault.details;
    throw new SuiteError("channel_refused", `Shopify does not subscribe ${topic} to webhookUri: look at the address`, {
      details: { ...fault.details, channelMessage, topic },
      cause: fault,
    });
  }
}

const enumOf = (topic: string): string => topic.toUpperCase().replace("/", "_");
