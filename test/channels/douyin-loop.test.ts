import { afterEach, describe, expect, it } from "vitest";
import { type Case, stateOf } from "#shared/case/case.ts";
import { SuiteError } from "#shared/errors.ts";
import { useTable } from "../engine.ts";
import { startDouyinWorld } from "./douyin-world.ts";

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

const ending = (held: Case) => ({
  state: stateOf(held),
  outcome: held.facts.outcome,
  settled: held.facts.money.settled?.amountMinor ?? 0,
  commands: held.commands.map(({ action, status }) => `${action} ${status}`),
});

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

describe("an arbitration", () => {
  const toEvidence = async () => {
    const begun = await start();
    const id = await begun.apply({ type: 0 });
    await begun.command(id, "refuse", { reasonCode: "6", note: "吊牌已剪", evidence: [picture] });
    begun.platform.act(id, "appeal");
    begun.platform.act(id, "ask-evidence");
    await begun.advance(6 * minute);
    return { ...begun, id };
  };
  const evidenceDue = ({ deadlines }: Case) => deadlines.filter(({ kind }) => kind === "evidence");

  it("gets its evidence before the deadline, once, and is decided for the merchant", async () => {
    const { platform, id, caseOf, command, advance, clock } = await toEvidence();
    const asked = await caseOf(id);
    expect(asked.facts.dispute.status).toMatchObject({ value: "evidence_due" });
    const [due] = evidenceDue(asked);
    expect(due?.dueAt).toBe(new Date((platform.case(id)?.arbitration?.deadline ?? 0) * 1000).toISOString());
    await advance(day);
    expect(clock.now().toISOString() < (due?.dueAt ?? "")).toBe(true);
    await command(id, "submit_evidence", { evidence: [picture], note: "开箱视频截图" });
    expect(platform.case(id)?.arbitration?.evidence).toEqual({ images: [picture.url], text: "开箱视频截图" });
    await advance(6 * minute);
    const given = await caseOf(id);
    expect(given.facts.dispute.status).toMatchObject({ value: "under_review" });
    expect(evidenceDue(given)).toEqual([]);
    platform.act(id, "decide", { conclusion: 2 });
    await advance(6 * minute);
    const decided = await caseOf(id);
    expect(decided.facts.dispute.status).toMatchObject({ value: "decided_for_merchant" });
    expect(ending(decided)).toMatchObject({ state: "closed", settled: 0 });
    expect(platform.truth()).toMatchObject([{ missedDeadlines: 0 }]);
  });

  const png = (text: string) => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from(text)]);

  it("gets a picture that the case keeps, by way of the shop's library, once its audit has passed", async () => {
    const { platform, id, keep, plan, act, advance, caseOf, callsOf } = await toEvidence();
    const evidenceId = await keep(id, png("unpacked"));
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId }, picture], note: "开箱" });
    // The audit takes its four seconds: nothing is handed in before.
    expect(await act(id, commandId)).toBe("planned");
    expect(callsOf("afterSale/submitEvidence")).toBe(0);
    await advance(minute);
    expect(await act(id, commandId)).toBe("confirmed");
    const [material] = platform.materials();
    const address = `https://p3-aio.ecombdimg.com/obj/ecom-shop-material/${material?.id}.png`;
    expect(platform.materials()).toHaveLength(1);
    expect(platform.case(id)?.arbitration?.evidence).toEqual({ images: [address, picture.url], text: "开箱" });
    await advance(6 * minute);
    expect((await caseOf(id)).facts.dispute.status).toMatchObject({ value: "under_review" });
  });

  it("gets it once, though the answer to the upload is lost on the way", async () => {
    const { platform, around, id, keep, plan, act, advance, callsOf } = await toEvidence();
    const evidenceId = await keep(id, png("lost"));
    around.answered = (path) => {
      if (path !== "/material/uploadImageSync") return;
      around.answered = undefined;
      throw new SuiteError("answer_unclear", "the connection broke");
    };
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId }] });
    expect(await act(id, commandId)).toBe("planned");
    await advance(minute);
    expect(await act(id, commandId)).toBe("confirmed");
    expect([platform.materials().length, callsOf("afterSale/submitEvidence")]).toEqual([1, 1]);
  });

  it("gets nothing of another case's, nor of what the audit rejects: that ends the command", async () => {
    const { platform, id, apply, keep, plan, act, command, advance, caseOf, callsOf } = await toEvidence();
    const elsewhere = await keep(await apply({ type: 1 }), png("of another case"));
    expect(await command(id, "submit_evidence", { evidence: [{ evidenceId: elsewhere }] })).toBe("refused");
    expect((await caseOf(id)).commands.at(-1)?.problem).toContain("evidence_unknown");
    expect(platform.materials()).toEqual([]);
    const commandId = await plan(id, "submit_evidence", { evidence: [{ evidenceId: await keep(id, png("bad")) }] });
    expect(await act(id, commandId)).toBe("planned");
    platform.auditMaterial(platform.materials()[0]?.id ?? "", 4);
    await advance(minute);
    expect(await act(id, commandId)).toBe("refused");
    expect((await caseOf(id)).commands.at(-1)?.problem).toContain("audit rejected the picture");
    expect([platform.materials().length, callsOf("afterSale/submitEvidence")]).toEqual([1, 0]);
  });

  it("takes none once the deadline has passed: nothing is sent, and a person is told", async () => {
    const { platform, id, caseOf, command, advance, callsOf } = await toEvidence();
    await advance(3 * day);
    expect(platform.truth()).toMatchObject([{ missedDeadlines: 1 }]);
    expect((await caseOf(id)).facts.dispute.status).toMatchObject({ value: "under_review" });
    expect(await command(id, "submit_evidence", { evidence: [picture] })).toBe("refused");
    expect(callsOf("afterSale/submitEvidence")).toBe(0);
    const task = { taskId: "do_submit_evidence", what: expect.stringContaining("a dispute that asks for it") };
    expect((await caseOf(id)).tasks).toMatchObject([task]);
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

describe("an agreement to pay once the delivery is refused", () => {
  const action = "agree_refund_if_delivery_refused";

  it("shows at once, moves nothing, and is paid by the robot when the parcel turns round", async () => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 1 });
    expect(await command(id, action)).toBe("confirmed");
    const agreed = await caseOf(id);
    expect([stateOf(agreed), agreed.facts.money]).toMatchObject([
      "requested",
      { status: "pending", agreedIfDeliveryRefused: true },
    ]);
    await advance(day);
    expect(platform.ledger()).toEqual([]);
    platform.act(id, "refuse-delivery");
    await advance(hour);
    const paid = await caseOf(id);
    expect(ending(paid)).toEqual({
      ...{ state: "refunded", outcome: "refunded", settled: 9_900 },
      commands: [`${action} confirmed`],
    });
    expect(paid.facts.money.executedBy).toBe("platform_robot");
    expect(platform.ledger()).toMatchObject([{ amountMinor: 9_900, executedBy: "platform_robot" }]);
  });

  it("whose answer was lost is found by reading, and is not given again", async () => {
    const { platform, around, apply, command, plan, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 1 });
    around.after = () => {
      around.after = undefined;
      throw new SuiteError("answer_unclear", "the connection broke");
    };
    expect(await command(id, action)).toBe("unclear");
    await expect(plan(id, "agree_refund")).rejects.toThrow("already_asked");
    await advance(6 * minute);
    expect((await caseOf(id)).commands).toMatchObject([{ action, status: "confirmed" }]);
    expect(await command(id, action)).toBe("refused");
    platform.act(id, "refuse-delivery");
    await advance(hour);
    expect([callsOf("afterSale/operate"), platform.ledger().length]).toEqual([1, 1]);
  });

  it("does not stand in the way of paying before, and is then paid once", async () => {
    const { platform, apply, command, advance, caseOf } = await start();
    const id = await apply({ type: 1 });
    await command(id, action);
    expect(await command(id, "agree_refund")).toBe("confirmed");
    await advance(hour);
    expect(ending(await caseOf(id))).toMatchObject({ state: "refunded", settled: 9_900 });
    expect(() => platform.act(id, "refuse-delivery")).toThrow();
    expect(platform.ledger()).toHaveLength(1);
  });

  it("is refused where the case has changed since", async () => {
    const { platform, around, apply, command, caseOf } = await start();
    const id = await apply({ type: 1 });
    around.before = () => {
      around.before = undefined;
      platform.act(id, "edit", { refundAmount: 4_000 });
    };
    expect(await command(id, action)).toBe("expired");
    expect((await caseOf(id)).facts.money.agreedIfDeliveryRefused).toBeUndefined();
    expect([platform.case(id)?.agreeRefuseSign, platform.ledger()]).toEqual([0, []]);
  });
});

describe("a parcel", () => {
  const carried = { carrier: "shunfeng", trackingNo: "SF0000000000888" };
  /** What happens on the platform right before this call reaches it. */
  const meanwhile = ({ around }: World, path: string, happens: () => void) => {
    around.asked = (asked) => {
      if (asked !== path) return;
      around.asked = undefined;
      happens();
    };
  };

  it.each([
    [0, "agree_return"],
    [3, "agree_exchange"],
  ] as const)("of type %i that the merchant has fetched is entered for the buyer, and the return goes on", async (type, agree) => {
    const { platform, apply, command, caseOf } = await start();
    const id = await apply({ type });
    await command(id, agree, { addressId: await addressId() });
    expect(await command(id, "fill_return_waybill", carried)).toBe("confirmed");
    expect(platform.case(id)?.returnParcel).toMatchObject({ trackingNo: carried.trackingNo });
    expect(stateOf(await caseOf(id))).toBe("return_in_transit");
  });

  it("that the buyer entered first is not entered again: a person is told", async () => {
    const begun = await start();
    const { platform, apply, command, caseOf } = begun;
    const id = await apply({ type: 0 });
    await command(id, "agree_return", { addressId: await addressId() });
    meanwhile(begun, "/afterSale/fillLogistics", () =>
      platform.act(id, "ship", { companyCode: "yuantong", trackingNo: "YT0000000000001" }),
    );
    expect(await command(id, "fill_return_waybill", carried)).toBe("refused");
    expect(platform.case(id)?.returnParcel).toMatchObject({ trackingNo: "YT0000000000001" });
    expect((await caseOf(id)).tasks).toMatchObject([{ taskId: "do_fill_return_waybill" }]);
  });

  it("on its way to the buyer is turned round, once, and the refund stays a decision of its own", async () => {
    const { platform, apply, command, caseOf, callsOf } = await start();
    const id = await apply({ type: 1 });
    expect(await command(id, "intercept_parcel")).toBe("confirmed");
    expect(platform.case(id)?.order.parcel?.state).toBe(3);
    expect([callsOf("afterSale/applyLogisticsIntercept"), stateOf(await caseOf(id))]).toEqual([1, "requested"]);
    expect(platform.ledger()).toEqual([]);
  });

  it("that has arrived is not turned round", async () => {
    const { apply, command, caseOf, callsOf } = await start();
    const id = await apply({ type: 1, gotPackage: true });
    expect(await command(id, "intercept_parcel")).toBe("refused");
    expect(callsOf("afterSale/applyLogisticsIntercept")).toBe(0);
    expect((await caseOf(id)).tasks).toMatchObject([{ taskId: "do_intercept_parcel" }]);
  });

  it("that arrives right then is refused by the channel", async () => {
    const begun = await start();
    const { platform, apply, command, caseOf } = begun;
    const id = await apply({ type: 1 });
    meanwhile(begun, "/afterSale/applyLogisticsIntercept", () => platform.act(id, "force", { gotPackage: true }));
    expect(await command(id, "intercept_parcel")).toBe("refused");
    expect((await caseOf(id)).commands.at(-1)?.problem).toContain("cannot be intercepted");
    expect(platform.case(id)?.order.parcel?.state).toBe(0);
  });

  it("is not asked for again by itself when the answer was lost: it would cost twice", async () => {
    const { around, apply, command, advance, caseOf, callsOf } = await start();
    const id = await apply({ type: 1 });
    around.answered = (path) => {
      if (path !== "/afterSale/applyLogisticsIntercept") return;
      around.answered = undefined;
      throw new SuiteError("answer_unclear", "the connection broke");
    };
    expect(await command(id, "intercept_parcel")).toBe("unclear");
    await advance(hour);
    expect((await caseOf(id)).commands.at(-1)).toMatchObject({ action: "intercept_parcel", status: "unclear" });
    expect(callsOf("afterSale/applyLogisticsIntercept")).toBe(1);
  });
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
