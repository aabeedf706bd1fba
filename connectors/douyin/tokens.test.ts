import { describe, expect, it } from "vitest";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { HttpResponse } from "../contract.ts";
import { failure, success } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";
import { credentialsSchema, type DouyinCredentials } from "./settings.ts";
import { tokens } from "./tokens.ts";

function pair(expiresIn: number, shop = 20_558_811): HttpResponse {
  return success(`{"access_token":"a2","refresh_token":"r2","expires_in":${expiresIn},"shop_id":${shop}}`);
}
const dead = failure(50001, "dop.token-generate-failed:token-expired");
const race = failure(50002, "isv.business-failed:31012");

async function refresh(credentials: DouyinCredentials, answers: readonly HttpResponse[]) {
  const { http, requests } = scriptedHttp(answers);
  const renewed = await tokens.refresh(worldOf({ ...fixtures, credentials }, http));
  const asked = requests.map(({ url, body }) => [new URL(url).pathname, JSON.parse(String(body))]);
  return { renewed, asked, urls: requests.map(({ url }) => url) };
}

const held = fixtures.credentials;

describe("tokens", () => {
  it.each([
    ["a duration", 604_800, "2026-09-28T14:30:00.000Z"],
    ["an instant", 1_790_605_800, "2026-09-28T14:30:00.000Z"],
  ])("reads expires_in as %s", async (_, expiresIn, expected) => {
    expect((await refresh(held, [pair(expiresIn)])).renewed.expiresAt).toBe(expected);
  });

  it("asks in the last hour only, because earlier the same pair comes back", () => {
    expect(tokens.refreshBeforeMs).toBeLessThan(3_600_000);
  });

  it("sends no access token with its request", async () => {
    const { urls, asked } = await refresh(held, [pair(604_800)]);
    expect(urls.join()).not.toContain("access_token");
    expect(asked).toEqual([["/token/refresh", { grant_type: "refresh_token", refresh_token: held.refreshToken }]]);
  });

  it("calls once more when two refresh at once", async () => {
    expect((await refresh(held, [race, pair(604_800)])).renewed.accessToken).toBe("a2");
    await expect(refresh(held, [race, race])).rejects.toMatchObject({ code: "channel_unavailable" });
  });

  it("asks for a new grant by itself in our own shop", async () => {
    const own: DouyinCredentials = { ...held, grant: "authorization_self", testShop: true };
    const { asked, renewed } = await refresh(own, [dead, pair(604_800)]);
    expect(asked[1]).toEqual([
      "/token/create",
      { code: "", grant_type: "authorization_self", shop_id: "20558811", test_shop: "1" },
    ]);
    expect(renewed).toMatchObject({ grant: "authorization_self", testShop: true, refreshToken: "r2" });
  });

  it("leaves a dead grant of a sold app to a person", async () => {
    await expect(refresh(held, [dead])).rejects.toMatchObject({ code: "credentials_rejected" });
  });

  it("connects a shop with its grant alone: the first token is due at once", async () => {
    const own = credentialsSchema.parse({ grant: "authorization_self" });
    expect(tokens.expiresAt(own)?.getTime()).toBe(0);
    const { asked } = await refresh(own, [pair(604_800)]);
    expect(asked).toEqual([["/token/create", { code: "", grant_type: "authorization_self", shop_id: "20558811" }]]);
  });

  it("connects a shop with the code from the consent page, and keeps no used code", async () => {
    const sold = credentialsSchema.parse({ grant: "authorization_code", code: "consent-1" });
    const { asked, renewed } = await refresh(sold, [pair(604_800)]);
    expect(asked).toEqual([["/token/create", { code: "consent-1", grant_type: "authorization_code" }]]);
    expect(renewed).not.toHaveProperty("code");
  });

  it("takes no token of another shop", async () => {
    await expect(refresh(held, [pair(604_800, 999)])).rejects.toMatchObject({ code: "credentials_rejected" });
  });

  it("accepts no credentials of a sold app without a code or a pair", () => {
    expect(credentialsSchema.safeParse({ grant: "authorization_code" }).success).toBe(false);
  });
});
