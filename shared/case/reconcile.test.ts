import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { names, someCase } from "../../test/builders/case-builder.ts";
import { ceilingOf } from "./ceiling.ts";
import type { Facts } from "./observation.ts";
import { mismatchOf, partsAddUp, recordMismatch } from "./reconcile.ts";

const now = "2026-11-26T03:00:00.000Z";
const cny = (amountMinor: number) => ({ amountMinor, currency: "CNY" });
const money = (parts: Partial<Facts["money"]>): Partial<Facts> => ({
  money: { status: "paid", claimed: cny(100), ...parts },
});

describe("our money and the channel's", () => {
  const paid = someCase(money({ settled: cny(100) }));
  it.each([
    ["agree", money({ settled: cny(100) }), false],
    ["differ in what was paid", money({ settled: cny(90) }), true],
    ["differ in where it is", money({ status: "moving" }), true],
    [
      "differ, but only since a moment ago",
      { ...money({ settled: cny(90), settledAt: "2026-11-26T02:50:00.000Z" }) },
      false,
    ],
    ["cannot be compared", {}, false],
  ])("%s", (_, theirs, isMismatch) => {
    expect(mismatchOf(paid, theirs, now) !== undefined).toBe(isMismatch);
  });

  it("that differ are told, and a person is asked where we took another amount for paid", () => {
    const mismatch = mismatchOf(paid, money({ settled: cny(90) }), now);
    const next = mismatch && recordMismatch(paid, mismatch, now);
    expect(next && names(next)).toEqual(["refund.mismatched", "task.opened"]);
    expect(next?.tasks[0]?.what).toContain("We held paid 1.00 CNY, and the channel shows paid 0.90 CNY.");
    const moving = someCase(money({ status: "moving" }));
    const late = mismatchOf(moving, money({ settled: cny(100) }), now);
    expect(late && names(recordMismatch(moving, late, now))).toEqual(["refund.mismatched"]);
  });
});

const amount = fc.integer({ min: 0, max: 1_000_000_00 });
const kind = fc.constantFrom("goods", "outbound_freight", "return_freight", "tax", "compensation");

describe("conservation", () => {
  it("holds for any split of a sum, and for no other sum", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ kind, amountMinor: amount }), { minLength: 1, maxLength: 20 }),
        amount,
        (split, fee) => {
          const parts = split.map(({ kind, amountMinor }) => ({
            ...{ kind, ledger: "merchant" as const, amount: cny(amountMinor), status: "confirmed" as const },
          }));
          const withFee = [
            ...parts,
            { kind: "fee" as const, ledger: "buyer" as const, amount: cny(fee), status: "confirmed" as const },
          ];
          const total = split.reduce((sum, each) => sum + each.amountMinor, 0) - fee;
          expect(partsAddUp({ status: "paid", settled: cny(total), parts: withFee })).toBe(true);
          expect(partsAddUp({ status: "paid", settled: cny(total + 1), parts: withFee })).toBe(false);
        },
      ),
    );
  });

  it("never lets the ceiling be above what the channel, the buyer or the count allow, and keeps it an integer", () => {
    const line = fc.record({
      requested: fc.integer({ min: 1, max: 50 }),
      received: fc.integer({ min: 0, max: 60 }),
      unit: amount,
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        amount,
        amount,
        amount,
        (lines, claimed, ceiling, freight) => {
          const facts = someCase({
            money: {
              ...{ status: "pending", claimed: cny(claimed), ceiling: cny(ceiling) },
              parts: [{ kind: "return_freight", ledger: "merchant", amount: cny(freight), status: "expected" }],
            },
            goods: {
              lines: lines.map(({ requested, received, unit }, place) => ({
                lineId: `${place}`,
                requested,
                received,
                unitPaid: cny(unit),
              })),
            },
          }).facts;
          const counted = lines.reduce(
            (sum, { requested, received, unit }) => sum + Math.min(requested, received) * unit,
            freight,
          );
          const isCounted = lines.some(({ received }) => received > 0);
          const limit = ceilingOf(facts)?.amountMinor ?? -1;
          expect(limit).toBe(Math.min(claimed, ceiling, isCounted ? counted : Number.POSITIVE_INFINITY));
          expect(Number.isSafeInteger(limit)).toBe(true);
        },
      ),
    );
  });
});
