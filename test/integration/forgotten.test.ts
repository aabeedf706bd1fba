import { beforeAll, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { approveReturn, requestReturn } from "../../local/marketplaces/shopify/acts/returns.ts";
import { attachDelivery } from "../../local/marketplaces/shopify/acts/reverse.ts";
import type { Order } from "../../local/marketplaces/shopify/model/types.ts";
import { demoTenant } from "../../local/stack.ts";
import { useStack } from "./stack.ts";

// A buyer to be forgotten, and a shop that leaves, through the queues and under the rights of the whole stack.

const minute = 60_000;
const parcel = "DHL0000000000042";
const stack = useStack({ channels: ["shopify"] });
let order: Order;
let caseId: Case["caseId"];

beforeAll(async () => {
  const { shopify, shopOn, runtime, desk } = stack();
  const shopId = shopOn("shopify");
  order = shopify.openOrder({ shopId, seed: 1 });
  const [line] = order.lines;
  const lines = [{ orderLineId: line?.id ?? "", quantity: 1, reason: "defective", customerNote: "be quick" }];
  const asked = shopify.play("buyer", (turn) => requestReturn(turn, order, { lines }));
  if ("errors" in asked) throw new Error(JSON.stringify(asked.errors));
  const one = asked.value;
  await runtime.advance(minute);
  shopify.play("staff", (turn) => {
    approveReturn(turn, order, one);
    const [reverse] = one.reverseOrders;
    if (!reverse) throw new Error("there is no reverse order");
    attachDelivery(turn, order, [one, reverse], { lines: [], trackingNumber: parcel, carrierName: "DHL" });
  });
  await runtime.advance(minute);
  const channelCaseId = `Return/${one.id.slice(one.id.lastIndexOf("/") + 1)}`;
  const held = await desk.caseOf(demoTenant, { channel: "shopify", shopId, channelCaseId });
  if (!held) throw new Error("the return has not become a case");
  caseId = held.caseId;
});

const held = async () => {
  const { desk } = stack();
  const subject = await desk.store.cases.get(demoTenant, caseId);
  const story = await desk.store.timeline.read(demoTenant, caseId);
  return { subject, text: JSON.stringify([subject, story]) };
};
const requests = () => stack().desk.store.privacyRequests.list(demoTenant);

it("a buyer who asks to know gets the cases listed for the operators", async () => {
  const { shopify, runtime } = stack();
  expect((await held()).text).toContain(parcel);
  shopify.askPrivacy(order.id, "data_request");
  await runtime.advance(minute);
  expect(await requests()).toMatchObject([{ kind: "data_requested", status: "ready", caseIds: [caseId] }]);
});

it("a buyer who asks to be forgotten leaves a case that leads to nobody, with the proof of it", async () => {
  const { shopify, runtime } = stack();
  shopify.askPrivacy(order.id, "redact");
  await runtime.advance(3 * minute);
  const { subject, text } = await held();
  expect(text).not.toContain(parcel);
  expect(subject?.redactedAt).toBeDefined();
  const erasure = (await requests()).find(({ kind }) => kind === "person_erasure");
  expect(erasure).toMatchObject({ status: "done", cases: 1 });
});

it("a shop that removes our app is parked, and forgotten two days later", async () => {
  const { shopify, shopOn, runtime, clock, desk } = stack();
  const shopId = shopOn("shopify");
  const shop = await desk.store.shops.get({ tenantId: demoTenant, channel: "shopify", shopId } as never);
  expect(shop).toMatchObject({ shop: { status: "connected" } });
  shopify.uninstall(shopId);
  await runtime.advance(minute);
  clock.jumpTo(new Date(clock.now().getTime() + 49 * 60 * minute));
  await runtime.advance(3 * minute);
  const gone = await desk.store.shops.get({ tenantId: demoTenant, channel: "shopify", shopId } as never);
  expect(gone).toMatchObject({ shop: { status: "parked", addresses: [] } });
  expect(gone?.credentials).toHaveLength(0);
  const erasure = (await requests()).find(({ kind }) => kind === "shop_erasure");
  expect(erasure).toMatchObject({ status: "done" });
});
