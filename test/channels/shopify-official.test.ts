import { existsSync, readFileSync } from "node:fs";
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Callback, HttpRequest } from "#connectors/contract.ts";
import { authorization } from "#connectors/shopify/authorization.ts";
import { authorizationVectors } from "#connectors/shopify/fixtures/authorization-vectors.ts";
import { messages } from "#connectors/shopify/fixtures/messages.ts";
import { app as ourApp } from "#connectors/shopify/fixtures/world.ts";
import { shopifyPush } from "#connectors/shopify/push.ts";
import type { ShopifyApp, ShopifyCredentials } from "#connectors/shopify/settings.ts";
import { subscriptions } from "#connectors/shopify/subscriptions.ts";
import { tokens } from "#connectors/shopify/tokens.ts";
import type { ShopId } from "#shared/case/ids.ts";
import { httpClient } from "#shared/http.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createShopify, type ShopifyMarketplace } from "../../local/marketplaces/shopify/index.ts";

// The platform's own library and our verification must say the same of every message and every way back.

const librariesOf = (secret: string) =>
  shopifyApi({
    apiKey: "key",
    apiSecretKey: secret,
    apiVersion: ApiVersion.October26,
    hostName: "app.example",
    isEmbeddedApp: false,
    scopes: ["write_returns"],
    logger: { log: async () => undefined },
  });

const sheet = new URL("../../../shared/channels/samples/shopify/hmac-vectors.json", import.meta.url);
interface BodyVector {
  name: string;
  secret: string;
  body_base64: string;
  header_x_shopify_hmac_sha256: string;
}
const { webhook_body }: { webhook_body: BodyVector[] } = existsSync(sheet)
  ? JSON.parse(readFileSync(sheet, "utf8"))
  : { webhook_body: [] };

async function bothOf(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array, secret: string) {
  const ours = shopifyPush.verify({ headers, body }, [{ ...ourApp, clientSecret: secret }], new Date()).ok;
  const rawRequest = { method: "POST", url: "/hooks", headers };
  const theirs = await librariesOf(secret).webhooks.validate({
    rawBody: Buffer.from(body).toString("utf8"),
    rawRequest,
    rawResponse: {},
  });
  return { ours, theirs: theirs.valid };
}

describe("a webhook is judged alike", () => {
  it.each(messages.map((each) => [each.name, each] as const))("%s", async (_, { request }) => {
    expect(await bothOf(request.headers, request.body, ourApp.clientSecret)).toEqual({ ours: true, theirs: true });
    expect(await bothOf(request.headers, request.body, "another secret")).toEqual({ ours: false, theirs: false });
  });

  it.skipIf(webhook_body.length === 0).each(webhook_body.map((each) => [each.name, each] as const))(
    "the vector %s (skipped where the fact sheet is not checked out)",
    async (_, { secret, body_base64, header_x_shopify_hmac_sha256 }) => {
      const headers = { ...messages[0]?.request.headers, "x-shopify-hmac-sha256": header_x_shopify_hmac_sha256 };
      const { ours, theirs } = await bothOf(headers, Buffer.from(body_base64, "base64"), secret);
      expect(ours).toBe(theirs);
    },
  );
});

describe("a way back from the page of consent is judged alike", () => {
  afterEach(() => void vi.useRealTimers());

  it.each(authorizationVectors.map((each) => [each.name, each] as const))("%s", async (_, vector) => {
    const now = new Date(vector.now_epoch * 1000);
    vi.useFakeTimers({ toFake: ["Date"], now });
    const query = Object.fromEntries(new URLSearchParams(vector.query));
    const callback: Callback = { code: query.code ?? "", query, asked: {}, redirectUri: "https://app.example" };
    const ours = authorization.verify?.(callback, [{ ...ourApp, clientSecret: vector.secret }], now).ok;
    const theirs = await librariesOf(vector.secret)
      .utils.validateHmac(query as never)
      .catch(() => false);
    expect({ ours, theirs }).toEqual({ ours: vector.expect_valid, theirs: vector.expect_valid });
  });
});

describe("against the simulated platform", () => {
  let clock: ManualClock;
  let platform: ShopifyMarketplace;
  let shopId: ShopId;
  beforeEach(async () => {
    clock = new ManualClock("2026-11-02T08:00:00Z");
    platform = createShopify({ clock });
    await platform.start();
    shopId = (await platform.openShop("demo")).shopId as ShopId;
  });
  afterEach(() => platform.stop());

  const app = (): ShopifyApp => platform.appSettings() as unknown as ShopifyApp;
  async function install(): Promise<ShopifyCredentials> {
    const asked = { shop: shopId };
    const request = { state: "n 1", redirectUri: "https://app.example/callback", asked };
    const consent = authorization.consentUrl(request, app());
    const back = await fetch(`${consent.href}&approve=1`, { redirect: "manual" });
    const query = Object.fromEntries(new URL(back.headers.get("location") ?? "").searchParams);
    const callback: Callback = { code: query.code ?? "", query, asked, redirectUri: request.redirectUri };
    expect(query.state).toBe("n 1");
    expect(authorization.verify?.(callback, [app()], clock.now())).toEqual({ ok: true, live: 0 });
    const forged = { ...callback, query: { ...query, shop: "evil.myshopify.com" } };
    expect(authorization.verify?.(forged, [app()], clock.now())).toMatchObject({ ok: false });
    const world = { app: app(), http: httpClient(), now: clock.now() };
    const grant = await authorization.exchange(callback, world);
    await expect(authorization.exchange(callback, world)).rejects.toMatchObject({ code: "credentials_rejected" });
    return grant.credentials;
  }

  it("our app is installed once per code, and its token is renewed within the hour, again and again", async () => {
    let credentials = await install();
    expect(credentials).toMatchObject({ grant: "offline", refreshToken: expect.any(String) });
    for (let hour = 0; hour < 3; hour++) {
      await clock.advance(3_600_000);
      const before = credentials;
      credentials = await tokens.refresh({ app: app(), shopId, credentials, http: httpClient(), now: clock.now() });
      expect(credentials.refreshToken).not.toBe(before.refreshToken);
      expect(tokens.expiresAt(credentials)).toEqual(new Date(clock.now().getTime() + 3_600_000));
    }
  });

  it("subscriptions are made once, and made again when the platform has removed some", async () => {
    const credentials = await install();
    const sent: string[] = [];
    const send = httpClient();
    const http = (request: HttpRequest) => {
      sent.push(String(request.body));
      return send(request);
    };
    const webhookUri = "arn:aws:events:eu-central-1::event-source/aws.partner/shopify.com/4711/casebridge";
    const look = () =>
      subscriptions.list(undefined, { app: { ...app(), webhookUri }, shopId, credentials, http, now: clock.now() });
    const made = async () => {
      sent.length = 0;
      expect(await look()).toMatchObject({ notices: [], next: { when: "later" } });
      return sent.filter((body) => body.includes("webhookSubscriptionCreate")).length;
    };
    expect(await made()).toBeGreaterThan(15);
    expect(await made()).toBe(0);

    const listed = await ask(credentials, "{ webhookSubscriptions(first: 100) { nodes { id topic uri } } }");
    const [gone] = listed.data.webhookSubscriptions.nodes;
    await ask(credentials, `mutation { webhookSubscriptionDelete(id: "${gone.id}") { deletedWebhookSubscriptionId } }`);
    expect(await made()).toBe(1);
  });

  async function ask({ accessToken }: ShopifyCredentials, query: string): Promise<ReturnType<typeof JSON.parse>> {
    const response = await fetch(`${platform.url}/shops/${shopId}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": accessToken },
      body: JSON.stringify({ query }),
    });
    return response.json();
  }
});
