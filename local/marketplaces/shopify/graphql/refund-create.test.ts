import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gid } from "../model/ids.ts";
import { decimalText } from "../model/money.ts";
import { dayMs, type Stage, setStage } from "../testing.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

function refundInput(amountMinor: number, wish: { presentmentCurrency?: string } = {}) {
  const order = stage.shopify.openOrder({
    shopId: stage.shopId,
    seed: 5,
    wish: { ...wish, refundBehaviour: "instant" },
  });
  const sale = order.transactions[0];
  const orderId = gid("Order", order.id);
  const amount = decimalText(amountMinor, order.presentmentCurrency);
  const transactions = [
    { orderId, parentId: gid("OrderTransaction", sale?.id ?? ""), gateway: "shopify_payments", kind: "REFUND", amount },
  ];
  return { order, input: { orderId, transactions, note: "Goodwill" } };
}

describe("refundCreate", () => {
  it("needs a key, and one that is not blank", async () => {
    const { input } = refundInput(500);
    const without = await stage.run("RefundWithoutKey", { input });
    expect(without).toMatchObject({ data: { refundCreate: null }, errors: [{ path: ["refundCreate"] }] });
    expect((await stage.run("Refund", { input, key: "  " })).errors).toHaveLength(1);
    expect(stage.shopify.ledger()).toEqual([]);
  });

  it("needed none in the version before", async () => {
    const { input } = refundInput(500);
    const query =
      "mutation R($input: RefundInput!) { refundCreate(input: $input) { refund { id } userErrors { message } } }";
    const answer = await stage.ask(query, { input }, { version: "2026-01" });
    expect(answer.data.refundCreate.refund.id).toMatch(/^gid:\/\/shopify\/Refund\/\d+$/);
  });

  it("pays once for the same key and gives the first refund again", async () => {
    const { input } = refundInput(500);
    const first = await stage.run("Refund", { input, key: "k-1" });
    const second = await stage.run("Refund", { input, key: "k-1" });
    expect(second.data).toEqual(first.data);
    expect(stage.shopify.ledger()).toMatchObject([{ amountMinor: 500, executedBy: "merchant_api" }]);
  });

  it("refuses the same key with other parameters, and a key whose first attempt failed", async () => {
    const { input } = refundInput(500);
    await stage.run("Refund", { input, key: "k-1" });
    const other = await stage.run("Refund", { input: { ...input, note: "other" }, key: "k-1" });
    expect(other.data.refundCreate.userErrors[0].message).toContain("other parameters");
    const tooMuch = { ...input, transactions: input.transactions.map((one) => ({ ...one, amount: "99999.00" })) };
    const failed = await stage.run("Refund", { input: tooMuch, key: "k-2" });
    expect(failed.data.refundCreate.refund).toBeNull();
    const again = await stage.run("Refund", { input: tooMuch, key: "k-2" });
    expect(again.data.refundCreate.userErrors[0].message).toContain("new key");
  });

  it("forgets a key after a day", async () => {
    const { input } = refundInput(500);
    await stage.run("Refund", { input, key: "k-1" });
    await stage.clock.advance(dayMs + 1000);
    stage.token = String((await stage.shopify.openShop("demo")).credentials.accessToken);
    await stage.run("Refund", { input, key: "k-1" });
    expect(stage.shopify.ledger()).toHaveLength(2);
  });

  it("wants the presentment currency where there are two, and whole yen", async () => {
    const { input } = refundInput(500, { presentmentCurrency: "USD" });
    const without = await stage.run("Refund", { input, key: "k-1" });
    expect(without.data.refundCreate.userErrors[0].field).toEqual(["input", "currency"]);
    const dollars = await stage.run("Refund", { input: { ...input, currency: "USD" }, key: "k-2" });
    expect(dollars.data.refundCreate.userErrors).toEqual([]);
    const yen = refundInput(500, { presentmentCurrency: "JPY" });
    const cents = yen.input.transactions.map((one) => ({ ...one, amount: "1.50" }));
    const half = await stage.run("Refund", {
      input: { ...yen.input, currency: "JPY", transactions: cents },
      key: "k-3",
    });
    expect(half.data.refundCreate.userErrors[0].field).toContain("amount");
  });
});
