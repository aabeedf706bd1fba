import { afterEach, describe, expect, it } from "vitest";
import { type Case, stateOf } from "#shared/case/case.ts";
import { SuiteError } from "#shared/errors.ts";
import { useTable } from "../engine.ts";
import { endingOf as ending, startDouyinWorld } from "./douyin-world.ts";

// What douyin-loop.test.ts in test/integration plays by push for one return, here by the sweeps for every type.

const table = useTable();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const waybill = { carrier: "shunfeng", trackingNo: "SF0000000000777" };
const picture = { kind: "photo", url: "https://evidence.example.com/1.jpg" };

type World = Awaited<ReturnType<typeof startDouyinWorld>>;
let world: World;
const start = async (more: Record<string, unknown> = {}) => {
  world = await startDouyinWorld(table(), more);
  return world;
};
afterEach(() => world.stop());

/** The shop's usual return address, as the channel lists it. */
async function addressId(): Promise<string> {
  const shop = await world.store.shops.find("douyin", world.shopId);
  return shop?.shop.addresses.find(({ isDefault }) => isDefault)?.addressId ?? "";
}

describe("each type of case, to its end", () => {
  it("0: a return, refused, asked for again with less, is paid without the goods", async () => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 0 });
    const evidence = [picture];
    expect(await command(id, "refuse", { reasonCode: "6", note: "请补充凭证", evidence })).toBe("confirmed");
    expect(stateOf(await caseOf(id))).toBe("rejected");
    platform.act(id, "edit", { refundAmount: 4_000 });
    await advance(6 * minute);
    expect((await caseOf(id)).facts.money.claimed?.amountMinor).toBe(4_000);
    expect(await command(id, "agree_refund")).toBe("confirmed");
    await advance(hour);
    expect(ending(await caseOf(id))).toEqual({
      ...{ state: "refunded", outcome: "partially_refunded", settled: 4_000 },
      commands: ["refuse confirmed", "agree_refund confirmed"],
    });
    expect(platform.ledger()).toMatchObject([{ amountMinor: 4_000, executedBy: "merchant_api" }]);
  });

  it("1: a refund of what was shipped is agreed and paid", async () => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 1 });
    expect(await command(id, "agree_refund")).toBe("confirmed");
    expect(stateOf(await caseOf(id))).toBe("refunding");
    await advance(hour);
    expect(ending(await caseOf(id))).toMatchObject({ state: "refunded", outcome: "refunded", settled: 9_900 });
    expect(platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "merchant_api" }]);
  });

  it("2: a refund before shipment is refused by shipping the order, and lapses", async () => {
    const { platform, apply, command, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 2 });
    expect(await command(id, "refuse", waybill)).toBe("confirmed");
    expect([callsOf("order/logisticsAdd"), callsOf("afterSale/operate")]).toEqual([1, 0]);
    expect(stateOf(await caseOf(id))).toBe("rejected");
    await advance(8 * day);
    expect(ending(await caseOf(id))).toMatchObject({ state: "closed", settled: 0 });
    expect(platform.ledger()).toEqual([]);
  });

  it("3: an exchange is agreed, comes back, is shipped and is closed as replaced", async () => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 3 });
    expect(await command(id, "agree_exchange", { addressId: await addressId() })).toBe("confirmed");
    platform.act(id, "ship");
    await advance(6 * minute);
    expect(await command(id, "ship_replacement", waybill)).toBe("confirmed");
    expect(platform.case(id)?.replacementParcel).toMatchObject({ trackingNo: waybill.trackingNo });
    platform.act(id, "receive");
    await advance(6 * minute);
    expect(ending(await caseOf(id))).toMatchObject({ state: "closed", outcome: "replaced", settled: 0 });
  });

  it("6: a price protection is paid by the platform, and nobody is asked", async () => {
    const { platform, apply, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 6, refundAmount: 1_200 });
    platform.act(id, "robot-refund", { bit: 2 });
    await advance(hour);
    const held = await caseOf(id);
    expect(ending(held)).toMatchObject({ state: "refunded", settled: 1_200, commands: [] });
    expect(held.facts.money.executedBy).toBe("platform_robot");
    expect(callsOf("afterSale/operate")).toBe(0);
  });

  it("7: a reissue is agreed, shipped and received", async () => {
    const { platform, apply, command, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 7 });
    expect(await command(id, "agree_reissue")).toBe("confirmed");
    expect((await caseOf(id)).facts.deadlines).toMatchObject([{ kind: "ship_replacement" }]);
    await command(id, "ship_replacement", waybill);
    expect(callsOf("afterSale/fillLogistics")).toBe(1);
    platform.act(id, "receive");
    await advance(6 * minute);
    expect(ending(await caseOf(id))).toEqual({
      ...{ state: "closed", outcome: "replaced", settled: 0 },
      commands: ["agree_reissue confirmed", "ship_replacement confirmed"],
    });
  });

  it.each([
    ["with a return", true],
    ["without one", false],
  ])("8: a repair %s is agreed, shipped and received", async (_, comesBack) => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 8 });
    await command(id, "agree_repair", comesBack ? { addressId: await addressId() } : {});
    expect(platform.case(id)?.status).toBe(comesBack ? 7 : 8);
    if (comesBack) platform.act(id, "ship");
    await advance(6 * minute);
    await command(id, "ship_replacement", waybill);
    expect(platform.case(id)?.status).toBe(13);
    platform.act(id, "receive");
    await advance(6 * minute);
    expect(ending(await caseOf(id))).toMatchObject({
      state: "closed",
      commands: ["agree_repair confirmed", "ship_replacement confirmed"],
    });
  });
});

describe("a refund by the platform's robot", () => {
  it("that comes before our agreement is sent leaves it unsent", async () => {
    const { platform, apply, plan, act, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 2 });
    const commandId = await plan(id, "agree_refund");
    platform.act(id, "robot-refund");
    expect(await act(id, commandId)).toBe("expired");
    expect(callsOf("afterSale/operate")).toBe(0);
    await advance(hour);
    await expectPaidOnceByRobot(await caseOf(id));
  });

  it("that comes between our reading and our call has the call refused, and pays alone", async () => {
    const { platform, around, apply, command, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 2 });
    around.before = () => {
      around.before = undefined;
      platform.act(id, "robot-refund");
    };
    expect(await command(id, "agree_refund")).not.toBe("confirmed");
    expect(callsOf("afterSale/operate")).toBe(1);
    await advance(hour);
    await expectPaidOnceByRobot(await caseOf(id));
  });

  it("cannot follow our own, whose answer was lost: the case shows it, and it is not asked for again", async () => {
    const { platform, around, apply, plan, command, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 2 });
    around.after = () => {
      around.after = undefined;
      throw new SuiteError("answer_unclear", "the connection broke");
    };
    expect(await command(id, "agree_refund")).toBe("unclear");
    await expect(plan(id, "agree_refund")).rejects.toThrow();
    expect(() => platform.act(id, "robot-refund")).toThrow(/waits for no answer/);
    await advance(hour);
    expect(callsOf("afterSale/operate")).toBe(1);
    expect(platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "merchant_api" }]);
    const held = await caseOf(id);
    expect(ending(held)).toMatchObject({ state: "refunded", settled: 9_900, commands: ["agree_refund confirmed"] });
    expect(held.facts.money.executedBy).not.toBe("platform_robot");
  });

  async function expectPaidOnceByRobot(held: Case): Promise<void> {
    expect(stateOf(held)).toBe("refunded");
    expect(held.facts.money).toMatchObject({ executedBy: "platform_robot", settled: { amountMinor: 9_900 } });
    expect(world.platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "platform_robot" }]);
    await expect(world.plan(held.channelCaseId, "agree_refund")).rejects.toThrow();
    expect(world.platform.ledger()).toHaveLength(1);
  }
});

describe("a shop whose own rules pay", () => {
  const refundRules = { shipmentStopped: true, goodsBookedIn: true };
  const onPlatform = { refundHelper: { onShipmentStopped: true, onGoodsBookedIn: true } };

  it("has a stopped shipment reported, and the robot pays once", async () => {
    const { platform, shopId, apply, command, advance, caseOf, callsOf } = await start({ refundRules });
    platform.changeShop(shopId, onPlatform);
    const id = await apply({ type: 2 });
    expect(await command(id, "agree_refund")).toBe("confirmed");
    await advance(hour);
    expect(ending(await caseOf(id))).toMatchObject({ state: "refunded", settled: 9_900 });
    expect([callsOf("afterSale/CancelSendGoodsSuccess"), callsOf("afterSale/operate")]).toEqual([1, 0]);
    expect(platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "platform_robot" }]);
  });

  it("has the returned parcel booked in, and the robot pays once", async () => {
    const { platform, shopId, apply, command, advance, caseOf, callsOf } = await start({ refundRules });
    platform.changeShop(shopId, onPlatform);
    const id = await apply({ type: 0 });
    await command(id, "agree_return", { addressId: await addressId() });
    platform.act(id, "ship");
    await advance(6 * minute);
    expect(await command(id, "agree_refund")).toBe("confirmed");
    await advance(hour);
    expect(ending(await caseOf(id))).toMatchObject({ state: "refunded", settled: 9_900 });
    expect(callsOf("afterSale/returnGoodsToWareHouseSuccess")).toBe(1);
    expect(platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "platform_robot" }]);
  });

  it("is a person's to set right where the channel's switch is off: nothing is paid", async () => {
    const { platform, apply, command, caseOf } = await start({ refundRules });
    const id = await apply({ type: 2 });
    expect(await command(id, "agree_refund")).toBe("refused");
    expect((await caseOf(id)).tasks).toMatchObject([{ what: expect.stringContaining("refundRules") }]);
    expect([platform.ledger(), platform.case(id)?.status]).toEqual([[], 6]);
  });
});
