import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";
import { createShopify, type ShopifyMarketplace } from "./index.ts";
import { app } from "./oauth/app.ts";
import { listen } from "./testing.ts";

let clock: ManualClock;
let shopify: ShopifyMarketplace;
let shopId: string;

/** The shop's public address, answered by the simulator. */
function here(address: string): string {
  return address.replace(`https://${shopId}`, `${shopify.url}/shops/${shopId}`);
}

setAbstractFetchFunc((input, init) => fetch(here(String(input)), init));
const official = shopifyApi({
  apiKey: app.clientId,
  apiSecretKey: app.clientSecret,
  apiVersion: ApiVersion.October26,
  hostName: "app.example",
  isEmbeddedApp: false,
  scopes: ["write_returns"],
  logger: { log: async () => undefined },
});

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
      const rawRequest = { method: "POST", url: "/hooks", headers };
      const { valid, ...fields } = await official.webhooks.validate({ rawBody: body, rawRequest, rawResponse: {} });
      expect(valid, JSON.stringify(fields)).toBe(true);
      const forged = await official.webhooks.validate({ rawBody: `${body} `, rawRequest, rawResponse: {} });
      expect(forged.valid).toBe(false);
    }
    hooks.close();
  });

  it("gets a token with client credentials and asks the Admin API with it", async () => {
    const { channelCaseId } = await shopify.openCase({ shopId, plan: "return_needs_answer", seed: 1 });
    const { session } = await official.auth.clientCredentials({ shop: shopId });
    const client = new official.clients.Graphql({ session });
    const id = `gid://shopify/${channelCaseId}`;
    const answer = await client.request("query R($id: ID!) { return(id: $id) { id status } }", { variables: { id } });
    expect(answer.data).toEqual({ return: { id, status: "REQUESTED" } });
  });

  it("installs itself: consent, signed redirect, code, token", async () => {
    const server = createServer((rawRequest, rawResponse) => {
      const isBeginning = rawRequest.url?.startsWith("/auth/begin");
      const work = isBeginning
        ? official.auth.begin({
            shop: shopId,
            callbackPath: "/auth/callback",
            isOnline: false,
            rawRequest,
            rawResponse,
          })
        : official.auth
            .callback({ rawRequest, rawResponse })
            .then(({ session }) =>
              rawResponse.end(JSON.stringify({ scope: session.scope, hasToken: Boolean(session.accessToken) })),
            );
      work.catch((error: Error) => rawResponse.writeHead(400).end(error.constructor.name));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // The library turns away callers that do not look like a browser.
    const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
    const begun = await fetch(`${base}/auth/begin`, { redirect: "manual", headers: browser });
    const cookie = begun.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const consent = await fetch(`${here(begun.headers.get("location") ?? "")}&approve=1`, { redirect: "manual" });
    const { search } = new URL(consent.headers.get("location") ?? "");
    const forged = await fetch(`${base}/auth/callback${search.replace("code=", "code=0")}`, {
      headers: { ...browser, cookie },
    });
    expect([forged.status, await forged.text()]).toEqual([400, "InvalidOAuthError"]);
    const done = await fetch(`${base}/auth/callback${search}`, { headers: { ...browser, cookie } });
    expect(await done.json()).toMatchObject({ hasToken: true, scope: expect.stringContaining("write_returns") });
    server.close();
  });
});
