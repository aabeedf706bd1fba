import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { suiteErrorOf } from "../../test/contract/leaks.ts";
import { scriptedHttp } from "../../test/contract/scripted-http.ts";
import type { Callback, HttpResponse } from "../contract.ts";
import { authorization } from "./authorization.ts";
import { authorizationVectors } from "./fixtures/authorization-vectors.ts";
import { answer, app, now, shopId } from "./fixtures/world.ts";

const callback = (query: Record<string, string>, asked = { shop: String(shopId) }): Callback => ({
  code: query.code ?? "",
  query,
  asked,
  redirectUri: "https://casebridge.example/callback",
});
const granted = (parts: object = {}) =>
  answer({
    access_token: "shpat_invented_first",
    scope: "write_returns,write_orders",
    expires_in: 3600,
    refresh_token: "shprt_invented_first",
    refresh_token_expires_in: 7_776_000,
    ...parts,
  });

describe("the page of consent", () => {
  it("asks for an offline grant of all scopes that the connector uses", () => {
    const url = authorization.consentUrl(
      { state: "s t", redirectUri: "https://casebridge.example/callback", asked: { shop: shopId } },
      app,
    );
    expect(`${url.origin}${url.pathname}`).toBe(`https://${shopId}/admin/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: app.clientId,
      redirect_uri: "https://casebridge.example/callback",
      state: "s t",
      scope: expect.stringContaining("write_returns"),
    });
    expect(url.searchParams.has("grant_options[]")).toBe(false);
  });

  it.each([
    "evil.example",
    "acme.myshopify.com.evil.example",
    "acme.myshopify.com/x",
    "-a.myshopify.com",
    "",
  ])("is offered to no shop named %j", (name) => {
    const [{ pattern } = { pattern: /$^/ }] = authorization.asks ?? [];
    expect(new RegExp(`^(?:${pattern.source})$`).test(name)).toBe(false);
  });
});

describe("the signed way back", () => {
  it.each(authorizationVectors.map((each) => [each.name, each] as const))("is judged: %s", (_, vector) => {
    const query = Object.fromEntries(new URLSearchParams(vector.query));
    const verification = authorization.verify?.(
      callback(query),
      [{ ...app, clientSecret: vector.secret }],
      new Date(vector.now_epoch * 1000),
    );
    expect(verification?.ok).toBe(vector.expect_valid);
  });

  it.each([
    ["a time that is no number", "12e3"],
    ["a time in parts of a second", "1793606400.5"],
    ["an empty time", ""],
  ])("refuses %s", (_, timestamp) => {
    const [, whole] = authorizationVectors;
    const query = { ...Object.fromEntries(new URLSearchParams(whole?.query)), timestamp };
    expect(authorization.verify?.(callback(query), [app], now)?.ok).toBe(false);
  });
});

describe("the code", () => {
  const query = { code: "c0ffee00", shop: String(shopId) };
  async function exchange(answers: HttpResponse[], from: Callback = callback(query)) {
    const { http, requests } = scriptedHttp(answers);
    const grant = authorization.exchange(from, { app, http, now });
    return { grant, requests };
  }

  it("gives a token that ends within the hour and one that renews it", async () => {
    const { grant, requests } = await exchange([granted()]);
    expect(await grant).toEqual({
      shopId,
      name: "lantern-and-loom",
      credentials: {
        grant: "offline",
        accessToken: "shpat_invented_first",
        expiresAt: "2026-11-25T09:00:00.000Z",
        refreshToken: "shprt_invented_first",
        refreshTokenExpiresAt: "2027-02-23T08:00:00.000Z",
        scope: "write_returns,write_orders",
      },
    });
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code: "c0ffee00",
      expiring: "1",
    });
  });

  it.each([
    ["another shop than was asked for", callback({ ...query, shop: "evil.myshopify.com" })],
    ["no shop at all", callback({ code: "c0ffee00" })],
    ["a name that is no shop's", callback({ ...query, shop: "evil.example" }, { shop: "evil.example" })],
  ])("is not even shown where the way back names %s", async (_, from) => {
    const { grant, requests } = await exchange([], from);
    expect((await suiteErrorOf(() => grant)).code).toBe("credentials_rejected");
    expect(requests).toEqual([]);
  });

  it.each([
    ["a dead code", answer({ error: "invalid_grant" }, { status: 400 }), "credentials_rejected"],
    ["a wrong secret of ours", answer({ error: "invalid_client" }, { status: 400 }), "misconfigured"],
    [
      "an install without the scopes that everything needs",
      granted({ scope: "read_locations" }),
      "credentials_rejected",
    ],
    ["an answer that we do not know", answer({ token: "x" }), "channel_unavailable"],
    ["a server that fails", answer("", { status: 503 }), "channel_unavailable"],
  ])("tells apart %s", async (_, response, code) => {
    const { grant } = await exchange([response]);
    const error = await suiteErrorOf(() => grant);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).not.toContain(app.clientSecret);
  });
});

const vectors = new URL("../../../shared/channels/samples/shopify/hmac-vectors.json", import.meta.url);
describe.skipIf(!existsSync(vectors))(
  "the vectors beside the fact sheet (skipped where they are not checked out)",
  () => {
    it("are all judged above", () => {
      const { oauth_callback_query } = JSON.parse(readFileSync(vectors, "utf8"));
      expect(authorizationVectors).toEqual(
        oauth_callback_query.map(({ name, secret, query, now_epoch, expect_valid }: Record<string, unknown>) => ({
          ...{ name, secret, query, now_epoch, expect_valid },
        })),
      );
    });
  },
);
