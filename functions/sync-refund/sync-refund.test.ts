import { describe, expect, it } from "vitest";
import type { Facts } from "#shared/case/observation.ts";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import { atNoon, holding } from "../../test/builders/fakes.ts";
import { syncRefund } from "./sync-refund.ts";

const claimed = { amountMinor: 15_900, currency: "CNY" };
const paid = (amountMinor: number, currency = "CNY"): Partial<Facts> => ({
  ...inState("refunded"),
  outcome: "refunded",
  money: { status: "paid", claimed, settled: { amountMinor, currency } },
});

async function tasksAfter(facts: Partial<Facts>, times = 1) {
  const subject = someCase(facts);
  const { cases, held } = holding(subject);
  for (let time = 0; time < times; time++) await syncRefund(subject, "refund.observed", { cases, clock: atNoon });
  return { tasks: held()?.tasks ?? [], revision: held()?.revision };
}

describe("a refund", () => {
  it.each([
    ["that arrived as asked", paid(15_900)],
    ["that is on its way", { ...inState("refunding"), money: { status: "moving", claimed } } as Partial<Facts>],
    ["of which a part was agreed", { ...paid(5_000), outcome: "partially_refunded" } as Partial<Facts>],
  ])("needs nobody: one %s", async (_, facts) => {
    expect(await tasksAfter(facts)).toEqual({ tasks: [], revision: 1 });
  });

  it("that failed becomes a task until the money has moved", async () => {
    const failed: Partial<Facts> = { ...inState("refunding"), money: { status: "failed", claimed } };
    const { tasks } = await tasksAfter(failed, 2);
    expect(tasks).toMatchObject([{ taskId: "refund_failed", doneWhen: ["refunded", "closed"] }]);
  });

  it.each([
    ["less", paid(15_899), "Paid 158.99 CNY, asked for 159.00 CNY."],
    ["more", paid(16_000), "Paid 160.00 CNY, asked for 159.00 CNY."],
    ["in another currency", paid(15_900, "JPY"), "Paid 15900 JPY, asked for 159.00 CNY."],
  ])("that paid %s than was asked becomes a task that says by how much, once", async (_, facts, sentence) => {
    const { tasks, revision } = await tasksAfter(facts, 3);
    expect(tasks).toMatchObject([{ taskId: "refund_differs", what: expect.stringContaining(sentence) }]);
    expect(revision).toBe(2);
  });

  const named = async (name: string, facts: Partial<Facts>) => {
    const { cases, held } = holding(someCase(facts));
    await syncRefund(someCase(facts), name, { cases, clock: atNoon });
    return held()?.tasks ?? [];
  };

  it("that was taken back becomes a task that only a person can end", async () => {
    expect(await named("refund.clawed_back", paid(15_900))).toMatchObject([
      { taskId: "refund_clawed_back", onlyByPerson: true },
    ]);
  });

  it("that finance paid beside the channel becomes a task until the channel's case is over", async () => {
    const outside = { at: "2026-11-25T12:00:00.000Z", amount: claimed, reference: "F-1" };
    const open: Partial<Facts> = {
      ...inState("received"),
      money: { status: "pending", claimed },
      paidOutside: outside,
    };
    expect(await named("refund.paid_outside", open)).toMatchObject([{ taskId: "paid_outside" }]);
    expect(await named("refund.paid_outside", { ...paid(15_900), paidOutside: outside })).toEqual([]);
  });

  it("of a part that was asked for is as asked", async () => {
    const part = { action: "agree_refund", status: "confirmed", args: { amount: { ...claimed, amountMinor: 5_000 } } };
    const subject = { ...someCase(paid(5_000)), commands: [part] } as never;
    const { cases, held } = holding(subject);
    await syncRefund(someCase(), "refund.observed", { cases, clock: atNoon });
    expect(held()?.tasks).toEqual([]);
  });
});
