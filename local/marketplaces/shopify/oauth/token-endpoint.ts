import type { HttpAnswer, HttpAsk } from "../../kit/http-server.ts";
import type { Shop } from "../model/types.ts";
import { app } from "./app.ts";
import { type Issued, refreshTokenSeconds, type Tokens } from "./tokens.ts";

const offlineToken = "urn:shopify:params:oauth:token-type:offline-access-token";
const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

/** POST /admin/oauth/access_token, with a JSON or a form body. */
export function answerTokenRequest(ask: HttpAsk, shop: Shop, tokens: Tokens, nowMs: number): HttpAnswer {
  const wish = readBody(ask);
  if (wish === undefined) return refuse("invalid_request", "The body is neither JSON nor a form.");
  if (wish.client_id !== app.clientId || wish.client_secret !== app.clientSecret) {
    return refuse("invalid_client", "The app is not known or its secret is wrong.");
  }
  if (!shop.isInstalled) return refuse("app_not_installed", "The app is not installed in this shop.");
  const issued = grant(wish, shop, tokens, nowMs);
  if (issued === undefined) return refuse("invalid_grant", "The code or token is unknown, used up or expired.");
  if (issued === "unsupported") return refuse("unsupported_grant_type", "This grant is not offered.");
  const answer = {
    access_token: issued.accessToken,
    scope: shop.scopes.join(","),
    expires_in: issued.expiresInSeconds,
    refresh_token: issued.refreshToken,
    refresh_token_expires_in: issued.refreshToken === undefined ? undefined : refreshTokenSeconds,
  };
  return { status: 200, body: JSON.stringify(answer) };
}

function grant(
  wish: Record<string, string>,
  shop: Shop,
  tokens: Tokens,
  nowMs: number,
): Issued | "unsupported" | undefined {
  const kind = wish.expiring === "1" ? "expiring" : "lasting";
  switch (wish.grant_type ?? "authorization_code") {
    case "client_credentials":
      return tokens.issue(shop.domain, "client_credentials", nowMs);
    case "authorization_code":
      return tokens.useCode(shop.domain, wish.code ?? "", nowMs) ? tokens.issue(shop.domain, kind, nowMs) : undefined;
    case "refresh_token":
      return tokens.refresh(shop.domain, wish.refresh_token ?? "", nowMs);
    case exchangeGrant: {
      // Only the migration of a lasting token; there is no embedded admin here that could issue an id token.
      if (wish.subject_token_type !== offlineToken) return "unsupported";
      const old = wish.subject_token ?? "";
      if (tokens.shopOf(old, nowMs) !== shop.domain) return undefined;
      tokens.revoke(old);
      return tokens.issue(shop.domain, kind, nowMs);
    }
    default:
      return "unsupported";
  }
}

function readBody({ headers, body }: HttpAsk): Record<string, string> | undefined {
  const text = body.toString("utf8");
  if (!headers["content-type"]?.includes("json")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}

function refuse(error: string, description: string): HttpAnswer {
  return { status: 400, body: JSON.stringify({ error, error_description: description }) };
}
