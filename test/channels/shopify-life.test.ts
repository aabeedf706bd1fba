import { describe, expect, it } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import type { ShopId } from "#shared/case/ids.ts";
import { createRandom } from "../../local/marketplaces/kit/random.ts";
import { cancelOrder } from "../../local/marketplaces/shopify/acts/cancel-order.ts";
import { reopenReturn, requestReturn } from "../../local/marketplaces/shopify/acts/returns.ts";
import type { Order } from "../../local/marketplaces/shopify/model/types.ts";
import { askForReturn, firstReturn, inspect, processAndPay } from "../../local/marketplaces/shopify/plans/moves.ts";
import { useShopifyWorld } from "./use-shopify-world.ts";

const hourMs = 3_600_000;
const { world } = useShopifyWorld();

interface Begun {
  shopId: ShopId;
  order: Order;
  id: string;
}

/** A buyer has asked to send one of two units back, and we know of it. */
async function begin(): Promise<Begun> {
  const shopId = await world().connect("demo");
  const wish = { refundBehaviour: "instant", quantities: [2] } as const;
  const order = world().platform.openOrder({ shopId, seed: 7, wish: { ...wish, quantities: [...wish.quantities] } });
  const id = world().platform.play("buyer", (turn) => askForReturn(turn, order, createRandom(7, "ask")));
  await world().advance();
  return { shopId, order, id };
}
const held = ({ shopId, id }: Begun) => world().caseOf(shopId, id);
const stateNow = async (begun: Begun) => stateOf(await held(begun));
const statusOf = ({ order }: Begun) => firstReturn(order).status;

async function approved(): Promise<Begun> {
  const begun = await begin();
  await world().command(await held(begun), "agree_return");
  await world().advance();
  return begun;
}

describe("an approved return", () => {
  it("is closed, opened again and closed again, each once, and no move of ours is taken for a surprise", async () => {
    const begun = await approved();
    for (const [action, status, state] of [
      ["close_return", "CLOSED", "closed"],
      ["reopen_return", "OPEN", "approved"],
      ["close_return", "CLOSED", "closed"],
    ] as const) {
      expect(await world().command(await held(begun), action)).toBe("confirmed");
      expect(statusOf(begun)).toBe(status);
      const now = await held(begun);
      expect([stateOf(now), now.unexpectedMove]).toEqual([state, false]);
      await world().advance();
    }
    const writes = world().platform.calls.filter(({ name }) => name === "Close" || name === "Reopen");
    expect(writes.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
  });

  it("that staff open again is still a surprise", async () => {
    const begun = await approved();
    await world().command(await held(begun), "close_return");
    await world().advance();
    world().platform.play("staff", (turn) => reopenReturn(turn, begun.order, firstReturn(begun.order)));
    await world().advance();
    expect(await held(begun)).toMatchObject({ facts: { state: { value: "approved" } }, unexpectedMove: true });
  });

  it("is taken back while nobody has worked on it, and the buyer may ask anew", async () => {
    const begun = await approved();
    expect(await world().command(await held(begun), "cancel_return")).toBe("confirmed");
    await world().advance();
    expect(await held(begun)).toMatchObject({ facts: { state: { value: "closed" }, outcome: "withdrawn" } });
    expect(await world().command(await held(begun), "reopen_return")).toMatch(/^refused: manual/);
    expect(statusOf(begun)).toBe("CANCELED");
  });

  it("is not taken back once goods have come in", async () => {
    const begun = await approved();
    world().platform.play("staff", (turn) => inspect(turn, begun.order));
    expect(await world().command(await held(begun), "cancel_return")).toBe("expired: the case is received");
    expect(statusOf(begun)).toBe("OPEN");
  });

  it("that is paid stays refunded when it is closed and opened again", async () => {
    const begun = await approved();
    world().platform.play("staff", (turn) => {
      inspect(turn, begun.order);
      processAndPay(turn, begun.order);
    });
    await world().advance(hourMs);
    expect(await stateNow(begun)).toBe("refunded");
    for (const [action, status] of [
      ["close_return", "CLOSED"],
      ["reopen_return", "OPEN"],
    ] as const) {
      expect(await world().command(await held(begun), action)).toBe("confirmed");
      expect(statusOf(begun)).toBe(status);
      await world().advance();
      expect(await stateNow(begun)).toBe("refunded");
    }
    expect(world().platform.ledger()).toHaveLength(1);
  });
});

describe("the order of a declined return", () => {
  async function declined(): Promise<Begun> {
    const begun = await begin();
    await world().command(await held(begun), "refuse", { note: "We cancel the order instead." });
    await world().advance();
    expect(await stateNow(begun)).toBe("rejected");
    return begun;
  }
  const paidFor = ({ order }: Begun) => ({
    amountMinor: order.transactions
      .filter(({ kind }) => kind !== "REFUND")
      .reduce((sum, each) => sum + each.amountMinor, 0),
    currency: order.presentmentCurrency,
  });
  const args = (begun: Begun) => ({ reasonCode: "INVENTORY", restock: true, amount: paidFor(begun) });

  it("is cancelled and paid back in full, once, on two people's word", async () => {
    const begun = await declined();
    const ask = { ...args(begun), staffNote: "Lost in the warehouse." };
    expect(await world().command(await held(begun), "cancel_and_refund", ask)).toBe("sent");
    const [command] = (await held(begun)).commands.slice(-1);
    expect(command).toMatchObject({ approvedBy: ["person:lin", "person:mei"], channelReference: expect.any(String) });
    await world().advance(hourMs);

    expect(begun.order.cancelledAt).toBeDefined();
    expect(await held(begun)).toMatchObject({ facts: { state: { value: "closed" }, money: { status: "none" } } });
    expect((await held(begun)).commands.at(-1)).toMatchObject({ action: "cancel_and_refund", status: "confirmed" });
    const [refund] = begun.order.refunds;
    const booked = await world().caseOf(begun.shopId, `Refund/${refund?.id}`);
    expect(booked.facts).toMatchObject({ state: { value: "refunded" }, money: { settled: paidFor(begun) } });

    for (const action of ["cancel_and_refund", "cancel_order"] as const) {
      expect(await world().command(await held(begun), action, args(begun))).toBe("not_allowed_from_state");
    }
    expect(world().platform.ledger()).toMatchObject([paidFor(begun)]);
  });

  it("whose cancelling got no answer is read on until it shows, and never sent again", async () => {
    const begun = await declined();
    world().losing.part = "orderCancel(";
    expect(await world().command(await held(begun), "cancel_and_refund", args(begun))).toMatch(/^unclear/);
    world().losing.part = "";
    await world().again(await held(begun));
    expect((await held(begun)).commands.at(-1)).toMatchObject({ status: "unclear", tries: 1 });
    await world().advance(hourMs);
    expect((await held(begun)).commands.at(-1)).toMatchObject({ status: "confirmed", tries: 1 });
    expect(world().platform.ledger()).toMatchObject([paidFor(begun)]);
    expect(world().platform.calls.filter(({ name }) => name === "CancelOrder")).toHaveLength(1);
  });

  it.each([-1, 1])("is not cancelled for %i cents more than was agreed to", async (more) => {
    const begun = await declined();
    const { amountMinor, currency } = paidFor(begun);
    const amount = { amountMinor: amountMinor + more, currency };
    expect(await world().command(await held(begun), "cancel_and_refund", { ...args(begun), amount })).toMatch(
      /^refused: channel_refused: Shopify would pay back/,
    );
    expect(begun.order.cancelJobId).toBeUndefined();
    expect(world().platform.ledger()).toEqual([]);
  });

  it("is not cancelled while the buyer asks for something again", async () => {
    const begun = await declined();
    const [line] = begun.order.lines;
    const lines = [{ orderLineId: line?.id ?? "", quantity: 1, reason: "quality" }];
    world().platform.play("buyer", (turn) => requestReturn(turn, begun.order, { lines }));
    await world().advance();
    for (const action of ["cancel_and_refund", "cancel_order"] as const) {
      expect(await world().command(await held(begun), action, args(begun))).toMatch(/has a return in progress/);
    }
    expect(begun.order.cancelJobId).toBeUndefined();
  });

  it("is cancelled by us after the staff only in so far as nothing is left to do", async () => {
    const begun = await declined();
    world().platform.play("staff", (turn) =>
      cancelOrder(turn, begun.order, { reason: "OTHER", refundToPayment: true, refundToStoreCredit: false }),
    );
    // Its job runs: nothing shows yet, and Shopify refuses a second one.
    expect(await world().command(await held(begun), "cancel_and_refund", args(begun))).toMatch(/^refused/);
    await world().advance(hourMs);
    expect(await stateNow(begun)).toBe("closed");
    expect(world().platform.ledger()).toHaveLength(1);
  });

  it("is cancelled without its money, where that is wanted", async () => {
    const begun = await declined();
    const { amount: _, ...rest } = args(begun);
    expect(await world().command(await held(begun), "cancel_order", rest)).toBe("sent");
    await world().advance(hourMs);
    expect((await held(begun)).commands.at(-1)).toMatchObject({ action: "cancel_order", status: "confirmed" });
    expect(begun.order.cancelReason).toBe("INVENTORY");
    expect(world().platform.ledger()).toEqual([]);
  });
});
