import { afterEach, describe, expect, it } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import { SuiteError } from "#shared/errors.ts";
import { useTable } from "../engine.ts";
import { endingOf as ending, startDouyinWorld } from "./douyin-world.ts";

// Refunds of what is on its way, and the parcels of both directions.

const table = useTable();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type World = Awaited<ReturnType<typeof startDouyinWorld>>;
let world: World;
const start = async () => {
  world = await startDouyinWorld(table());
  return world;
};
afterEach(() => world.stop());

/** The shop's usual return address, as the channel lists it. */
async function addressId(): Promise<string> {
  const shop = await world.store.shops.find("douyin", world.shopId);
  return shop?.shop.addresses.find(({ isDefault }) => isDefault)?.addressId ?? "";
}

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
