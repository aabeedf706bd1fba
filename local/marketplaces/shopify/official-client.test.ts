import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";
import { createShopify, type ShopifyMarketplace } from "./index.ts";
import { app } from "./oauth/app.ts";
import { listen } from "./testing.ts";

const official = shopifyApi({
  apiKey: app.clientId,
  apiSecretKey: app.clientSecret,
  apiVersion: ApiVersion.October26,
  hostName: "app.example",
  isEmbeddedApp: false,
  logger: { log: async () => undefined },
});

let clock: ManualClock;
let shopify: ShopifyMarketplace;
let shopId: string;
beforeEach(async () => {
  // The library compares with the wall clock.
  clock = new ManualClock(new Date().toISOString());
  shopify = createShopify({ clock });
  await shopify.start();
  ({ shopId } = await shopify.openShop("demo"));
});
afterEach(() => shopify.stop());

describe("the platform's own library", () => {
  it("accepts every webhook this simulator sends", async () => {
    const hooks = await listen();
    shopify.pushTo(hooks.url);
    await shopify.openCase({ shopId, plan: "return_partial_refund", seed: 1 });
    await shopify.openCase({ shopId, plan: "dispute_missed", seed: 1 });
    await clock.advance(60 * 24 * 60 * 60_000);
    expect(hooks.received.length).toBeGreaterThan(10);
    for (const { headers, body } of hooks.received) {
      const rawRequest = new Request("https://app.example/hooks", { method: "POST", headers: plain(headers), body });
      const { valid, ...fields } = await official.webhooks.validate({
        rawBody: body,
        rawRequest: { method: "POST", url: rawRequest.url, headers },
        rawResponse: {},
      });
      expect(valid, JSON.stringify(fields)).toBe(true);
    }
    hooks.close();
  });

  it("accepts the redirect after consent, and refuses it when touched", async () => {
    const query = new URLSearchParams({
      client_id: app.clientId,
      scope: "write_returns",
      redirect_uri: "https://app.example/callback",
      state: "nonce",
      approve: "1",
    });
    const response = await fetch(`${shopify.url}/shops/${shopId}/admin/oauth/authorize?${query}`, {
      redirect: "manual",
    });
    const back = Object.fromEntries(new URL(response.headers.get("location") ?? "").searchParams);
    expect(await official.utils.validateHmac(back)).toBe(true);
    expect(await official.utils.validateHmac({ ...back, shop: "other.myshopify.com" })).toBe(false);
    expect(official.utils.sanitizeShop(shopId)).toBe(shopId);
  });
});

function plain(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
