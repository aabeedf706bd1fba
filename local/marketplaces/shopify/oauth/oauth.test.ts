import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dayMs, hourMs, type Stage, setStage } from "../testing.ts";
import { app } from "./app.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const keys = { client_id: app.clientId, client_secret: app.clientSecret };

async function token(wish: Record<string, string>) {
  const response = await fetch(`${stage.shopify.url}/shops/${stage.shopId}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...keys, ...wish }),
  });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) } as Record<
    string,
    unknown
  >;
}

async function isAlive(accessToken: unknown): Promise<boolean> {
  const { errors } = await stage.ask("{ publicApiVersions { handle } }", {}, { token: String(accessToken) });
  return errors === undefined;
}

async function install(query: Record<string, string> = {}): Promise<URL> {
  const target = new URL(`${stage.shopify.url}/shops/${stage.shopId}/admin/oauth/authorize`);
  const asked = {
    client_id: app.clientId,
    scope: "write_returns",
    redirect_uri: "https://app.example/callback",
    state: "n-once 42",
    approve: "1",
    ...query,
  };
  for (const [name, value] of Object.entries(asked)) target.searchParams.set(name, value);
  const response = await fetch(target, { redirect: "manual" });
  return new URL(response.headers.get("location") ?? "https://nowhere.example");
}

describe("client credentials", () => {
  it("give a token for a day, without a refresh token, for a JSON or a form body", async () => {
    const answer = await token({ grant_type: "client_credentials" });
    expect(answer).toMatchObject({ status: 200, expires_in: 86399 });
    expect(answer).not.toHaveProperty("refresh_token");
    expect(String(answer.scope).split(",")).toContain("write_returns");
    expect(await isAlive(answer.access_token)).toBe(true);
    const form = await fetch(`${stage.shopify.url}/shops/demo/admin/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams({ ...keys, grant_type: "client_credentials" }),
    });
    expect(form.status).toBe(200);
    await stage.clock.advance(dayMs);
    expect(await isAlive(answer.access_token)).toBe(false);
  });

  it("are refused with a wrong secret and for an unknown grant", async () => {
    expect(await token({ grant_type: "client_credentials", client_secret: "wrong" })).toMatchObject({
      status: 400,
      error: "invalid_client",
    });
    expect(await token({ grant_type: "password" })).toMatchObject({ status: 400, error: "unsupported_grant_type" });
  });
});

describe("authorization code", () => {
  it("shows a page, and after consent gives a code that works once", async () => {
    const page = await fetch(
      `${stage.shopify.url}/shops/demo/admin/oauth/authorize?client_id=${app.clientId}&scope=write_returns&redirect_uri=https://app.example/callback&state=1`,
    );
    expect(await page.text()).toContain("write_returns");
    const back = await install();
    expect([...back.searchParams.keys()].sort()).toEqual(["code", "hmac", "host", "shop", "state", "timestamp"]);
    const code = back.searchParams.get("code") ?? "";
    const lasting = await token({ code, expiring: "0" });
    expect(lasting).toMatchObject({ status: 200 });
    expect(lasting).not.toHaveProperty("expires_in");
    expect(await token({ code, expiring: "0" })).toMatchObject({ status: 400, error: "invalid_grant" });
    await stage.clock.advance(400 * dayMs);
    expect(await isAlive(lasting.access_token)).toBe(true);
  });

  it("gives an expiring pair on request", async () => {
    const code = (await install()).searchParams.get("code") ?? "";
    const pair = await token({ code, expiring: "1" });
    expect(pair).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7_776_000 });
    await stage.clock.advance(hourMs);
    expect(await isAlive(pair.access_token)).toBe(false);
  });
});

it("ends the access tokens of a shop before their time, and what renews them stays good", async () => {
  const pair = await token({ code: (await install()).searchParams.get("code") ?? "", expiring: "1" });
  await stage.clock.advance(1000);
  stage.shopify.endAccess?.(stage.shopId);
  expect(await isAlive(pair.access_token)).toBe(false);
  const next = await token({ grant_type: "refresh_token", refresh_token: String(pair.refresh_token) });
  expect(await isAlive(next.access_token)).toBe(true);
});

describe("refresh tokens", () => {
  const refresh = (value: unknown) => token({ grant_type: "refresh_token", refresh_token: String(value) });
  const first = async () => token({ code: (await install()).searchParams.get("code") ?? "", expiring: "1" });

  it("are replaced, and stay usable until their replacement is first used", async () => {
    const one = await first();
    const two = await refresh(one.refresh_token);
    const again = await refresh(one.refresh_token);
    expect([two.status, again.status]).toEqual([200, 200]);
    expect((await refresh(two.refresh_token)).status).toBe(200);
    expect(await refresh(one.refresh_token)).toMatchObject({ status: 400, error: "invalid_grant" });
  });

  it("end thirty days after their own first use, and after ninety days in any case", async () => {
    const one = await first();
    await refresh(one.refresh_token);
    await stage.clock.advance(29 * dayMs);
    expect((await refresh(one.refresh_token)).status).toBe(200);
    await stage.clock.advance(2 * dayMs);
    expect((await refresh(one.refresh_token)).status).toBe(400);
    const unused = await first();
    await stage.clock.advance(90 * dayMs);
    expect((await refresh(unused.refresh_token)).status).toBe(400);
  });

  it("can be had for a lasting token, which ends with that", async () => {
    const code = (await install()).searchParams.get("code") ?? "";
    const lasting = await token({ code, expiring: "0" });
    const offline = "urn:shopify:params:oauth:token-type:offline-access-token";
    const moved = await token({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: String(lasting.access_token),
      subject_token_type: offline,
      requested_token_type: offline,
      expiring: "1",
    });
    expect(moved).toMatchObject({ status: 200, expires_in: 3600 });
    expect(await isAlive(lasting.access_token)).toBe(false);
  });
});
