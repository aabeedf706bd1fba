import { createHmac } from "node:crypto";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { AppWorld, Authorization, Callback, Verification } from "../contract.ts";
import { compareDigest } from "../kit/digest.ts";
import { shopUrl } from "./client.ts";
import { shopDomain } from "./defaults.ts";
import { lackingScopes, wantedScopes } from "./scopes.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";
import { requestToken } from "./tokens.ts";

/** How far the signed time may lie from the clock. Source: `@shopify/shopify-api` 15.0.0, read 2026-11-22. */
const toleranceSeconds = 90;

/**
 * Installing our app in a shop, by OAuth: consent, a signed redirect, and the code for an offline token that ends within
 * the hour and is renewed. Source: shopify.dev, "Authorization code grant" and "Offline access tokens", read 2026-11-22.
 */
export const authorization: Authorization<ShopifyApp, ShopifyCredentials> = {
  asks: [
    {
      name: "shop",
      label: { en: "Domain of the shop, as Shopify gave it", zh: "店铺的 myshopify.com 域名" },
      example: "acme.myshopify.com",
      pattern: shopDomain,
    },
  ],
  consentUrl: ({ state, redirectUri, asked }, app) => {
    const url = new URL(`${shopUrl(app, asked.shop ?? "")}/admin/oauth/authorize`);
    // No `grant_options[]`: an offline token, which does not end with a person's session.
    const query = { client_id: app.clientId, scope: wantedScopes.join(","), redirect_uri: redirectUri, state };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  },
  verify,
  exchange,
};

/**
 * Whether Shopify signed these parameters: lower-case hex of HMAC-SHA256 over all others, sorted by name and
 * percent-encoded, with our client secret; and whether they are of now.
 */
function verify({ query }: Callback, apps: readonly ShopifyApp[], now: Date): Verification {
  const { hmac, signature: _, ...signed } = query;
  const message = Object.entries(signed)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
  let reason: Exclude<ReturnType<typeof compareDigest>, "match"> = "signature_mismatch";
  for (const [live, { clientSecret }] of apps.entries()) {
    const result = compareDigest(hmac, createHmac("sha256", clientSecret).update(message).digest(), "hex");
    if (result === "match") return ofNow(query.timestamp, now) ?? { ok: true, live };
    reason = result;
  }
  return { ok: false, reason };
}

/** A time that is missing or no whole number is refused: compared as a number it would pass. */
function ofNow(timestamp: string | undefined, now: Date): Verification | undefined {
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: "header_missing" };
  const ageSeconds = Math.trunc(now.getTime() / 1000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds) return { ok: false, reason: "too_old" };
  return ageSeconds < -toleranceSeconds ? { ok: false, reason: "too_new" } : undefined;
}

async function exchange({ code, query, asked }: Callback, { app, http, now }: AppWorld<ShopifyApp>) {
  const shopId = query.shop?.toLowerCase() ?? "";
  if (!shopDomain.test(shopId) || shopId !== asked.shop) {
    throw new SuiteError("credentials_rejected", "the consent is for another shop than was asked for");
  }
  const { clientId: client_id, clientSecret: client_secret } = app;
  const place = { app, shopId, http, now };
  try {
    const credentials = await requestToken({ client_id, client_secret, code, expiring: "1" }, "offline", place);
    const lacking = lackingScopes(credentials.scope);
    if (lacking.length > 0) {
      throw new SuiteError("credentials_rejected", `the app was installed without ${lacking.join(", ")}`);
    }
    return { shopId, name: shopId.slice(0, shopId.indexOf(".")), credentials };
  } catch (fault) {
    // A code is good once: asked again it would be refused, whatever became of the first.
    if (!isSuiteError(fault, "answer_unclear")) throw fault;
    throw new SuiteError("channel_unavailable", "no answer to the request for a token", { details: fault.details });
  }
}
