import { createRandom } from "../kit/random.ts";
import { GatewayRefusal } from "./answers.ts";
import type { JdShop } from "./model.ts";
import type { Platform } from "./platform.ts";

/** The OAuth host's no; its form is not published. */
export class OAuthRefusal extends Error {}

/** The merchant agrees in the browser; the code is good once and for ten minutes. */
export function grantConsent(platform: Platform, shopId: string): string {
  const shop = platform.shops.get(shopId);
  if (shop === undefined) throw new Error(`no shop ${shopId}`);
  platform.saveShop({ ...shop, isAuthorised: true });
  const code = `c${createRandom(`${shopId}/${platform.nowMs()}`, "consent").digits(16)}`;
  platform.journal.stage(`consent/${code}`, { shopId, endsMs: platform.nowMs() + platform.settings.codeLifeMs });
  return code;
}

export function answerOAuth(platform: Platform, path: string, query: URLSearchParams): Record<string, unknown> {
  const { appKey, appSecret } = platform.settings;
  if (query.get("app_key") !== appKey || query.get("app_secret") !== appSecret)
    throw new OAuthRefusal("app_key或app_secret错误");
  if (path.endsWith("/access_token") && query.get("grant_type") === "authorization_code")
    return answer(platform, issue(platform, redeem(platform, query.get("code") ?? "")));
  if (path.endsWith("/refresh_token") && query.get("grant_type") === "refresh_token")
    return answer(platform, refresh(platform, query.get("refresh_token") ?? ""));
  throw new OAuthRefusal("grant_type不支持");
}

function redeem(platform: Platform, code: string): JdShop {
  const consent = platform.journal.get(`consent/${code}`) as { shopId: string; endsMs: number } | undefined;
  const shop = consent && platform.shops.get(consent.shopId);
  if (!consent || !shop) throw new OAuthRefusal("code无效");
  platform.journal.stage(`consent/${code}`, undefined);
  if (consent.endsMs <= platform.nowMs()) throw new OAuthRefusal("code已过期");
  return shop;
}

/** Only in the last 24 hours, and not after. */
function refresh(platform: Platform, token: string): JdShop {
  const shop = [...platform.shops.values()].find((each) => each.token?.refresh === token);
  if (!shop?.token || !shop.isAuthorised) throw new OAuthRefusal("refresh_token无效");
  const left = shop.token.endsMs - platform.nowMs();
  if (left <= 0) throw new OAuthRefusal("refresh_token已过期");
  if (left > platform.settings.renewableMs) throw new OAuthRefusal("未到刷新时间");
  return issue(platform, shop);
}

/** A new pair; the old one ends at once. */
export function issue(platform: Platform, shop: JdShop): JdShop {
  const issued = (shop.token?.issued ?? 0) + 1;
  const random = createRandom(`${shop.id}/${issued}`, "jd tokens");
  const renewed: JdShop = {
    ...shop,
    token: {
      access: `${random.digits(32)}acce`,
      refresh: `${random.digits(32)}refr`,
      issued,
      endsMs: platform.nowMs() + platform.settings.tokenLifeMs,
    },
  };
  platform.saveShop(renewed);
  return renewed;
}

function answer(platform: Platform, { token, xid }: JdShop): Record<string, unknown> {
  const expires = Math.floor(((token?.endsMs ?? 0) - platform.nowMs()) / 1000);
  return { access_token: token?.access, expires_in: expires, refresh_token: token?.refresh, scope: "snsapi_base", xid };
}

export function shopOfToken(platform: Platform, access: string): JdShop {
  const shop = [...platform.shops.values()].find(({ token }) => token?.access === access);
  if (!shop?.isAuthorised || (shop.token?.endsMs ?? 0) <= platform.nowMs()) throw new GatewayRefusal(19);
  return shop;
}
