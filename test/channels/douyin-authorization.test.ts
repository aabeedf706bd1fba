import { afterEach, expect, it } from "vitest";
import { douyin as connector } from "#connectors/douyin/index.ts";
import { shopIdSchema } from "#shared/case/ids.ts";
import { httpClient } from "#shared/http.ts";
import { createDouyin, type Douyin, type DouyinSettings } from "../../local/marketplaces/douyin/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";

const redirectUri = "https://suite.example/connect/douyin/callback";
const { authorization } = connector;
if (!authorization) throw new Error("there is no consent page");

let douyin: Douyin | undefined;
afterEach(async () => {
  await douyin?.stop();
  douyin = undefined;
});

async function start(settings: Partial<DouyinSettings> = {}) {
  const clock = new ManualClock("2026-03-01T00:00:00Z");
  douyin = createDouyin({ clock }, { redirectUri, ...settings });
  await douyin.start();
  const shop = await douyin.openShop("示例<旗舰>店");
  const app = connector.settings.app.parse(douyin.appSettings());
  return { clock, shop, app, world: () => ({ app, http: httpClient(), now: clock.now() }) };
}
type Started = Awaited<ReturnType<typeof start>>;

/** What a merchant's browser does on the consent page, and where it is led then. */
async function consent({ app, shop }: Started, decision = "allow") {
  const url = authorization?.consentUrl({ state: "s-1", redirectUri: "https://evil.example", asked: {} }, app);
  const shown = await (await fetch(String(url))).text();
  expect(shown).toContain("示例&#60;旗舰&#62;店");
  const body = new URLSearchParams({ shop: shop.shopId, decision, redirect_uri: "https://evil.example" });
  const response = await fetch(String(url), { method: "POST", body, redirect: "manual" });
  const location = response.headers.get("location");
  return location === null ? undefined : new URL(location);
}

const callbackOf = (back: URL | undefined) => {
  const query = Object.fromEntries(back?.searchParams ?? []);
  return { code: query.code ?? "", query, asked: {}, redirectUri };
};

it("opens the service market's page with the app's number and the state, and with nothing else", () => {
  const given = { appKey: "7412233445566778899", appSecret: "0123456789abcdef", serviceId: "27001" };
  const app = connector.settings.app.parse(given);
  const request = { state: "acme.s 1", redirectUri, asked: {} };
  expect(authorization.consentUrl(request, app).href).toBe(
    "https://fuwu.jinritemai.com/authorize?service_id=27001&state=acme.s+1",
  );
  const ownApp = connector.settings.app.parse({ ...given, serviceId: undefined });
  expect(() => authorization.consentUrl(request, ownApp)).toThrow(/serviceId/);
});

it.each([
  "duration",
  "instant",
] as const)("takes the code for the shop's tokens, whose end comes as a %s", async (expiresInAs) => {
  const started = await start({ expiresInAs });
  const back = await consent(started);
  expect(back?.origin + String(back?.pathname)).toBe(redirectUri);
  expect(back?.searchParams.get("state")).toBe("s-1");
  const granted = await authorization.exchange(callbackOf(back), started.world());
  expect(granted).toMatchObject({
    ...{ shopId: started.shop.shopId, name: "示例<旗舰>店" },
    credentials: { grant: "authorization_code", expiresAt: "2026-03-08T00:00:00.000Z" },
  });
  expect(connector.settings.credentials.parse(granted.credentials)).toEqual(granted.credentials);

  // The pair opens the shop, and is renewed without a person.
  const world = { ...started.world(), shopId: shopIdSchema.parse(granted.shopId), credentials: granted.credentials };
  expect(await connector.listAddresses?.(world)).not.toEqual([]);
  await started.clock.advance(7 * 86_400_000 - 30 * 60_000);
  const renewed = await connector.tokens?.refresh({ ...world, now: started.clock.now() });
  expect(renewed?.accessToken).not.toBe(granted.credentials.accessToken);
  expect(renewed?.grant).toBe("authorization_code");
});

it("takes a code once, for ten minutes, and no code of its own making", async () => {
  const started = await start();
  const dead = { code: "credentials_rejected" };
  const first = callbackOf(await consent(started));
  await authorization.exchange(first, started.world());
  await expect(authorization.exchange(first, started.world())).rejects.toMatchObject(dead);
  const late = callbackOf(await consent(started));
  await started.clock.advance(11 * 60_000);
  await expect(authorization.exchange(late, started.world())).rejects.toMatchObject(dead);
  await expect(authorization.exchange({ ...late, code: "made-up" }, started.world())).rejects.toMatchObject(dead);
});

it("brings no code when the merchant declines", async () => {
  expect(await consent(await start(), "deny")).toBeUndefined();
});

it("keeps the shop's own refund rules when it grants anew, and nothing of the old grant", () => {
  const granted = { grant: "authorization_code", accessToken: "new", refreshToken: "r2" } as const;
  const refundRules = { shipmentStopped: true, goodsBookedIn: false };
  const before = { grant: "authorization_self", accessToken: "old", testShop: true, refundRules } as const;
  expect(authorization.keep?.(granted, before)).toEqual({ ...granted, refundRules });
  expect(authorization.keep?.(granted, { grant: "authorization_self" })).toEqual(granted);
});
