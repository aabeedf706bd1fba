import { createRandom } from "../kit/random.ts";
import { Refusal } from "./answers.ts";
import type { TaobaoShop, Tokens } from "./model.ts";
import type { Platform } from "./platform.ts";

const codeLifeMs = 10 * 60_000;

/** A new token for the shop; the one before is worth nothing any more. */
export function grantTokens(platform: Platform, shop: TaobaoShop, { isSubAccount = true } = {}): TaobaoShop {
  const issued = (shop.tokens?.issued ?? 0) + 1;
  const random = createRandom(`${shop.id}/${issued}`, "tokens");
  const { accessTokenLifeMs, refreshLifeMs } = platform.settings;
  const nowMs = platform.nowMs();
  const tokens: Tokens = {
    access: `6200${random.digits(20)}access`,
    refresh: `6200${random.digits(20)}refresh`,
    issued,
    accessEndsMs: nowMs + accessTokenLifeMs,
    refreshEndsMs: nowMs + refreshLifeMs,
    w2EndsMs: nowMs + accessTokenLifeMs,
    isSubAccount,
  };
  const granted = { ...shop, isAuthorised: true, tokens };
  platform.saveShop(granted);
  return granted;
}

/** The shop that a session opens. Throws what the gateway says when it opens none. */
export function shopOfSession(platform: Platform, session: string | undefined): TaobaoShop {
  if (!session) throw new Refusal(26);
  const shop = [...platform.shops.values()].find(({ tokens }) => tokens?.access === session);
  const isAlive = shop?.isAuthorised && (shop.tokens?.accessEndsMs ?? 0) > platform.nowMs();
  if (!shop || !isAlive)
    throw new Refusal(27, "invalid-sessionkey", "非法或过期的SessionKey参数，请使用有效的SessionKey参数");
  return shop;
}

/** The merchant agrees on the consent page; the code is good for ten minutes and one exchange. */
export function grantCode(platform: Platform, shopId: string): string {
  const code = createRandom(`${shopId}/${platform.nowMs()}`, "code").digits(24);
  platform.journal.stage(`code/${code}`, { shopId, endsMs: platform.nowMs() + codeLifeMs });
  return code;
}

/** Undefined when the code is none, used up or too old. */
export function redeemCode(platform: Platform, code: string): TaobaoShop | undefined {
  const key = `code/${code}`;
  const kept = platform.journal.get(key) as { shopId: string; endsMs: number } | undefined;
  platform.journal.stage(key, undefined);
  const shop = kept && kept.endsMs > platform.nowMs() ? platform.shops.get(kept.shopId) : undefined;
  return shop && grantTokens(platform, shop);
}

/** Undefined when the refresh token is none, or is one of those that were never good for anything. */
export function redeemRefresh(platform: Platform, refresh: string): TaobaoShop | undefined {
  const shop = [...platform.shops.values()].find(({ tokens }) => tokens?.refresh === refresh);
  if (!shop?.isAuthorised || (shop.tokens?.refreshEndsMs ?? 0) <= platform.nowMs()) return undefined;
  return grantTokens(platform, shop);
}

/** The shop ends its authorisation, on a page of the platform: the token dies and a message says so. */
export function endAuthorisation(platform: Platform, shop: TaobaoShop): void {
  platform.tell(shop, "taobao_top_AuthCancel", { open_id: shop.openUid, user_id: shop.id });
  platform.saveShop({ ...shop, isAuthorised: false, permit: undefined });
}

/** The answer of all ways to a token. The nick is URL-encoded. */
export function tokenAnswer(platform: Platform, { id, nick, openUid, tokens }: TaobaoShop): Record<string, unknown> {
  if (!tokens) throw new Error("the shop has no token");
  const nowMs = platform.nowMs();
  const seconds = (endsMs: number) => Math.max(0, Math.floor((endsMs - nowMs) / 1000));
  const { accessEndsMs, refreshEndsMs, w2EndsMs } = tokens;
  return {
    access_token: tokens.access,
    token_type: "Bearer",
    expires_in: seconds(accessEndsMs),
    expire_time: accessEndsMs,
    refresh_token: tokens.refresh,
    re_expires_in: seconds(refreshEndsMs),
    refresh_token_valid_time: refreshEndsMs,
    r1_expires_in: seconds(accessEndsMs),
    r1_valid: accessEndsMs,
    r2_expires_in: seconds(accessEndsMs),
    r2_valid: accessEndsMs,
    w1_expires_in: seconds(accessEndsMs),
    w1_valid: accessEndsMs,
    w2_expires_in: seconds(w2EndsMs),
    w2_valid: w2EndsMs,
    taobao_user_id: id,
    taobao_user_nick: encodeURIComponent(nick),
    taobao_open_uid: openUid,
    ...(tokens.isSubAccount && {
      sub_taobao_user_id: `${id}9`,
      sub_taobao_user_nick: encodeURIComponent(`${nick}:售后01`),
    }),
  };
}
