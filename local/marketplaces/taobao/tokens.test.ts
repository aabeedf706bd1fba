import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultSettings } from "./settings.ts";
import { hourMs, startTaobao } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startTaobao>>;
beforeEach(async () => {
  sim = await startTaobao();
});
afterEach(() => sim.taobao.stop());

const client = { client_id: defaultSettings.appKey, redirect_uri: "https://casebridge.example.com/back" };
const post = (path: string, form: Record<string, string>) =>
  fetch(`${sim.taobao.url}${path}`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
const token = async (form: Record<string, string>) =>
  (await (await post("/token", { client_secret: defaultSettings.appSecret, ...client, ...form })).json()) as Record<
    string,
    unknown
  >;
const decide = async (decision: string) => {
  const answer = await post("/authorize", { ...client, state: "s1", shop: sim.shop.shopId, decision });
  return new URL(answer.headers.get("location") ?? "");
};

describe("the consent page", () => {
  it("lists the shops, and says what is wrong with the request", async () => {
    const page = async (query: Record<string, string>) =>
      (await fetch(`${sim.taobao.url}/authorize?${new URLSearchParams(query)}`)).text();
    expect(await page({ ...client, response_type: "code", state: "s1" })).toContain("模拟旗舰店");
    expect(await page({ ...client, client_id: "1" })).toContain("client_id");
    expect(await page({ ...client, redirect_uri: "here" })).toContain("redirect_uri");
  });

  it("sends the merchant back with a code, or without one when they decline", async () => {
    const allowed = await decide("allow");
    expect(allowed.origin + allowed.pathname).toBe(client.redirect_uri);
    expect(allowed.searchParams.get("state")).toBe("s1");
    expect(allowed.searchParams.get("code")).toMatch(/^\d{24}$/);
    const denied = await decide("deny");
    expect(denied.searchParams.get("error")).toBe("access_denied");
    expect(denied.searchParams.has("code")).toBe(false);
  });
});

describe("a code", () => {
  it("gives a token once, at either address, and ends the one before", async () => {
    const code = (await decide("allow")).searchParams.get("code") ?? "";
    const answer = await token({ grant_type: "authorization_code", code });
    expect(answer).toMatchObject({ re_expires_in: 0, taobao_user_id: sim.shop.shopId });
    expect(decodeURIComponent(String(answer.taobao_user_nick))).toBe("模拟旗舰店");
    expect(await token({ grant_type: "authorization_code", code })).toMatchObject({ error: "invalid_client" });
    const method = "taobao.logistics.address.search";
    expect((await sim.call(method)).error_response?.sub_code).toBe("invalid-sessionkey");
    expect((await sim.call(method, { session: String(answer.access_token) })).error_response).toBeUndefined();
    const next = sim.taobao.consentCode(sim.shop.shopId);
    const create = await sim.call("taobao.top.auth.token.create", { session: undefined, code: next });
    expect(create.top_auth_token_create_response).toMatchObject({ token_result: expect.stringContaining("Bearer") });
  });

  it("is too old after ten minutes", async () => {
    const code = sim.taobao.consentCode(sim.shop.shopId);
    await sim.clock.advance(hourMs);
    expect(await token({ grant_type: "authorization_code", code })).toHaveProperty("error");
  });

  it("is for our app alone", async () => {
    const code = sim.taobao.consentCode(sim.shop.shopId);
    expect(await token({ grant_type: "authorization_code", code, client_secret: "wrong" })).toHaveProperty("error");
  });
});

describe("a refresh token", () => {
  it("is useless where it lives for no time", async () => {
    const { refresh_token } = await token({
      grant_type: "authorization_code",
      code: sim.taobao.consentCode(sim.shop.shopId),
    });
    expect(await token({ grant_type: "refresh_token", refresh_token: String(refresh_token) })).toHaveProperty("error");
  });

  it("gives a new pair where it does", async () => {
    await sim.taobao.stop();
    sim = await startTaobao({ settings: { refreshLifeMs: hourMs } });
    const { refresh_token } = await token({
      grant_type: "authorization_code",
      code: sim.taobao.consentCode(sim.shop.shopId),
    });
    expect(await token({ grant_type: "refresh_token", refresh_token: String(refresh_token) })).toHaveProperty(
      "access_token",
    );
  });
});
