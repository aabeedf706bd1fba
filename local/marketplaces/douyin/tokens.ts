import { createRandom } from "../kit/random.ts";
import { failed, missingParameter, Refusal } from "./answers.ts";
import type { DouyinShop, Tokens } from "./model.ts";
import { optionalText, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { int64 } from "./wire.ts";

const hourMs = 3_600_000;
const consentLifeMs = 600_000;
/** Two refreshes this close together count as concurrent: the second is told to call once more. */
const raceMs = 2000;

const tokenFailure = (reason: string, explanation: string) =>
  new Refusal(50000, `dop.token-generate-failed:${reason}`, explanation);

/** The merchant agrees in the browser; the code that comes back is good for ten minutes and one exchange. */
export function grantConsent(platform: Platform, shopId: string): string {
  const code = `code-${shopId}-${platform.nowMs().toString(36)}`;
  const shop = platform.shops.get(shopId);
  if (shop === undefined) throw new Error(`no shop ${shopId}`);
  platform.saveShop({ ...shop, isAuthorised: true });
  platform.journal.stage(`consent/${code}`, { shopId, endsMs: platform.nowMs() + consentLifeMs });
  return code;
}

export function createToken(platform: Platform, params: Params, openTestShop: () => DouyinShop): unknown {
  if (typeof params.code !== "string") throw missingParameter("code");
  const grantType = optionalText(params, "grant_type");
  if (grantType === "authorization_code") return answer(platform, redeem(platform, params.code));
  if (grantType !== "authorization_self") throw tokenFailure("grant-type-invalid", "grant_type 不支持");
  const shopId = optionalText(params, "auth_id") || optionalText(params, "shop_id");
  const shop = optionalText(params, "test_shop") === "1" ? openTestShop() : platform.shops.get(shopId);
  if (shop === undefined || !shop.isAuthorised) throw tokenFailure("no-authorization", "店铺未授权");
  return answer(platform, keepFresh(platform, shop));
}

export function refreshToken(platform: Platform, params: Params): unknown {
  const given = optionalText(params, "refresh_token");
  if (given === "") throw failed(31009, "refresh_token 为空");
  if (optionalText(params, "grant_type") !== "refresh_token")
    throw tokenFailure("grant-type-invalid", "grant_type 不支持");
  const now = platform.nowMs();
  for (const shop of platform.shops.values()) {
    const { tokens } = shop;
    if (tokens?.refresh === given) {
      if (!shop.isAuthorised) throw tokenFailure("no-authorization", "店铺授权已关闭");
      if (tokens.refreshEndsMs <= now) throw tokenFailure("token-expired", "refresh_token 已过期");
      return answer(platform, keepFresh(platform, shop));
    }
    const before = tokens?.before;
    if (tokens === undefined || before?.refresh !== given) continue;
    const isRace = now - before.replacedMs < raceMs && !before.wasRaced;
    if (isRace) {
      platform.saveShop({ ...shop, tokens: { ...tokens, before: { ...before, wasRaced: true } } });
      throw failed(31012, "并发刷新，请重试");
    }
    if (before.endsMs > now || (before.wasRaced && now - before.replacedMs < 60_000)) return answer(platform, shop);
  }
  throw tokenFailure("token-invalid", "refresh_token 无效");
}

/** The shop an access token opens. Throws what the gateway says when it opens none. */
export function shopOfToken(platform: Platform, access: string): DouyinShop {
  if (access === "") throw new Refusal(40001, "isv.access-token-missing", "缺少 access_token");
  const now = platform.nowMs();
  for (const shop of platform.shops.values()) {
    const { tokens } = shop;
    const endsMs =
      tokens?.access === access
        ? tokens.accessEndsMs
        : tokens?.before?.access === access
          ? tokens.before.endsMs
          : undefined;
    if (endsMs === undefined) continue;
    if (!shop.isAuthorised) throw new Refusal(30001, "dop.authorization-closed", "店铺授权已关闭");
    if (endsMs <= now) throw new Refusal(40003, "isv.access-token-expired", "access_token 已过期");
    return shop;
  }
  throw new Refusal(40003, "isv.access-token-no-existed", "access_token 不存在");
}

/** The same pair while it has more than an hour; otherwise a new one, the old living an hour more if it still lived. */
export function keepFresh(platform: Platform, shop: DouyinShop): DouyinShop {
  const { tokens } = shop;
  const now = platform.nowMs();
  if (tokens !== undefined && tokens.accessEndsMs - now > hourMs) return shop;
  const issued = (tokens?.issued ?? 0) + 1;
  const random = createRandom(`${shop.id}/${issued}`, "tokens");
  const fresh: Tokens = {
    access: `${random.digits(12)}-access-${random.digits(12)}`,
    refresh: `${random.digits(12)}-refresh-${random.digits(12)}`,
    issued,
    accessEndsMs: now + platform.settings.accessTokenLifeMs,
    refreshEndsMs: now + platform.settings.refreshTokenLifeMs,
  };
  if (tokens !== undefined) {
    const endsMs = tokens.accessEndsMs > now ? now + hourMs : now;
    fresh.before = { access: tokens.access, refresh: tokens.refresh, endsMs, replacedMs: now, wasRaced: false };
  }
  const renewed = { ...shop, tokens: fresh };
  platform.saveShop(renewed);
  return renewed;
}

/** The shop's access tokens, old and new, are worth nothing from now on. */
export function endAccess(platform: Platform, shopId: string): void {
  const shop = platform.shops.get(shopId);
  if (shop?.tokens === undefined) throw new Error(`the shop ${shopId} has no token`);
  const accessEndsMs = platform.nowMs();
  const before = shop.tokens.before && { ...shop.tokens.before, endsMs: accessEndsMs };
  platform.saveShop({ ...shop, tokens: { ...shop.tokens, accessEndsMs, before } });
}

function redeem(platform: Platform, code: string): DouyinShop {
  const key = `consent/${code}`;
  const consent = platform.journal.get(key) as { shopId: string; endsMs: number } | undefined;
  const shop = consent && platform.shops.get(consent.shopId);
  if (consent === undefined || shop === undefined) throw tokenFailure("code-invalid", "code 无效");
  platform.journal.stage(key, undefined);
  if (consent.endsMs <= platform.nowMs()) throw tokenFailure("code-expired", "code 已过期");
  return keepFresh(platform, shop);
}

function answer(platform: Platform, shop: DouyinShop) {
  const { tokens } = shop;
  if (tokens === undefined) throw tokenFailure("no-authorization", "店铺未授权");
  const endsSeconds = Math.floor(tokens.accessEndsMs / 1000);
  const nowSeconds = platform.nowSeconds();
  return {
    access_token: tokens.access,
    expires_in: platform.settings.expiresInAs === "instant" ? endsSeconds : endsSeconds - nowSeconds,
    refresh_token: tokens.refresh,
    scope: "SCOPE",
    shop_id: int64(shop.id),
    shop_name: shop.name,
    authority_id: shop.id,
    auth_subject_type: "",
  };
}
