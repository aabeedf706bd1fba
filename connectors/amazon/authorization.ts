import * as z from "zod";
import { shopIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { AppWorld, Authorization, Callback, Grant } from "../contract.ts";
import { type AmazonWorld, query } from "./client.ts";
import { storeOf, storeOfMarket, stores } from "./marketplaces.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";
import { askForTokens, grantEndsAt } from "./tokens.ts";

const markets = Object.values(stores).map(({ market }) => market);

const participationsSchema = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string() }),
      storeName: z.string().nullish(),
      participation: z.object({ isParticipating: z.boolean() }),
    }),
  ),
});

/**
 * The website workflow: the seller consents in Seller Central of one of its stores and comes back with a code that is good
 * for five minutes. The redirect URI is that of the app's registration. Amazon signs nothing and its tokens do not say
 * whose they are: the seller id is the callback's own word, behind a state that only the merchant's browser has.
 * Source: docs/website-authorization-workflow and amzn/selling-partner-api-samples, commit 3cd66dc, read 2026-11-25.
 */
export const authorization: Authorization<AmazonApp, AmazonCredentials> = {
  asks: [
    {
      name: "market",
      label: { en: "Country of your Amazon store", zh: "亚马逊店铺所在国家" },
      example: "US",
      pattern: /^[A-Z]{2}$/,
      choices: markets,
    },
  ],
  codeParam: "spapi_oauth_code",
  consentUrl({ state, asked }, { applicationId, draft, consoleUrl }) {
    const [, store] = storeOfMarket(asked.market) ?? [];
    if (!store) throw new SuiteError("misconfigured", "Amazon has no store in the market that was asked for");
    if (applicationId === undefined)
      throw new SuiteError(
        "misconfigured",
        "set `applicationId` in the app settings of amazon to open its consent page",
      );
    const url = new URL(`${consoleUrl ?? store.console}/apps/authorize/consent`);
    url.searchParams.set("application_id", applicationId);
    url.searchParams.set("state", state);
    // Without it the page of an app that is not published ends in MD1000.
    if (draft) url.searchParams.set("version", "beta");
    return url;
  },
  exchange,
  // What the seller's consent does not say, and the operator has.
  keep: (granted, { returnsReport, externalFulfillment }) => ({
    ...granted,
    ...(returnsReport && { returnsReport }),
    ...(externalFulfillment !== undefined && { externalFulfillment }),
  }),
};

async function exchange(
  { code, query: callback, asked, redirectUri }: Callback,
  world: AppWorld<AmazonApp>,
): Promise<Grant<AmazonCredentials>> {
  const seller = shopIdSchema.safeParse(callback.selling_partner_id);
  const [marketplaceId, store] = storeOfMarket(asked.market) ?? [];
  if (!seller.success || marketplaceId === undefined || !store) {
    throw new SuiteError("payload_invalid", "the consent names no seller, or a market without a store");
  }
  const tokens = await askForTokens(world, { grant_type: "authorization_code", code, redirect_uri: redirectUri });
  if (tokens.refresh_token === undefined) {
    throw new SuiteError("payload_invalid", "Amazon gave no refresh token for the code");
  }
  const credentials: AmazonCredentials = {
    refreshToken: tokens.refresh_token,
    accessToken: tokens.access_token,
    expiresAt: instant(new Date(world.now.getTime() + tokens.expires_in * 1000)),
    region: store.region,
    marketplaceIds: [marketplaceId],
    // An app in draft is our own in our own account, and Amazon asks for no renewal.
    ...(!world.app.draft && { grantEndsAt: grantEndsAt(world.now) }),
  };
  const own = await storesOf({ ...world, shopId: seller.data, credentials });
  const marketplaceIds = own.map(({ marketplace }) => marketplace.id).slice(0, 25);
  return {
    shopId: seller.data,
    name: own.find(({ storeName }) => storeName)?.storeName ?? seller.data,
    credentials: marketplaceIds.length > 0 ? { ...credentials, marketplaceIds } : credentials,
  };
}

/** The stores that the seller sells in, of the region it granted. */
async function storesOf(world: AmazonWorld): Promise<z.infer<typeof participationsSchema>["payload"]> {
  const call = {
    operation: "getMarketplaceParticipations",
    method: "GET",
    path: "/sellers/v1/marketplaceParticipations",
  } as const;
  try {
    const { payload } = await query(world, call, participationsSchema);
    return payload.filter(
      ({ marketplace, participation }) =>
        participation.isParticipating && storeOf(marketplace.id)?.region === world.credentials.region,
    );
  } catch (error) {
    // The code is spent: without the role for this call the one store that was named is what is known.
    if (isSuiteError(error, "misconfigured")) return [];
    throw error;
  }
}
