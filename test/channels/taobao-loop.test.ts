import { afterEach, describe, expect, it } from "vitest";
import { warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import { stateOf } from "#shared/case/case.ts";
import type { ShopId } from "#shared/case/ids.ts";
import { useTable } from "../engine.ts";
import { evidenceHost, startWorld } from "./taobao-world.ts";

const table = useTable();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

type World = Awaited<ReturnType<typeof startWorld>>;
const running: World[] = [];
async function start(...given: Parameters<typeof startWorld> extends [unknown, ...infer Rest] ? Rest : never) {
  const world = await startWorld(table(), ...given);
  running.push(world);
  return world;
}
afterEach(async () => {
  for (const { platform } of running.splice(0)) await platform.stop();
});

async function addressIdOf({ store }: World, shopId: ShopId): Promise<string> {
  const found = await store.shops.find("taobao", shopId);
  const address = found?.shop.addresses.find(({ isDefault }) => isDefault);
  if (!address) throw new Error("the shop has no default address");
  return address.addressId;
}

describe("connecting a shop", () => {
  it("asks for its messages once, reads its addresses, and starts the app's queue for every shop", async () => {
    const world = await start();
    const one = await world.connect("模拟旗舰店");
    const two = await world.connect("模拟淘宝店");
    expect(await addressIdOf(world, one.shopId)).toMatch(/^31\d{10}$/);
    world.platform.apply({ shopId: one.shopId, kind: "return" });
    world.platform.apply({ shopId: two.shopId, kind: "return", seed: 2 });
    await world.advance(minuteMs);
    const told = world.seen.filter(({ topic }) => topic === "taobao_refund_RefundCreated");
    expect(new Set(told.map(({ shopId }) => shopId))).toEqual(new Set([one.shopId, two.shopId]));
  });
});

/** The merchant's book: the shop's own addresses, and a rule that sends returns where goods are inspected. */
async function keepBook({ store, tenantId }: World, shopId: ShopId): Promise<string> {
  const listed = (await store.shops.find("taobao", shopId))?.shop.addresses ?? [];
  const usual = listed.find(({ isDefault }) => isDefault);
  const inspection = listed.findLast(({ isDefault }) => !isDefault);
  for (const [addressId, platformId] of Object.entries({
    usual: usual?.addressId,
    inspection: inspection?.addressId,
  })) {
    const contact = { name: "Returns", phone: "020-00000000" };
    const where = { street: ["1 Road"], city: "City", region: "CN-GD", markets: ["CN"], languages: ["zh"] };
    const platformIds = { [`taobao:${shopId}`]: platformId };
    await store.addresses.put(
      tenantId,
      warehouseSchema.parse({ addressId, name: addressId, contact, ...where, platformIds }),
      0,
    );
  }
  const rules = addressRulesSchema.parse({ rules: [{ id: "inspected", to: ["inspection"] }], usual: "usual" });
  await store.addresses.putRules(tenantId, rules, 0);
  return inspection?.addressId ?? "";
}

describe.each(["模拟旗舰店", "模拟淘宝店"])("a return of %s", (name) => {
  it("goes from the message to the money: agreed with the chosen warehouse's address, sent back, refunded with the version echoed", async () => {
    const world = await start();
    const { shopId } = await world.connect(name, { mode: "auto" });
    const chosen = await keepBook(world, shopId);
    const { id } = world.platform.apply({ shopId, kind: "return", paidFen: 15_900 });

    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    expect(stateOf(asked)).toBe("requested");
    expect(asked.facts.deadlines).toMatchObject([{ kind: "respond", onExpiry: "auto_approve" }]);
    expect(asked.versions.case?.version).toBe(world.platform.case(id)?.version);

    expect(await world.answerByRules(asked)).toEqual(["confirmed"]);
    const agreed = await world.caseOf(shopId, id);
    expect(stateOf(agreed)).toBe("approved");
    expect(agreed.commands).toMatchObject([{ action: "agree_return", args: { addressId: chosen } }]);
    expect(world.platform.case(id)?.address).toContain("临平区");

    world.platform.act(id, "send-back", { number: "SF1000000000001" });
    await world.advance(minuteMs);
    const sent = await world.caseOf(shopId, id);
    expect(stateOf(sent)).toBe("return_in_transit");
    expect(sent.facts.goods.wayBack).toMatchObject({ carrier: "顺丰速运", trackingNo: "SF1000000000001" });

    // Accepted, and not seen as done before the platform shows it.
    expect(await world.command(sent, "agree_refund")).toBe("sent");
    await world.advance(minuteMs);
    const paid = await world.caseOf(shopId, id);
    expect(stateOf(paid)).toBe("refunded");
    expect(paid.commands.map(({ status }) => status)).toEqual(["confirmed", "confirmed"]);
    expect(paid.facts.money).toMatchObject({ status: "paid", settled: { amountMinor: 15_900, currency: "CNY" } });
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 15_900, executedBy: "merchant_api" }]);
  });
});

describe("a shop that has joined AliGenius", () => {
  const aliGenius = { warehouseName: "模拟质检仓", paysWhenShipmentCancelled: true };

  it("has the warehouse's slip uploaded when the receipt is confirmed, with the carrier's code and what was found", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店", { aliGenius });
    world.platform.changeShop(shopId, { hasAliGenius: true });
    const { id } = world.platform.apply({ shopId, kind: "return", reason: "质量问题", paidFen: 15_900 });
    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    await world.command(asked, "agree_return", { addressId: await addressIdOf(world, shopId) });
    world.platform.act(id, "send-back", { number: "SF1000000000002" });
    await world.advance(minuteMs);
    const sent = await world.caseOf(shopId, id);
    expect(await world.command(sent, "confirm_receipt", { reasonCode: "damaged" })).toBe("confirmed");
    expect(world.platform.case(id)?.returnSlip).toEqual({ status: 3, conditions: [2] });
    expect(world.platform.ledger()).toEqual([]);
    await world.command(await world.caseOf(shopId, id), "agree_refund");
    await world.advance(minuteMs);
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 15_900, executedBy: "merchant_api" }]);
  });

  it("has a cancelled shipment reported, and the platform's robot pays once; where it has not joined, nothing is paid", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店", { aliGenius });
    const { id } = world.platform.apply({ shopId, kind: "refund", isShipped: false, paidFen: 9_900 });
    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    expect(await world.command(asked, "agree_refund")).toBe("refused");
    expect(world.platform.case(id)?.moneyAtMs).toBeUndefined();
    world.platform.changeShop(shopId, { hasAliGenius: true });
    expect(await world.command(asked, "agree_refund")).toBe("sent");
    expect(await world.command(asked, "agree_refund")).toBe("already_asked");
    await world.advance(minuteMs);
    expect(stateOf(await world.caseOf(shopId, id))).toBe("refunded");
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "platform_robot" }]);
    expect(world.platform.calls.filter(({ name }) => name === "taobao.rp.refunds.agree")).toEqual([]);
  });
});

describe("a decision on an older version", () => {
  it("is refused by Tmall, and pays nothing", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    const { id } = world.platform.apply({ shopId, kind: "refund", isShipped: true, paidFen: 9_900 });
    await world.advance(minuteMs);
    const old = await world.caseOf(shopId, id);
    world.platform.act(id, "edit", { refundFee: 5_000 });
    await expect(world.send(old, "agree_refund")).rejects.toMatchObject({ code: "case_changed" });
    await world.advance(minuteMs);
    await world.send(await world.caseOf(shopId, id), "agree_refund");
    await world.advance(minuteMs);
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 5_000 }]);
    expect((await world.caseOf(shopId, id)).facts.outcome).toBe("partially_refunded");
  });

  it("is a person's where the seller's phone must confirm", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    world.platform.changeShop(shopId, { wantsSmsCode: true });
    const { id } = world.platform.apply({ shopId, kind: "refund" });
    await world.advance(minuteMs);
    expect(await world.command(await world.caseOf(shopId, id), "agree_refund")).toBe("refused");
    const { tasks } = await world.caseOf(shopId, id);
    expect(tasks).toMatchObject([
      { taskId: "do_agree_refund", what: expect.stringContaining("code"), link: expect.stringContaining(id) },
    ]);
    // Each call has the platform send a code: it is made once.
    expect(world.platform.calls.filter(({ name }) => name === "taobao.rp.refunds.agree")).toHaveLength(1);
    expect(world.platform.ledger()).toEqual([]);
  });
});

describe("a refusal", () => {
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(1000)]);
  const evidence = [{ kind: "photo", url: `https://${evidenceHost}/1.png` }];

  it("goes with its reason and its picture, before the goods come and after; the buyer may ask again", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    const { id } = world.platform.apply({ shopId, kind: "return", reason: "质量问题", paidFen: 15_900 });
    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    const args = { reasonCode: "15", note: "请补充凭证", evidence };
    world.trouble.evidence = Buffer.from("<html>");
    expect(await world.command(asked, "refuse", args)).toBe("refused");
    world.trouble.evidence = png;
    expect(await world.command(asked, "message_buyer", { note: "请补充外包装照片" })).toBe("confirmed");
    // Each write is a change of the case: what is decided next is decided on it.
    await world.advance(11 * minuteMs);
    expect(await world.command(await world.caseOf(shopId, id), "refuse", args)).toBe("confirmed");
    expect(stateOf(await world.caseOf(shopId, id))).toBe("rejected");

    world.platform.act(id, "edit", { refundFee: 9_900 });
    await world.advance(minuteMs);
    const again = await world.caseOf(shopId, id);
    expect([stateOf(again), again.facts.money.claimed?.amountMinor]).toEqual(["requested", 9_900]);
    await world.command(again, "agree_return", { addressId: await addressIdOf(world, shopId) });
    world.platform.act(id, "send-back");
    await world.advance(minuteMs);
    expect(await world.command(await world.caseOf(shopId, id), "refuse", args)).toBe("confirmed");
    const called = world.platform.calls.map(({ name }) => name).filter((name) => name.endsWith(".refuse"));
    expect(called).toEqual(["taobao.refund.refuse", "taobao.rp.returngoods.refuse"]);
    expect(world.platform.ledger()).toEqual([]);
  });
});

describe("flow control", () => {
  it("holds a command as long as the ban says, and then it goes, once", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    const { id } = world.platform.apply({ shopId, kind: "refund", isShipped: false, paidFen: 9_900 });
    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    world.platform.inject({ throttle: 1 });
    expect(await world.command(asked, "agree_refund")).toBe("planned");
    const [held] = (await world.caseOf(shopId, id)).commands;
    expect(held).toMatchObject({ heldBecause: "rate_limited", attendAt: expect.any(String) });
    world.platform.inject({});
    expect(await world.act(asked.caseId, held?.commandId ?? "")).toBe("planned");
    await world.clock.advance(minuteMs);
    expect(await world.act(asked.caseId, held?.commandId ?? "")).toBe("sent");
    await world.advance(minuteMs);
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "merchant_api" }]);
    expect(world.platform.calls.filter(({ name }) => name === "taobao.rp.refunds.agree")).toHaveLength(1);
  });
});

describe("an exchange", () => {
  it("is found, agreed, received, shipped and closed as replaced, though messages tell only half of it", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    const { id } = world.platform.apply({ shopId, kind: "exchange" });
    await world.advance(minuteMs);
    const asked = await world.caseOf(shopId, id);
    expect(asked.facts.raw).toMatchObject({ status: "换货待处理", type: "tmall exchange - onsale" });

    const address = { addressId: await addressIdOf(world, shopId) };
    expect(await world.command(asked, "agree_exchange", address)).toBe("confirmed");
    world.platform.act(id, "send-back");
    // No message says so; the sweep over exchanges does.
    await world.advance(11 * minuteMs);
    const back = await world.caseOf(shopId, id);
    expect(stateOf(back)).toBe("return_in_transit");

    expect(await world.command(back, "confirm_receipt")).toBe("confirmed");
    // The call wants the carrier's name; its code will do.
    const parcel = { carrier: "YTO", trackingNo: "YT1" };
    expect(await world.command(await world.caseOf(shopId, id), "ship_replacement", parcel)).toBe("confirmed");
    expect(world.platform.case(id)?.replacement).toMatchObject({ company: "圆通速递", number: "YT1" });
    const shipped = await world.caseOf(shopId, id);
    expect([stateOf(shipped), shipped.facts.waitingOn]).toEqual(["received", "buyer"]);

    world.platform.act(id, "receive");
    await world.advance(minuteMs);
    const done = await world.caseOf(shopId, id);
    expect([stateOf(done), done.facts.outcome]).toEqual(["closed", "replaced"]);
  });
});

describe("the message queue", () => {
  it("gives a message again that was lost between taking and confirming, and nothing changes", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    const { id } = world.platform.apply({ shopId, kind: "return" });
    world.trouble.confirmIsLost = true;
    await world.clock.advance(minuteMs);
    await world.turn({ only: "messages" });
    const once = await world.caseOf(shopId, id);
    expect(world.platform.waitingMessages()).toHaveLength(2);

    world.trouble.confirmIsLost = false;
    await world.clock.advance(15 * minuteMs);
    await world.turn({ only: "messages" });
    expect(world.platform.waitingMessages()).toEqual([]);
    expect(world.seen.filter(({ topic }) => topic === "taobao_refund_RefundCreated").length).toBe(2);
    expect(await world.caseOf(shopId, id)).toEqual(once);
  });

  it("keeps what our queue could not take", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    world.platform.apply({ shopId, kind: "return" });
    world.trouble.queueIsDown = true;
    await world.clock.advance(minuteMs);
    await world.turn({ only: "messages" });
    expect(world.platform.waitingMessages()).toHaveLength(2);
  });

  it("may be away for a day: the sweeps bring what it forgot", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    world.platform.inject({ pushesDropped: 1 });
    const kinds = ["refund", "return", "exchange", "reissue", "price", "freight"] as const;
    const ids = kinds.map((kind, index) => world.platform.apply({ shopId, kind, seed: index + 1 }).id);
    await world.clock.advance(dayMs);
    expect(world.platform.waitingMessages()).toEqual([]);
    await world.turn();
    const truth = new Map(world.platform.truth().map(({ channelCaseId, state }) => [channelCaseId, state]));
    for (const id of ids) expect(stateOf(await world.caseOf(shopId, id))).toBe(truth.get(id));
  });

  it("parks a shop that has ended its authorisation, and no other", async () => {
    const world = await start();
    const one = await world.connect("模拟旗舰店");
    const two = await world.connect("另一家旗舰店");
    world.platform.endAuthorisation(one.shopId);
    await world.advance(minuteMs);
    expect((await world.store.shops.find("taobao", one.shopId))?.shop.status).toBe("parked");
    expect((await world.store.shops.find("taobao", two.shopId))?.shop.status).toBe("connected");
    const { id } = world.platform.apply({ shopId: two.shopId, kind: "return" });
    await world.advance(minuteMs);
    expect(stateOf(await world.caseOf(two.shopId, id))).toBe("requested");
  });
});

describe("every plan of the simulator", () => {
  it("ends as the platform sees it, by messages and by sweeps", async () => {
    const world = await start();
    const { shopId } = await world.connect("模拟旗舰店");
    for (const plan of Object.keys(world.platform.plans)) await world.platform.openCase({ shopId, plan, seed: 3 });
    for (let days = 0; days < 40; days += 8) await world.advance(8 * dayMs);
    for (const { channelCaseId, state, settledMinor, rawStatus } of world.platform.truth()) {
      const held = await world.caseOf(shopId, channelCaseId);
      expect([stateOf(held), held.facts.money.settled?.amountMinor ?? 0], rawStatus).toEqual([state, settledMinor]);
    }
  }, 240_000);
});
