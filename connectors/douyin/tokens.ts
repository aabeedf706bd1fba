import type * as z from "zod";
import { instant } from "#shared/case/instant.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { AppWorld, Tokens } from "../contract.ts";
import { type DouyinWorld, tokenCall } from "./client.ts";
import { tokenSchema } from "./schema.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";

/**
 * Access tokens live 7 days, refresh tokens 14. Earlier than one hour before the end a refresh gives the same pair back;
 * in the last hour it gives a new one, and the old lives one hour more, so that calls under way are not cut off.
 * Source: https://op.jinritemai.com/docs/guide-docs/9/22, by copy, read 2026-11-25.
 */
export const tokens: Tokens<DouyinApp, DouyinCredentials> = {
  // Without a token the first one is due at once.
  expiresAt: ({ accessToken, expiresAt }) => new Date(accessToken && expiresAt ? expiresAt : 0),
  refreshBeforeMs: 50 * 60_000,
  refresh,
};

/** Two refreshes at once: the channel asks the second to call once more. */
const concurrentRefresh = "isv.business-failed:31012";

/**
 * A new pair; the first one of a shop is asked for with its grant. When the refresh token is dead, our own app in our own shop asks for a new grant by itself.
 * @throws SuiteError `credentials_rejected` when a person must consent again.
 */
async function refresh(world: DouyinWorld): Promise<DouyinCredentials> {
  const { grant, refreshToken } = world.credentials;
  if (!refreshToken) return create(world);
  const params = { grant_type: "refresh_token", refresh_token: refreshToken };
  try {
    return await ask(world, "/token/refresh", params);
  } catch (error) {
    if (isConcurrent(error)) return await ask(world, "/token/refresh", params);
    if (grant !== "authorization_self" || !isSuiteError(error, "credentials_rejected")) throw error;
    return await create(world);
  }
}

/** With the code from the consent page, or with an empty one for our own app. Not to be repeated often. */
async function create(world: DouyinWorld): Promise<DouyinCredentials> {
  const { grant, code = "", testShop } = world.credentials;
  return ask(world, "/token/create", {
    code,
    grant_type: grant,
    shop_id: grant === "authorization_self" ? world.shopId : undefined,
    test_shop: testShop ? "1" : undefined,
  });
}

/**
 * The code from the consent page, for the first pair and for the shop that it opens; `shopId` is undefined when the answer
 * does not say. Once for a code. @throws SuiteError `credentials_rejected` when the code is dead.
 */
export async function exchangeCode(
  code: string,
  app: AppWorld<DouyinApp>,
): Promise<{ shopId: string | undefined; shopName: string | undefined; credentials: DouyinCredentials }> {
  const grant = "authorization_code";
  const caller = { ...app, credentials: { grant } } as const;
  const answer = await tokenCall(caller, "/token/create", { code, grant_type: grant }, tokenSchema);
  const { shop_id: shopId, shop_name: shopName } = answer;
  return {
    shopId: shopId && shopId !== "0" ? shopId : undefined,
    shopName: shopName ?? undefined,
    credentials: { grant, ...pairOf(answer, app.now) },
  };
}

/** Above this, `expires_in` is an instant in epoch seconds, else a duration: the documents and the clients disagree. */
const firstInstant = 1_000_000_000;

async function ask(
  world: DouyinWorld,
  path: string,
  params: Record<string, string | undefined>,
): Promise<DouyinCredentials> {
  const answer = await tokenCall(world, path, params, tokenSchema);
  if (answer.shop_id && answer.shop_id !== "0" && answer.shop_id !== String(world.shopId))
    throw new SuiteError("credentials_rejected", "the grant is for another shop");
  // The code is used up.
  const { code: _, ...kept } = world.credentials;
  return { ...kept, ...pairOf(answer, world.now) };
}

function pairOf(answer: z.infer<typeof tokenSchema>, now: Date) {
  const endsAtMs =
    answer.expires_in > firstInstant ? answer.expires_in * 1000 : now.getTime() + answer.expires_in * 1000;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: instant(new Date(endsAtMs)),
  };
}

function isConcurrent(error: unknown): boolean {
  return isSuiteError(error) && String(error.details.channelCode).endsWith(concurrentRefresh);
}
