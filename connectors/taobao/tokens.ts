import type * as z from "zod";
import { type Instant, instant } from "#shared/case/instant.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";
import type { Tokens } from "../contract.ts";
import { type Params, query, type TaobaoWorld } from "./client.ts";
import { tokenAnswerSchema, tokenSchema } from "./schema.ts";
import type { TaobaoApp, TaobaoCredentials } from "./settings.ts";

/**
 * Access lasts as long as the platform says, often a year, and often cannot be renewed without a person: then nothing is
 * asked for before its end, so that a shop is not parked while it still works.
 * Source: https://open.alitrip.com/docs/doc.htm.htm?treeId=49&articleId=102635&docType=1 and
 * https://www.veapi.cn/taokelianmeng/261.html, read 2026-11-25.
 */
export const tokens: Tokens<TaobaoApp, TaobaoCredentials> = {
  expiresAt: ({ expiresAt }) => new Date(expiresAt),
  refreshBeforeMs: 0,
  refresh,
  // A renewal asks for no new consent, but only as long as the first one reaches.
  authorizationEndsAt: ({ expiresAt, refreshableUntil }) => new Date(refreshableUntil ?? expiresAt),
};

/** @throws SuiteError `credentials_rejected` when the grant cannot be renewed: a person must connect the shop again. */
async function refresh(world: TaobaoWorld): Promise<TaobaoCredentials> {
  const { refreshToken, refreshableUntil } = world.credentials;
  if (!refreshToken || !refreshableUntil || Date.parse(refreshableUntil) <= world.now.getTime())
    throw new SuiteError("credentials_rejected", "the grant cannot be renewed: connect the shop again");
  return ask(world, "taobao.top.auth.token.refresh", { refresh_token: refreshToken });
}

/** The first token of a shop, with the code from the consent page. @throws SuiteError `credentials_rejected` */
export async function create(world: TaobaoWorld, code: string): Promise<TaobaoCredentials> {
  return ask(world, "taobao.top.auth.token.create", { code });
}

async function ask({ app, http, now, credentials, shopId }: TaobaoWorld, method: string, params: Params) {
  const { token_result: text } = await query({ app, http, now }, method, params, tokenAnswerSchema).catch(asRejected);
  const parsed = tokenSchema.safeParse(parseLossless(text));
  if (!parsed.success) throw new SuiteError("payload_invalid", `the token of ${method} has another form`);
  const token = parsed.data;
  if (token.taobao_user_id && token.taobao_user_id !== String(shopId))
    throw new SuiteError("credentials_rejected", "the grant is for another shop");
  return credentialsOf(token, credentials, now);
}

/** The form in which every way to a token answers. */
export type Token = z.infer<typeof tokenSchema>;

export function credentialsOf(
  token: Token,
  before: Pick<TaobaoCredentials, "shopKind" | "aliGenius">,
  now: Date,
): TaobaoCredentials {
  const end = (seconds: number | null | undefined, atMs: number | null | undefined): Instant | undefined =>
    atMs || seconds ? instant(new Date(atMs || now.getTime() + (seconds ?? 0) * 1000)) : undefined;
  // Zero seconds: the refresh token is there, but useless.
  const isRefreshable = Boolean(token.refresh_token && token.re_expires_in);
  const writableUntil = end(token.w1_expires_in, token.w1_valid);
  const sensitiveWritableUntil = end(token.w2_expires_in, token.w2_valid);
  return {
    shopKind: before.shopKind,
    ...(before.aliGenius && { aliGenius: before.aliGenius }),
    accessToken: token.access_token,
    expiresAt: end(token.expires_in, token.expire_time) ?? instant(now),
    ...(isRefreshable && {
      refreshToken: token.refresh_token ?? undefined,
      refreshableUntil: end(token.re_expires_in, token.refresh_token_valid_time),
    }),
    ...(writableUntil && { writableUntil }),
    ...(sensitiveWritableUntil && { sensitiveWritableUntil }),
    ...(token.sub_taobao_user_nick && { subAccount: decoded(token.sub_taobao_user_nick).slice(0, 128) }),
  };
}

/** Names arrive URL-encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A token call that is refused means that the code or the grant is dead. */
function asRejected(error: unknown): never {
  if (!isSuiteError(error, "channel_refused")) throw error;
  throw new SuiteError("credentials_rejected", "the platform gives no token for this grant", {
    details: { channelCode: error.details.channelCode },
    cause: error,
  });
}
