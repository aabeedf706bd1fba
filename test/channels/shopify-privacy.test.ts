import { describe, expect, it } from "vitest";
import { approveReturn, requestReturn } from "../../local/marketplaces/shopify/acts/returns.ts";
import { attachDelivery } from "../../local/marketplaces/shopify/acts/reverse.ts";
import type { Order } from "../../local/marketplaces/shopify/model/types.ts";
import { useShopifyWorld } from "./use-shopify-world.ts";

const dayMs = 86_400_000;
const { world, heard } = useShopifyWorld();

const parcel = "DHL0000000000042";

/** A return on its way back, which a person has answered with words of their own. */
async function returnOnItsWay(seed = 1) {
  const shopId = await world().connect("demo");
  const order = world().platform.openOrder({ shopId, seed });
  const [line] = order.lines;
  if (!line) throw new Error("the order has no line");
  const asked = world().platform.play("buyer", (turn) => {
    const lines = [
      { orderLineId: line.id, quantity: 1, reason: "defective", customerNote: "Erika here, please be quick" },
    ];
    return requestReturn(turn, order, { lines });
  });
  if ("errors" in asked) throw new Error(JSON.stringify(asked.errors));
  const one = asked.value;
  await world().advance();
  world().platform.play("staff", (turn) => {
    approveReturn(turn, order, one);
    const [reverse] = one.reverseOrders;
    if (!reverse) throw new Error("there is no reverse order");
    attachDelivery(turn, order, [one, reverse], { lines: [], trackingNumber: parcel, carrierName: "DHL" });
  });
  await world().advance();
  return { shopId, order, id: `Return/${one.id.slice(one.id.lastIndexOf("/") + 1)}` };
}

const storyOf = ({ caseId }: { caseId: never }) => world().store.timeline.read(world().tenantId, caseId);
const requests = () => world().store.privacyRequests.list(world().tenantId);
const numberOf = ({ id }: Order) => id.slice(id.lastIndexOf("/") + 1);

describe("a buyer who asks to be forgotten", () => {
  it("leaves a case that can be read and leads to nobody, with the proof of it", async () => {
    const { shopId, order, id } = await returnOnItsWay();
    const before = await world().caseOf(shopId, id);
    expect(before.facts.goods.wayBack?.trackingNo).toBe(parcel);
    expect(await world().store.references.find(world().tenantId, parcel)).toEqual([before.caseId]);

    world().platform.askPrivacy(order.id, "redact");
    await world().advance();
    const after = await world().caseOf(shopId, id);
    const story = await storyOf(after as never);
    expect(JSON.stringify([after, story])).not.toMatch(new RegExp(`${parcel}|Erika`));
    expect(after.facts).toMatchObject({
      state: before.facts.state,
      money: before.facts.money,
      orders: before.facts.orders,
    });
    expect(story.map(({ news }) => news.name)).toEqual(
      expect.arrayContaining(["case.opened", "goods.observed", "case.redacted"]),
    );
    expect(await world().store.references.find(world().tenantId, parcel)).toEqual([]);
    expect(await requests()).toMatchObject([
      { kind: "person_erasure", status: "done", cases: 1, caseIds: [after.caseId], topic: "customers/redact" },
    ]);
    expect([heard().metric("ErasureDone"), heard().metric("ErasureLate")]).toEqual([[1], []]);
  });

  it("stays forgotten when the channel shows the parcel again", async () => {
    const { shopId, order, id } = await returnOnItsWay();
    world().platform.askPrivacy(order.id, "redact");
    await world().advance();
    const { revision } = await world().caseOf(shopId, id);
    const one = order.returns[0];
    if (!one) throw new Error("no return");
    world().platform.play("staff", (turn) =>
      turn.announce("returns/update", order, { admin_graphql_api_id: `gid://shopify/${id}` } as never),
    );
    await world().advance();
    expect(await world().caseOf(shopId, id)).toMatchObject({ revision, facts: { goods: { status: "returning" } } });
  });

  it("is forgotten once, however often the same message comes", async () => {
    const { shopId, order } = await returnOnItsWay();
    const body = JSON.stringify({ shop_id: 1, shop_domain: shopId, orders_to_redact: [Number(numberOf(order))] });
    for (const about of [
      { shopId, topic: "customers/redact" },
      { shopId, topic: "customers/redact" },
    ]) {
      expect(await world().deliver(body, about)).toBe(200);
      await world().settle();
    }
    expect((await requests()).filter(({ status }) => status === "done").length).toBeGreaterThan(0);
    expect(world().told.filter((name) => name === "case.redacted")).toHaveLength(1);
  });
});

it("a merchant's own shop is connected with nothing but the app's own credentials", async () => {
  const { shopId } = await world().platform.openShop("own");
  const shop = await world().connectWith(shopId, { grant: "client_credentials" });
  expect(shop).toMatchObject({ status: "connected", addresses: [{ addressId: expect.stringContaining("Location/") }] });
});

it("a buyer who asks what is held gets the cases listed for the operators, who are called", async () => {
  const { shopId, order, id } = await returnOnItsWay();
  world().platform.askPrivacy(order.id, "data_request");
  await world().advance();
  const { caseId } = await world().caseOf(shopId, id);
  expect(await requests()).toMatchObject([{ kind: "data_requested", status: "ready", caseIds: [caseId] }]);
  expect(heard().metric("DataRequested")).toEqual([1]);
  expect(JSON.stringify(heard().said())).not.toContain("@");
  expect(numberOf(order)).not.toBe("");
});

describe("a shop that removes our app", () => {
  it("is parked at once, and forgotten after two days with everybody in its cases", async () => {
    const { shopId, id } = await returnOnItsWay();
    world().platform.uninstall(shopId);
    await world().advance();
    const key = { tenantId: world().tenantId, channel: "shopify", shopId } as const;
    expect(await world().store.shops.get(key)).toMatchObject({ shop: { status: "parked", name: "demo" } });

    await world().advance(3 * dayMs);
    const kept = await world().store.shops.get(key);
    expect(kept).toMatchObject({ shop: { status: "parked", name: shopId, addresses: [] } });
    expect(kept?.credentials).toHaveLength(0);
    const after = await world().caseOf(shopId, id);
    expect(after.redactedAt).toBeDefined();
    expect(JSON.stringify([after, await storyOf(after as never)])).not.toContain(parcel);
    expect(await requests()).toMatchObject([{ kind: "shop_erasure", status: "done", cases: 1 }]);
  });

  it("stays as it is while its grant still holds: anybody may write a topic on a message", async () => {
    const { shopId, id } = await returnOnItsWay();
    const body = JSON.stringify({ shop_id: 954889, shop_domain: shopId });
    for (const topic of ["app/uninstalled", "shop/redact"])
      expect(await world().deliver(body, { shopId, topic })).toBe(200);
    await expect(world().settle()).rejects.toMatchObject({ code: "payload_invalid" });
    expect((await world().caseOf(shopId, id)).redactedAt).toBeUndefined();
    const key = { tenantId: world().tenantId, channel: "shopify", shopId } as const;
    expect(await world().store.shops.get(key)).toMatchObject({ shop: { status: "connected" } });
  });
});
