import { afterEach, describe, expect, it } from "vitest";
import type { Connector, World } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { type Warehouse, warehouseSchema } from "#shared/case/address-book.ts";
import { parcelOf, routeReturn } from "#shared/case/address-router.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Action, Command, CommandArgs } from "#shared/case/command.ts";
import { type ChannelCaseId, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { observe } from "#shared/case/observe.ts";
import type { ReturnAddress, Shop } from "#shared/case/shop.ts";
import { httpClient } from "#shared/http.ts";
import type { Marketplace } from "../../local/marketplaces/contract.ts";
import { createDouyin } from "../../local/marketplaces/douyin/index.ts";
import { createJd } from "../../local/marketplaces/jd/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createTaobao } from "../../local/marketplaces/taobao/index.ts";

// From a merchant's book to the address that the platform holds, through each channel's own form of saying it.

const clock = new ManualClock("2026-11-25T02:00:00Z");
const running: Marketplace[] = [];
afterEach(async () => {
  for (const market of running.splice(0)) await market.stop();
});

interface Place {
  connector: Connector;
  world: World<unknown, unknown>;
  shop: Pick<Shop, "channel" | "shopId" | "addresses">;
}

/** A shop on a simulated platform, with the addresses that its channel lists. */
async function openAt(market: Marketplace, name: string, credentials: object = {}): Promise<Place> {
  running.push(market);
  await market.start();
  const opened = await market.openShop(name);
  const channel = market.channel as Shop["channel"];
  const connector = connectorOf(channel);
  const shopId = shopIdSchema.parse(opened.shopId);
  const world = {
    app: connector.settings.app.parse(market.appSettings()),
    credentials: connector.settings.credentials.parse({ ...opened.credentials, ...credentials }),
    ...{ shopId, http: httpClient(), now: clock.now() },
  };
  const addresses = (await connector.listAddresses?.(world)) ?? [];
  return { connector, world, shop: { channel, shopId, addresses } };
}

/** The case as our side reads it. */
async function read({ connector, world, shop }: Place, channelCaseId: string): Promise<Case> {
  const subject = { kind: "case" as const, channelCaseId: channelCaseId as ChannelCaseId };
  const about = { channel: shop.channel, shopId: shop.shopId, topic: "reread", noticeId: "1", opens: true };
  const raws = (await connector.fetch?.({ ...about, subject, via: "reread" }, world)) ?? [];
  for (const raw of raws) {
    const observation = connector.normalize(raw, { shopId: shop.shopId, observedAt: clock.now() });
    const observed = observe(undefined, observation, tenantIdSchema.parse("acme"));
    if (observed.kind === "opened") return observed.next;
  }
  throw new Error("the platform has no such case");
}

async function send({ connector, world }: Place, subject: Case, action: Action, args: CommandArgs): Promise<void> {
  const command: Command = {
    commandId: `${action}-1`,
    ...{ action, args, status: "sent", askedBy: "person:lin" },
    plannedAt: clock.now().toISOString(),
    decidedOnVersion: channelVersionOf(subject),
  };
  const capability = connector.actions?.[action];
  if (!capability) throw new Error(`the channel has no call for ${action}`);
  await capability.send({ subject, command }, world);
}

/** Three warehouses: two that the channel lists, and one whose id it has given up. */
function bookOf({ channel, shopId, addresses }: Place["shop"]): Warehouse[] {
  const own = (addressId: string, platformId: string | undefined) =>
    warehouseSchema.parse({
      ...{ addressId, name: addressId, contact: { name: "Returns", phone: "020-00000000" }, street: ["1 Road"] },
      ...{ city: "City", region: "CN-GD", markets: ["CN"], languages: ["zh"] },
      platformIds: platformId ? { [`${channel}:${shopId}`]: platformId } : {},
    });
  // JD marks none of several as the usual one.
  const usual = addresses.find(({ isDefault }) => isDefault) ?? addresses[0];
  const other = addresses.find((each) => each !== usual && !each.isDefault);
  return [own("usual", usual?.addressId), own("inspection", other?.addressId), own("given-up", "319999999999")];
}

/** The merchant wants this kind at the warehouse it gave up, else where goods are inspected. */
const rules = addressRulesSchema.parse({
  rules: [{ id: "inspected", to: ["given-up", "inspection"] }],
  usual: "usual",
});

function chosen(subject: Case, shop: Place["shop"]) {
  const routed = routeReturn(parcelOf(subject, { market: "CN" }), {
    book: bookOf(shop),
    rules,
    shop,
    listedOnly: true,
  });
  if (!routed.found || !routed.platformId) throw new Error("no address was found");
  expect(routed).toMatchObject({ rule: "inspected", passedOver: [{ addressId: "given-up", why: "not_listed" }] });
  return routed.platformId;
}

const notUsual = (addresses: readonly ReturnAddress[]) => addresses.filter(({ isDefault }) => !isDefault)[0]?.addressId;
const refusal = (request: Promise<void>) =>
  request.then(
    () => undefined,
    (fault: { code?: string }) => fault.code,
  );

describe("Douyin", () => {
  it("is told the id of the warehouse that the rules choose, and refuses one that it does not list", async () => {
    const douyin = createDouyin({ clock });
    const place = await openAt(douyin, "addresses");
    const { id } = douyin.apply({ shopId: place.shop.shopId, type: 0, seed: 7, reasonCode: 6, quantity: 1 });
    const subject = await read(place, id);
    expect(await refusal(send(place, subject, "agree_return", { addressId: "7299999999999999999" }))).toBe(
      "channel_refused",
    );
    expect(douyin.case(id)?.returnAddressId).toBe("");
    await send(place, subject, "agree_return", { addressId: chosen(subject, place.shop) });
    expect(douyin.case(id)?.returnAddressId).toBe(notUsual(place.shop.addresses));
  });
});

describe.each(["模拟旗舰店", "模拟淘宝店"])("%s", (name) => {
  it("is told the id of the warehouse that the rules choose, and refuses one that it does not list", async () => {
    const taobao = createTaobao({ clock });
    const place = await openAt(taobao, name);
    const { id } = taobao.apply({ shopId: place.shop.shopId, kind: "return", reason: "质量问题", paidFen: 15_900 });
    const subject = await read(place, id);
    expect(await refusal(send(place, subject, "agree_return", { addressId: "319999999999" }))).toBe("channel_refused");
    const addressId = chosen(subject, place.shop);
    expect(addressId).toBe(notUsual(place.shop.addresses));
    await send(place, subject, "agree_return", { addressId });
    expect((await read(place, id)).facts.goods.addressProvided).toBe(true);
  });
});

describe("JD", () => {
  it("has the chosen warehouse's own text in the agreement, and is not asked about an id that the shop does not list", async () => {
    const jd = createJd({ clock });
    const first = await openAt(jd, "addresses", { agreeReason: 101 });
    const [only] = first.shop.addresses;
    const own = (id: string, place: string) => ({
      id,
      contact: "模拟店售后",
      phone: "010-00000000",
      zipCode: "101300",
      place,
      areaId: "1_2802_2821_0",
    });
    const addresses = [own(`${only?.addressId}`, "北京市顺义区模拟仓 1 号"), own("779", "上海市模拟质检仓 2 号")];
    jd.changeShop(first.shop.shopId, { addresses });
    const place = await openAt(jd, "addresses", { agreeReason: 101 });

    const [ticket] = jd.applyForService({ shopId: place.shop.shopId, plan: "by hand", seed: 3, expect: 10 });
    const subject = await read(place, ticket.key);
    expect(await refusal(send(place, subject, "agree_return", { addressId: "770000000000" }))).toBe("channel_refused");
    const addressId = chosen(subject, place.shop);
    await send(place, subject, "agree_return", { addressId });
    const { label = "" } = place.shop.addresses.find((each) => each.addressId === addressId) ?? {};
    expect(JSON.stringify(jd.case(ticket.key))).toContain(label);
  });
});
