import type { AppWorld, Authorization, Callback, Grant } from "../contract.ts";
import { query } from "./client.ts";
import { grantedShopSchema } from "./schema.ts";
import { credentialsSchema, type JdApp, type JdCredentials } from "./settings.ts";
import { exchangeCode } from "./tokens.ts";

/**
 * JOS OAuth on its current host. The answer's `xid` names the account that consented, not the shop, so the new token is
 * asked whose shop it opens; that number is the `buId` of every later call.
 * Source: https://kepler.jd.com/console/docCenterCatalog/docContent?channelId=17 (user authorisation), read 2026-11-25.
 */
export const authorization: Authorization<JdApp, JdCredentials> = {
  consentUrl({ state, redirectUri }, { appKey, oauth }) {
    const url = new URL(`${oauth}/to_login`);
    const params = { app_key: appKey, response_type: "code", redirect_uri: redirectUri, state, scope: "snsapi_base" };
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
    return url;
  },
  exchange,
  // Switches and codes are the merchant's own settings, and no part of the grant.
  keep: ({ accessToken, refreshToken, expiresAt }, { code: _, ...settings }) => ({
    ...settings,
    accessToken,
    refreshToken,
    expiresAt,
  }),
};

async function exchange({ code }: Callback, world: AppWorld<JdApp>): Promise<Grant<JdCredentials>> {
  const credentials = await exchangeCode(code, { ...world, credentials: credentialsSchema.parse({ code }) });
  const shop = await query({ ...world, credentials }, "jingdong.seller.vender.info.get", {}, grantedShopSchema);
  return { shopId: shop.vender_id, name: shop.shop_name || shop.vender_id, credentials };
}
