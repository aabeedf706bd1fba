import { describe, expect, it } from "vitest";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { HttpResponse } from "../contract.ts";
import { fixtures } from "./fixtures/index.ts";
import { answer, app, credentials } from "./fixtures/world.ts";
import type { ShopifyCredentials } from "./settings.ts";
import { credentialsSchema } from "./settings.ts";
import { tokens } from "./tokens.ts";

async function refresh(held: ShopifyCredentials, reply: HttpResponse | Error) {
  const { http, requests } = scriptedHttp([reply]);
  const renewed = await tokens.refresh(worldOf({ ...fixtures, credentials: held }, http));
  return { renewed, url: requests[0]?.url, form: JSON.parse(String(requests[0]?.body)) };
}

async function codeOf(held: ShopifyCredentials, reply: HttpResponse | Error): Promise<string> {
  try {
    await refresh(held, reply);
  } catch (error) {
    if (isSuiteError(error)) return error.code;
  }
  return "none";
}

const ours: ShopifyCredentials = { grant: "client_credentials", accessToken: "old" };

describe("tokens", () => {
  it("of a merchant's own app are asked for with the app's credentials alone", async () => {
    const { renewed, url, form } = await refresh(ours, answer({ access_token: "new", scope: "a", expires_in: 86_399 }));
    expect(url).toBe("https://lantern-and-loom.myshopify.com/admin/oauth/access_token");
    expect(form).toEqual({
      grant_type: "client_credentials",
      client_id: app.clientId,
      client_secret: app.clientSecret,
    });
    expect(renewed).toEqual({
      grant: "client_credentials",
      accessToken: "new",
      scope: "a",
      expiresAt: "2026-11-26T07:59:59.000Z",
      refreshToken: undefined,
      refreshTokenExpiresAt: undefined,
    });
  });

  it("of an installed app are renewed with the refresh token, which is replaced", async () => {
    const reply = answer({
      access_token: "new",
      expires_in: 3600,
      refresh_token: "next",
      refresh_token_expires_in: 60,
    });
    const { renewed, form } = await refresh(credentials, reply);
    expect(form).toMatchObject({ grant_type: "refresh_token", refresh_token: credentials.refreshToken });
    expect(renewed).toMatchObject({ refreshToken: "next", refreshTokenExpiresAt: "2026-11-25T08:01:00.000Z" });
  });

  it("keep their refresh token when none comes back", async () => {
    const { renewed } = await refresh(credentials, answer({ access_token: "new", expires_in: 3600 }));
    expect(renewed).toMatchObject({
      refreshToken: credentials.refreshToken,
      refreshTokenExpiresAt: credentials.refreshTokenExpiresAt,
      scope: credentials.scope,
    });
  });

  it.each<[string, ShopifyCredentials, HttpResponse | Error, string]>([
    ["a grant without a refresh token", { grant: "offline", accessToken: "x" }, answer({}), "credentials_rejected"],
    ["a dead refresh token", credentials, answer({ error: "invalid_grant" }, { status: 400 }), "credentials_rejected"],
    ["a 401 in HTML", credentials, answer("<html>", { status: 401 }), "credentials_rejected"],
    ["a wrong client secret", ours, answer({ error: "invalid_client" }, { status: 401 }), "misconfigured"],
    ["a shop that is closed", ours, answer("", { status: 402 }), "credentials_rejected"],
    ["too many requests", ours, answer("", { status: 429 }), "rate_limited"],
    ["no answer", credentials, new SuiteError("answer_unclear", "cut"), "channel_unavailable"],
  ])("of %s", async (_, held, reply, code) => {
    expect(await codeOf(held, reply)).toBe(code);
  });

  it("without an end never end", () => expect(tokens.expiresAt(ours)).toBeUndefined());
});

describe("a merchant's own app", () => {
  it("is connected without a token, and asks for the first one by itself", () => {
    const first = credentialsSchema.parse({ grant: "client_credentials" });
    expect(tokens.expiresAt(first)?.getTime()).toBe(0);
  });

  it("is the only one that may: an installed app has its token from the install", () => {
    expect(credentialsSchema.safeParse({ grant: "offline" }).success).toBe(false);
  });
});
