import { instant } from "#shared/case/instant.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { HttpResponse, Tokens } from "../contract.ts";
import { type JdCaller, type JdWorld, query } from "./client.ts";
import { tokenSchema, venderSchema } from "./schema.ts";
import type { JdApp, JdCredentials } from "./settings.ts";

/**
 * A token lives 24 hours while the app is in test and a year when it is live, never longer than the shop's subscription.
 * It can be renewed only in its last 24 hours and not after; renewals per month are limited. A change of the merchant's
 * main password ends it. Source: http://jos.jd.com/doc/channel.htm?id=152 and a third party's reading of
 * https://jos.jd.com/commondoc?listId=32, by copy, read 2026-11-25.
 */
export const tokens: Tokens<JdApp, JdCredentials> = {
  expiresAt: ({ accessToken, expiresAt }) => {
    if (!accessToken) return new Date(0);
    return expiresAt ? new Date(expiresAt) : undefined;
  },
  // Late enough that a token of 24 hours is renewed once, early enough to try again.
  refreshBeforeMs: 8 * 3_600_000,
  refresh,
};

async function refresh(world: JdWorld): Promise<JdCredentials> {
  const { code, refreshToken } = world.credentials;
  if (code) return connect(code, world);
  if (!refreshToken) throw new SuiteError("credentials_rejected", "there is no token that could renew the access");
  return ask(world, "refresh_token", { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** The grant names an account, not a shop, so the new token is asked whose shop it opens. */
async function connect(code: string, world: JdWorld): Promise<JdCredentials> {
  const credentials = await exchangeCode(code, world);
  const granted = { ...world, credentials };
  const { vender_id: shop } = await query(granted, "jingdong.seller.vender.info.get", {}, venderSchema);
  if (shop !== String(world.shopId)) throw new SuiteError("credentials_rejected", "the grant is for another shop");
  return credentials;
}

/** @throws SuiteError `credentials_rejected` when the code is used up or too old. */
export async function exchangeCode(code: string, world: JdCaller): Promise<JdCredentials> {
  return ask(world, "access_token", { grant_type: "authorization_code", code });
}

async function ask(world: JdCaller, path: string, params: Record<string, string>): Promise<JdCredentials> {
  const { app, now, http } = world;
  const search = new URLSearchParams({ app_key: app.appKey, app_secret: app.appSecret, ...params });
  const parsed = tokenSchema.safeParse(
    answerOf(await sent(() => http({ method: "GET", url: `${app.oauth}/${path}?${search}` }))),
  );
  if (!parsed.success) throw new SuiteError("payload_invalid", "the token's answer has another form");
  const { access_token, refresh_token, expires_in } = parsed.data;
  // The code is used up, and so is the old pair.
  const { code: _, refreshToken: __, ...kept } = world.credentials;
  return {
    ...kept,
    accessToken: access_token,
    ...(refresh_token && { refreshToken: refresh_token }),
    expiresAt: instant(new Date(now.getTime() + expires_in * 1000)),
  };
}

async function sent(call: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await call();
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "no answer came", { details: error.details, cause: error });
  }
}

/** A refusal names a code or an error beside no token; its table is not published, so each is taken for a dead grant. */
function answerOf({ status, body }: HttpResponse): Json {
  if (status >= 500) throw new SuiteError("channel_unavailable", "the channel could not answer");
  const answer = parseLossless(new TextDecoder().decode(body));
  const isObject = typeof answer === "object" && answer !== null && !Array.isArray(answer);
  if (isObject && !answer.access_token && (answer.error ?? answer.code ?? answer.error_response) !== undefined)
    throw new SuiteError("credentials_rejected", "the channel does not renew the access");
  return answer;
}
