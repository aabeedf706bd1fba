import { expect, it } from "vitest";
import { amazon as connector } from "#connectors/amazon/index.ts";
import { httpClient } from "#shared/http.ts";
import { type AmazonSettings, createAmazon } from "../../local/marketplaces/amazon/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";

const redirectUri = "http://127.0.0.1:9/connect/amazon/callback";
const { authorization } = connector;
if (!authorization) throw new Error("there is no consent page");

async function start(settings: Partial<AmazonSettings> = {}) {
  const clock = new ManualClock("2026-03-01T00:00:00Z");
  const amazon = createAmazon({ clock }, { redirectUri, ...settings });
  await amazon.start();
  const shop = await amazon.openShop("Harbour Goods");
  const app = connector.settings.app.parse(amazon.appSettings());
  return { amazon, clock, shop, app, world: { app, http: httpClient(), now: clock.now() } };
}
type Started = Awaited<ReturnType<typeof start>>;

/** What a seller's browser does on the consent page: it presses the button and is led back. */
async function consent({ app, shop }: Started) {
  const url = authorization?.consentUrl({ state: "s-1", redirectUri, asked: { market: "US" } }, app);
  const body = new URLSearchParams({ seller: shop.shopId });
  const response = await fetch(String(url), { method: "POST", body, redirect: "manual" });
  const back = new URL(response.headers.get("location") ?? "about:blank");
  return { status: response.status, query: Object.fromEntries(back.searchParams) };
}

const callbackOf = (query: Record<string, string>) => ({
  code: query.spapi_oauth_code ?? "",
  ...{ query, asked: { market: "US" }, redirectUri },
});

it("leads a seller to consent and takes the code for tokens, its stores and the day on which the grant ends", async () => {
  const started = await start();
  const { query } = await consent(started);
  expect(query).toMatchObject({ state: "s-1", selling_partner_id: started.shop.shopId });
  const granted = await authorization.exchange(callbackOf(query), started.world);
  expect(granted).toMatchObject({
    shopId: started.shop.shopId,
    name: "Harbour Goods",
    credentials: { region: "na", marketplaceIds: ["ATVPDKIKX0DER"], grantEndsAt: "2027-03-01T00:00:00.000Z" },
  });
  expect(connector.settings.credentials.parse(granted.credentials)).toEqual(granted.credentials);
  expect(connector.tokens?.authorizationEndsAt?.(granted.credentials)).toEqual(new Date("2027-03-01T00:00:00.000Z"));
  const renewed = await connector.tokens?.refresh({ ...started.world, ...granted, shopId: granted.shopId as never });
  expect(renewed).toMatchObject({ grantEndsAt: granted.credentials.grantEndsAt });
  await started.amazon.stop();
});

it("takes a code once, and for five minutes", async () => {
  const started = await start();
  const first = callbackOf((await consent(started)).query);
  await authorization.exchange(first, started.world);
  await expect(authorization.exchange(first, started.world)).rejects.toMatchObject({ code: "credentials_rejected" });
  const late = callbackOf((await consent(started)).query);
  await started.clock.advance(6 * 60_000);
  await expect(authorization.exchange(late, started.world)).rejects.toMatchObject({ code: "credentials_rejected" });
  await started.amazon.stop();
});

it("says that an app is a draft, whose grant has no end, and does without a role for the stores", async () => {
  const started = await start({ isDraft: true, rolesMissing: ["getMarketplaceParticipations"] });
  const { app, world } = started;
  const url = authorization.consentUrl({ state: "s", redirectUri, asked: { market: "DE" } }, app);
  expect(url.searchParams.get("version")).toBe("beta");
  const { credentials } = await authorization.exchange(callbackOf((await consent(started)).query), world);
  expect(credentials).toMatchObject({ marketplaceIds: ["ATVPDKIKX0DER"] });
  expect(connector.tokens?.authorizationEndsAt?.(credentials)).toBeUndefined();
  await started.amazon.stop();
});

it.each([
  ["US", "https://sellercentral.amazon.com/"],
  ["DE", "https://sellercentral-europe.amazon.com/"],
  ["JP", "https://sellercentral.amazon.co.jp/"],
])("opens the console of the store's country: %s", async (market, host) => {
  const app = { clientId: "c", clientSecret: "s", applicationId: "amzn1.sellerapps.app.x" };
  const parsed = connector.settings.app.parse(app);
  const url = authorization.consentUrl({ state: "s", redirectUri, asked: { market } }, parsed);
  expect(String(url)).toContain(`${host}apps/authorize/consent?application_id=amzn1.sellerapps.app.x`);
});

it("keeps what the operator has set and a new consent does not say", () => {
  const granted = connector.settings.credentials.parse({
    ...{ refreshToken: "Atzr|new", region: "na", marketplaceIds: ["ATVPDKIKX0DER"] },
  });
  const before = { ...granted, refreshToken: "Atzr|old", returnsReport: "xml" as const, externalFulfillment: true };
  expect(authorization.keep?.(granted, before)).toEqual({
    ...granted,
    returnsReport: "xml",
    externalFulfillment: true,
  });
  expect(authorization.keep?.(granted, granted)).toEqual(granted);
});
