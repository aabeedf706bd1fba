import { describe, expect, it } from "vitest";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { type Shop, shopSchema } from "#shared/case/shop.ts";
import { loseAnswers, useTable } from "../../test/engine.ts";
import { createShops } from "./shops.ts";

const table = useTable();
const shop: Shop = shopSchema.parse({
  tenantId: "acme",
  channel: "douyin",
  shopId: "4463798",
  name: "Acme",
  mode: "observe",
  status: "connected",
  connectedAt: "2026-11-25T12:00:00.000Z",
  addresses: [],
});
const secret = Uint8Array.of(1, 2, 255);
const fresh = Uint8Array.of(9);

async function connected() {
  const shops = createShops(table());
  await shops.connect(shop, secret);
  return shops;
}
const find = (shops: ReturnType<typeof createShops>) => shops.find(shop.channel, shop.shopId);

describe("connecting", () => {
  it("finds a shop by what its channel calls it, with its credentials to the byte", async () => {
    expect(await find(await connected())).toEqual({ shop, credentials: secret, credentialsVersion: 1 });
  });

  it("knows no shop that was not connected", async () => {
    expect(await find(createShops(table()))).toBeUndefined();
  });

  it("replaces shop and credentials when the same tenant connects again", async () => {
    const shops = await connected();
    await shops.connect({ ...shop, name: "Acme 2" }, fresh);
    expect(await find(shops)).toMatchObject({ shop: { name: "Acme 2" }, credentials: fresh, credentialsVersion: 2 });
  });

  it("refuses a shop that another tenant has, and stores nothing of it", async () => {
    const shops = await connected();
    const thief = { ...shop, tenantId: tenantIdSchema.parse("other") };
    await expect(shops.connect(thief, fresh)).rejects.toMatchObject({ code: "shop_taken", retryable: false });
    expect(await find(shops)).toMatchObject({ shop: { tenantId: "acme" }, credentials: secret });
    expect(await shops.list(thief.tenantId)).toEqual([]);
  });

  it("lists the shops of a tenant and of no other", async () => {
    const shops = await connected();
    const second = { ...shop, shopId: shopIdSchema.parse("99") };
    await shops.connect(second, secret, ["returns"]);
    await shops.connect(
      { ...shop, tenantId: tenantIdSchema.parse("acme2"), shopId: shopIdSchema.parse("100") },
      secret,
    );
    expect(await shops.list(shop.tenantId)).toEqual([shop, second]);
  });
});

describe("a connected shop", () => {
  it("changes its mode, its addresses and nothing else", async () => {
    const shops = await connected();
    const addresses = [{ addressId: "1", label: "Warehouse", isDefault: true }];
    await shops.setMode(shop, "auto");
    await shops.saveAddresses(shop, addresses);
    expect(await find(shops)).toEqual({
      shop: { ...shop, mode: "auto", addresses },
      credentials: secret,
      credentialsVersion: 1,
    });
  });

  it("is parked with the credentials that were rejected, and resumed", async () => {
    const shops = await connected();
    expect(await shops.park(shop, 1)).toBe(true);
    expect((await find(shops))?.shop.status).toBe("parked");
    await shops.resume(shop);
    expect((await find(shops))?.shop.status).toBe("connected");
  });

  it("is not parked over credentials that have been replaced since", async () => {
    const shops = await connected();
    await shops.replaceCredentials(shop, fresh, 1);
    expect(await shops.park(shop, 1)).toBe(false);
    expect((await find(shops))?.shop.status).toBe("connected");
  });

  it.each([
    ["setMode", (shops: ReturnType<typeof createShops>) => shops.setMode(shop, "auto")],
    ["resume", (shops: ReturnType<typeof createShops>) => shops.resume(shop)],
    ["park", (shops: ReturnType<typeof createShops>) => shops.park(shop, 1)],
    ["replaceCredentials", (shops: ReturnType<typeof createShops>) => shops.replaceCredentials(shop, fresh, 1)],
  ])("must exist for %s", async (_, act) => {
    await expect(act(createShops(table()))).rejects.toMatchObject({ code: "shop_unknown" });
  });
});

describe("refreshing credentials", () => {
  it("lets exactly one of many refreshers win", async () => {
    const shops = await connected();
    const refreshers = Array.from({ length: 8 }, (_, n) => shops.replaceCredentials(shop, Uint8Array.of(n), 1));
    const won = await Promise.all(refreshers);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await find(shops)).toMatchObject({ credentials: Uint8Array.of(won.indexOf(true)), credentialsVersion: 2 });
  });

  it("counts as won when our own answer was lost", async () => {
    await connected();
    const client = table().anotherClient();
    loseAnswers(client, 1);
    const shops = createShops({ ...table(), client });
    expect(await shops.replaceCredentials(shop, fresh, 1)).toBe(true);
  });

  it("connects once when the answer was lost", async () => {
    const client = table().anotherClient();
    loseAnswers(client, 1);
    await createShops({ ...table(), client }).connect(shop, secret);
    expect(await find(createShops(table()))).toMatchObject({ credentialsVersion: 1 });
  });
});
