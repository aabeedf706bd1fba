import { SuiteError } from "#shared/errors.ts";
import type { AppWorld, Authorization, Callback, Grant } from "../contract.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";
import { exchangeCode } from "./tokens.ts";

const theMarket = "https://fuwu.jinritemai.com";

/**
 * For an app that is sold in the service market: the merchant consents on the market's page, which knows the redirect URI
 * from the app's registration and leads back with a code that is good for ten minutes. Whose shop it is comes with the
 * token. Source: https://op.jinritemai.com/docs/guide-docs/9/22, by copy (the page's address by third parties), read
 * 2026-11-25.
 */
export const authorization: Authorization<DouyinApp, DouyinCredentials> = {
  consentUrl({ state }, { serviceId, serviceMarket }) {
    if (serviceId === undefined)
      throw new SuiteError("misconfigured", "set `serviceId` in the app settings of douyin to open its consent page");
    const url = new URL(`${serviceMarket ?? theMarket}/authorize`);
    url.searchParams.set("service_id", serviceId);
    url.searchParams.set("state", state);
    return url;
  },
  exchange,
  // The rules are the merchant's own settings, and no part of the grant.
  keep: (granted, { refundRules }) => ({ ...granted, ...(refundRules && { refundRules }) }),
};

async function exchange({ code }: Callback, world: AppWorld<DouyinApp>): Promise<Grant<DouyinCredentials>> {
  const { shopId, shopName, credentials } = await exchangeCode(code, world);
  if (!shopId) throw new SuiteError("payload_invalid", "the token does not say whose shop it opens");
  return { shopId, name: shopName || shopId, credentials };
}
