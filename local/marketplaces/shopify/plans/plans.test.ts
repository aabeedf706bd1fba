import { afterEach, describe, expect, it } from "vitest";
import { dayMs, listen, type Stage, setStage } from "../testing.ts";

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.end();
  stage = undefined;
});

async function play(plan: string, seed: number) {
  stage = await setStage();
  const app = await listen();
  stage.shopify.pushTo(app.url);
  const { channelCaseId } = await stage.shopify.openCase({ shopId: stage.shopId, plan, seed });
  await stage.clock.advance(60 * dayMs);
  app.close();
  const truth = stage.shopify.truth().find((one) => one.channelCaseId === channelCaseId);
  return {
    truth,
    all: stage.shopify.truth(),
    ledger: stage.shopify.ledger(),
    topics: app.received.map(({ headers }) => headers["x-shopify-topic"]),
  };
}

describe("plans that staff carry through", () => {
  it.each([
    ["return_requested_staff_approves", "refunded"],
    ["return_declined", "rejected"],
    ["return_cancelled", "closed"],
    ["exchange", "refunded"],
    ["exchange_even", "closed"],
    ["refund_only_by_staff", "refunded"],
    ["return_reopened", "refunded"],
    ["return_with_missing_unit", "refunded"],
    ["return_partial_refund", "refunded"],
    ["refund_transaction_fails", "refunded"],
    ["return_in_yen", "refunded"],
    ["return_in_two_currencies", "refunded"],
    ["return_disputed", "refunded"],
    ["dispute_opened_and_won", "closed"],
    ["dispute_opened_and_lost", "closed"],
    ["dispute_missed", "closed"],
  ])("%s ends %s, and money moves once", async (plan, state) => {
    const { truth, ledger } = await play(plan, 7);
    expect(truth).toMatchObject({ state, settled: true, plan, missedDeadlines: plan === "dispute_missed" ? 1 : 0 });
    const paid = ledger.filter(({ channelCaseId }) => channelCaseId === truth?.channelCaseId);
    expect(paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(truth?.settledMinor);
    expect(paid.length > 0).toBe(state === "refunded");
    expect(paid.every(({ executedBy }) => executedBy === "merchant_console")).toBe(true);
  });

  it("announces every stage of a return", async () => {
    const { topics } = await play("return_requested_staff_approves", 3);
    for (const topic of [
      "returns/request",
      "returns/approve",
      "reverse_deliveries/attach_deliverable",
      "reverse_fulfillment_orders/dispose",
      "returns/process",
      "refunds/create",
      "order_transactions/create",
      "returns/close",
    ]) {
      expect(topics.filter((one) => one === topic).length, topic).toBeGreaterThan(0);
    }
  });

  it("makes a disputed return two cases, with the dispute over the return's state", async () => {
    const { all } = await play("return_disputed", 5);
    expect(all.map(({ channelCaseId }) => channelCaseId.split("/")[0]).sort()).toEqual([
      "Return",
      "ShopifyPaymentsDispute",
    ]);
  });
});

describe("plans that wait for an answer", () => {
  it.each([
    ["return_needs_answer", "requested"],
    ["return_in_yen_needs_answer", "requested"],
    ["return_with_missing_unit_needs_answer", "requested"],
    ["exchange_needs_answer", "requested"],
  ])("%s stays %s", async (plan, state) => {
    const { truth } = await play(plan, 11);
    expect(truth).toMatchObject({ state, settled: false, settledMinor: 0 });
  });

  it("dispute_needs_evidence is lost, and counted as missed, without an answer", async () => {
    const { truth } = await play("dispute_needs_evidence", 11);
    expect(truth).toMatchObject({ state: "closed", rawStatus: "LOST", missedDeadlines: 1, settled: true });
  });
});

describe("openCase", () => {
  it("gives the same ids and amounts for the same shop, plan and seed", async () => {
    const first = await play("return_in_two_currencies", 21);
    await stage?.end();
    const second = await play("return_in_two_currencies", 21);
    expect(second).toEqual(first);
  });

  it("makes ids that a float cannot hold", async () => {
    stage = await setStage();
    const ids: string[] = [];
    for (let seed = 0; seed < 9; seed++) {
      const { channelCaseId } = await stage.shopify.openCase({ shopId: stage.shopId, plan: "return_declined", seed });
      ids.push(channelCaseId.replace("Return/", ""));
    }
    expect(ids.some((id) => String(Number(id)) !== id)).toBe(true);
    expect(new Set(ids).size).toBe(9);
  });
});
