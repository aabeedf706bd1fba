import { createHmac } from "node:crypto";
import { createRandom } from "../kit/random.ts";
import type { AmazonShop } from "./model.ts";
import type { Platform } from "./platform.ts";
import { Problem } from "./problem.ts";

/** What calls without a seller are allowed for. */
export const grantlessScopes = ["sellingpartnerapi::notifications", "sellingpartnerapi::client_credential:rotation"];
const codeLifeMs = 5 * 60_000;
const oldSecretLifeMs = 7 * 86_400_000;

/** What Login with Amazon says instead of a token. */
export class LoginError extends Error {
  readonly error: string;

  constructor(error: string) {
    super(error);
    this.error = error;
  }
}

/** `POST /auth/o2/token`, form or JSON in, JSON out. */
export function exchange(platform: Platform, form: URLSearchParams): object {
  const { clientId, accessTokenLifeMs } = platform.settings;
  if (form.get("client_id") !== clientId || !liveSecrets(platform).includes(form.get("client_secret") ?? "")) {
    throw new LoginError("invalid_client");
  }
  const granted = { token_type: "bearer", expires_in: accessTokenLifeMs / 1000 };
  switch (form.get("grant_type")) {
    case "refresh_token": {
      const refreshToken = form.get("refresh_token") ?? "";
      const shop = [...platform.shops.values()].find((each) => each.refreshToken === refreshToken && each.isAuthorised);
      if (!shop) throw new LoginError("invalid_grant");
      return { ...granted, access_token: accessToken(platform, shop), refresh_token: refreshToken };
    }
    case "authorization_code": {
      const shop = shopOfCode(platform, form.get("code") ?? "");
      return { ...granted, access_token: accessToken(platform, shop), refresh_token: shop.refreshToken };
    }
    case "client_credentials": {
      const scope = form.get("scope") ?? "";
      if (!grantlessScopes.includes(scope)) throw new LoginError("invalid_scope");
      return { ...granted, access_token: sealed(platform, `grantless-${grantlessScopes.indexOf(scope)}`) };
    }
    default:
      throw new LoginError("unsupported_grant_type");
  }
}

/** A token says whose it is and when it ends, and carries a seal of its own. */
export function accessToken(platform: Platform, shop: AmazonShop): string {
  return sealed(platform, shop.id);
}

/** The seller a call is made for. */
export function shopOfToken(platform: Platform, token: string | undefined): AmazonShop {
  const shop = platform.shops.get(ownerOf(platform, token));
  if (!shop) throw denied("The access token you provided is malformed.");
  if (!shop.isAuthorised) throw denied("The access token you provided is revoked.");
  const issuedMs = Number(token?.split(".")[1]) - platform.settings.accessTokenLifeMs;
  if (issuedMs < (shop.accessEndedMs ?? 0)) throw denied("The access token you provided has expired.");
  return shop;
}

/** Whatever access token the seller has is over; the refresh token gives another. */
export function endAccess(platform: Platform, shopId: string): void {
  const shop = platform.shops.get(shopId);
  if (!shop) throw new Error(`no shop ${shopId}`);
  platform.saveShop({ ...shop, accessEndedMs: platform.nowMs() });
}

/** For calls of the app itself. */
export function requireScope(platform: Platform, token: string | undefined, scope: string): void {
  if (ownerOf(platform, token) !== `grantless-${grantlessScopes.indexOf(scope)}`)
    throw denied("The access token you provided has not the scope of this call.");
}

/** What the consent page hands to the seller's browser: good once, for five minutes. */
export function issueCode(platform: Platform, shop: AmazonShop): string {
  const code = `ANc${createRandom(shop.id, "code", String(platform.codes.size)).digits(17)}`;
  platform.saveCode({ code, shopId: shop.id, untilMs: platform.nowMs() + codeLifeMs });
  return code;
}

/** A new secret; the old one is good for seven days more. */
export function rotateSecret(platform: Platform): string {
  const newest = liveSecrets(platform)[0] ?? "";
  const secret = `amzn1.oa2-cs.v1.${createHmac("sha256", newest).update("next").digest("hex").slice(0, 32)}`;
  platform.saveSecrets({ newest: secret, before: newest, beforeUntilMs: platform.nowMs() + oldSecretLifeMs });
  return secret;
}

/** Newest first: two while one is being replaced. */
export function liveSecrets({ secrets, settings, clock }: Platform): string[] {
  if (secrets === undefined) return [settings.clientSecret];
  const { newest, before, beforeUntilMs } = secrets;
  return clock.now().getTime() < beforeUntilMs ? [newest, before] : [newest];
}

function shopOfCode(platform: Platform, code: string): AmazonShop {
  const issued = platform.codes.get(code);
  const shop = issued && platform.shops.get(issued.shopId);
  if (!issued || !shop || issued.untilMs < platform.nowMs()) throw new LoginError("invalid_grant");
  platform.saveCode({ ...issued, untilMs: 0 });
  const authorised = { ...shop, isAuthorised: true, authorisedMs: platform.nowMs() };
  platform.saveShop(authorised);
  return authorised;
}

function ownerOf(platform: Platform, token: string | undefined): string {
  const [, owner = "", end = "", mac = ""] = /^Atza\|([\w-]+)\.(\d+)\.(\w+)$/.exec(token ?? "") ?? [];
  if (seal(platform, `${owner}.${end}`) !== mac) throw denied("The access token you provided is malformed.");
  if (Number(end) <= platform.nowMs()) throw denied("The access token you provided has expired.");
  return owner;
}

function sealed(platform: Platform, owner: string): string {
  const words = `${owner}.${platform.nowMs() + platform.settings.accessTokenLifeMs}`;
  return `Atza|${words}.${seal(platform, words)}`;
}

function denied(details: string): Problem {
  return new Problem(403, "Unauthorized", "Access to requested resource is denied.", details);
}

function seal({ settings }: Platform, words: string): string {
  return createHmac("sha256", settings.clientSecret).update(words).digest("hex").slice(0, 32);
}
