import { describe, expect, it } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import type { ShopId } from "#shared/case/ids.ts";
import { createRandom } from "../../local/marketplaces/kit/random.ts";
import { openDispute } from "../../local/marketplaces/shopify/acts/dispute.ts";
import { createRefund } from "../../local/marketplaces/shopify/acts/refund.ts";
import { everyScope } from "../../local/marketplaces/shopify/graphql/scopes.ts";
import type { Order } from "../../local/marketplaces/shopify/model/types.ts";
import { askForReturn, attachLabel, firstReturn, inspect } from "../../local/marketplaces/shopify/plans/moves.ts";
import type { ShopifyWorld } from "./shopify-world.ts";
import { useShopifyWorld } from "./use-shopify-world.ts";

const hourMs = 3_600_000;
const { world } = useShopifyWorld();

interface Begun {
  shopId: ShopId;
  order: Order;
  id: string;
}

/** A buyer has asked to send a whole order back, and we know of it. */
async function begin(
  ask: Parameters<typeof askForReturn>[3] = {},
  wish: Parameters<ShopifyWorld["platform"]["openOrder"]>[0]["wish"] = {},
): Promise<Begun> {
  const shopId = await world().connect("demo");
  const order = world().platform.openOrder({ shopId, seed: 7, wish: { refundBehaviour: "instant", ...wish } });
  const id = world().platform.play("buyer", (turn) => askForReturn(turn, order, createRandom(7, "ask"), ask));
  await world().advance();
  return { shopId, order, id };
}
const held = ({ shopId, id }: Begun) => world().caseOf(shopId, id);
const label = [{ kind: "return_label", url: "https://labels.example/42.pdf" }];

describe("a return of several units", () => {
  it("is approved, labelled, delivered, disposed with one missing, and refunded for what came back", async () => {
    const begun = await begin({}, { quantities: [3] });
    expect(stateOf(await held(begun))).toBe("requested");
    expect(await world().command(await held(begun), "agree_return")).toBe("confirmed");
    await world().advance();
    expect(stateOf(await held(begun))).toBe("approved");

    const sent = await world().command(await held(begun), "provide_address", { trackingNo: "PN42", evidence: label });
    expect(sent).toBe("confirmed");
    await world().advance();
    expect(await held(begun)).toMatchObject({
      facts: {
        state: { value: "return_in_transit" },
        goods: { wayBack: { trackingNo: "PN42" }, addressProvided: true },
      },
    });
    const [delivery] = firstReturn(begun.order).reverseOrders.flatMap(({ deliveries }) => deliveries);
    expect(delivery).toMatchObject({ label: { url: label[0]?.url }, tracking: { number: "PN42" } });

    world().platform.play("staff", (turn) => inspect(turn, begun.order, { missing: 1 }));
    await world().advance();
    const back = await held(begun);
    expect(back.facts.goods.lines).toMatchObject([{ requested: 3, received: 2, missing: 1 }]);
    const { ceiling, claimed } = back.facts.money;
    if (!ceiling || !claimed) throw new Error("no ceiling");
    expect(ceiling.amountMinor).toBeLessThan(claimed.amountMinor);
    expect(await world().command(back, "agree_refund", { amount: claimed })).toBe("amount_above_ceiling");

    expect(await world().command(back, "agree_refund", { amount: ceiling })).not.toMatch(/refused/);
    await world().advance(hourMs);
    const paid = await held(begun);
    expect(paid.facts.money).toMatchObject({ settled: ceiling });
    expect(paid.commands.at(-1)).toMatchObject({ action: "agree_refund", status: "confirmed" });
    expect(world().platform.ledger()).toHaveLength(1);
    expect(await world().command(paid, "agree_refund", { amount: ceiling })).not.toBe("confirmed");
    expect(world().platform.ledger()).toHaveLength(1);
  });
});

describe("an exchange", () => {
  async function arrived(exchange: "even" | "dearer" | "cheaper"): Promise<Begun> {
    const begun = await begin({ exchange }, { quantities: [1] });
    await world().command(await held(begun), "agree_exchange");
    await world().advance();
    world().platform.play("staff", (turn) => {
      attachLabel(turn, begun.order, createRandom(7, "label"));
      inspect(turn, begun.order);
    });
    await world().advance();
    return begun;
  }
  const sentOut = ({ order }: Begun) => firstReturn(order).exchanges.map(({ processed }) => processed);

  it("of goods that are worth the same is processed, and its goods become lines of the order", async () => {
    const begun = await arrived("even");
    expect(await world().command(await held(begun), "ship_replacement")).toBe("confirmed");
    await world().advance();
    expect(sentOut(begun)).toEqual([1]);
    expect(world().platform.ledger()).toEqual([]);
  });

  it.each([
    "dearer",
    "cheaper",
  ] as const)("for something %s is left to a person, and nothing is processed", async (kind) => {
    const begun = await arrived(kind);
    await world().command(await held(begun), "ship_replacement");
    expect((await held(begun)).commands.at(-1)).toMatchObject({ status: "refused" });
    expect(sentOut(begun)).toEqual([0]);
  });
});

it("declines a request with its reason, and the note cut at Shopify's limit", async () => {
  const begun = await begin();
  const note = "x".repeat(600);
  expect(await world().command(await held(begun), "refuse", { reasonCode: "out_of_window", note })).toBe("confirmed");
  expect(firstReturn(begun.order)).toMatchObject({
    status: "DECLINED",
    decline: { reason: "RETURN_PERIOD_ENDED", note: "x".repeat(500) },
  });
  await world().advance();
  expect(stateOf(await held(begun))).toBe("rejected");
});

it("a refund that the merchant's staff make in the admin becomes a case, and is never paid again by us", async () => {
  const shopId = await world().connect("demo");
  const order = world().platform.openOrder({ shopId, seed: 3, wish: { quantities: [1], refundBehaviour: "instant" } });
  const [sale] = order.transactions;
  const made = world().platform.play("staff", (turn) =>
    createRefund(turn, order, {
      lines: [],
      shippingMinor: 0,
      transactions: [{ kind: "REFUND", amount: "10.00", parentId: sale?.id, gateway: sale?.gateway ?? "" }],
    }),
  );
  if (!("value" in made)) throw new Error(JSON.stringify(made));
  await world().advance(hourMs);
  const found = await world().caseOf(shopId, `Refund/${made.value.id}`);
  expect(found.facts).toMatchObject({
    type: { value: "refund_only" },
    state: { value: "refunded" },
    money: { status: "paid" },
  });
  expect(await world().command(found, "agree_refund", { amount: { amountMinor: 1000, currency: "EUR" } })).not.toBe(
    "sent",
  );
  expect(world().platform.ledger()).toHaveLength(1);
});

it("a dispute is answered before its evidence is due, once", async () => {
  const shopId = await world().connect("demo");
  const order = world().platform.openOrder({ shopId, seed: 4 });
  const terms = {
    type: "CHARGEBACK",
    reason: "PRODUCT_NOT_RECEIVED",
    networkReasonCode: "13.1",
    verdict: "WON",
  } as const;
  const dispute = world().platform.play("bank" as never, (turn) =>
    openDispute(turn, order, { ...terms, amountMinor: 1000, dueInDays: 7 }),
  );
  await world().advance();
  const id = `ShopifyPaymentsDispute/${dispute.id}`;
  const found = await world().caseOf(shopId, id);
  const clockOf = ({ deadlines }: typeof found) => deadlines.find(({ kind }) => kind === "evidence");
  expect(clockOf(found)).toMatchObject({ status: "running", source: { from: "channel" } });
  expect(Date.parse(clockOf(found)?.dueAt ?? "")).toBe(Date.parse(dispute.evidenceDueBy ?? ""));

  await world().command(found, "submit_evidence", { note: "Delivered on 12 November, signed for." });
  await world().advance();
  const answered = await world().caseOf(shopId, id);
  expect(answered).toMatchObject({ facts: { dispute: { status: { value: "under_review" } } } });
  expect(clockOf(answered)).toBeUndefined();
  expect(world().told).toContain("deadline.met");
  expect(dispute.evidence).toMatchObject({
    submitted: true,
    texts: { uncategorizedText: expect.stringContaining("signed for") },
  });
});

describe("what a shop grants", () => {
  it("is told to the person when a scope is missing, and the channel is not asked", async () => {
    const scopes = everyScope.filter((scope) => scope !== "write_returns").concat("read_returns");
    const { shopId: domain } = await world().platform.openShop("demo");
    world().platform.changeShop(domain, { scopes });
    const shopId = await world().connect("demo");
    const order = world().platform.openOrder({ shopId, seed: 7 });
    const id = world().platform.play("buyer", (turn) => askForReturn(turn, order, createRandom(7, "ask")));
    await world().advance();
    await world().command(await world().caseOf(shopId, id), "agree_return");
    const after = await world().caseOf(shopId, id);
    expect(after.tasks).toMatchObject([{ what: expect.stringContaining("write_returns") }]);
    expect(firstReturn(order).status).toBe("REQUESTED");
  });
});
