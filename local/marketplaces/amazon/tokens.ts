import { createHmac } from "node:crypto";
import type { AmazonShop } from "./model.ts";
import type { Platform } from "./platform.ts";
import { Problem } from "./problem.ts";

/** What Login with Amazon says instead of a token. */
export class LoginError extends Error {
  readonly error: string;

  constructor(error: string) {
    super(error);
    this.error = error;
  }
}

/** `POST /auth/o2/token`, form in, JSON out. */
export function exchange(platform: Platform, form: URLSearchParams): object {
  const { clientId, clientSecret, accessTokenLifeMs } = platform.settings;
  if (form.get("client_id") !== clientId || form.get("client_secret") !== clientSecret) {
    throw new LoginError("invalid_client");
  }
  if (form.get("grant_type") !== "refresh_token") throw new LoginError("unsupported_grant_type");
  const refreshToken = form.get("refresh_token");
  const shop = [...platform.shops.values()].find((each) => each.refreshToken === refreshToken && each.isAuthorised);
  if (!shop) throw new LoginError("invalid_grant");
  const expires_in = accessTokenLifeMs / 1000;
  return { access_token: accessToken(platform, shop), token_type: "bearer", expires_in, refresh_token: refreshToken };
}

/** A token says whose it is and when it ends, and carries a seal of its own. */
export function accessToken(platform: Platform, shop: AmazonShop): string {
  const words = `${shop.id}.${platform.nowMs() + platform.settings.accessTokenLifeMs}`;
  return `Atza|${words}.${seal(platform, words)}`;
}

/** The seller a call is made for. */
export function shopOfToken(platform: Platform, token: string | undefined): AmazonShop {
  const denied = (details: string) =>
    new Problem(403, "Unauthorized", "Access to requested resource is denied.", details);
  const [, shopId = "", end = "", mac = ""] = /^Atza\|(\w+)\.(\d+)\.(\w+)$/.exec(token ?? "") ?? [];
  const shop = platform.shops.get(shopId);
  if (!shop || seal(platform, `${shopId}.${end}`) !== mac) throw denied("The access token you provided is malformed.");
  if (Number(end) <= platform.nowMs()) throw denied("The access token you provided has expired.");
  if (!shop.isAuthorised) throw denied("The access token you provided is revoked.");
  return shop;
}

function seal({ settings }: Platform, words: string): string {
  return createHmac("sha256", settings.clientSecret).update(words).digest("hex").slice(0, 32);
}
