import { describe, expect, it } from "vitest";
import { someCase } from "../../test/builders/case-builder.ts";
import { byLoss, byTime, expectedLossOf } from "./expected-loss.ts";
import { tenantRulesSchema } from "./tenant-rules.ts";

const rules = (given: object = {}) => tenantRulesSchema.parse(given);
const claim = (amountMinor: number, currency = "CNY") =>
  someCase({ money: { status: "pending", claimed: { amountMinor, currency } } });
const start = "2026-11-25T12:00:02.000Z";
const middle = "2026-11-26T12:00:01.000Z";

describe("expectedLossOf", () => {
  it("grows from nothing to the claim, with the time that has passed", () => {
    expect(expectedLossOf(claim(10_000), start, rules())?.amountMinor).toBe(0);
    expect(expectedLossOf(claim(10_000), middle, rules())?.amountMinor).toBe(5000);
    expect(expectedLossOf(claim(10_000), "2026-12-01T00:00:00.000Z", rules())?.amountMinor).toBe(10_000);
  });

  it.each([
    ["a fixed sum", { fixed: { amountMinor: 800, currency: "CNY" } }, 400],
    ["a share of the claim", { share: 0.1 }, 500],
  ])("follows the tenant's word: %s", (_, cost, amountMinor) => {
    const costs = rules({ breachCosts: [{ kind: "respond", cost }] });
    expect(expectedLossOf(claim(10_000), middle, costs)?.amountMinor).toBe(amountMinor);
  });

  it("knows no loss where no clock of the merchant's runs", () => {
    expect(expectedLossOf(someCase({ deadlines: [] }), middle, rules())).toBeUndefined();
  });
});

describe("the order of a worklist", () => {
  const [small, large, dollars] = [claim(100), claim(90_000), claim(20_000, "USD")];
  const soon = { ...small, deadlines: small.deadlines.map((each) => ({ ...each, dueAt: "2026-11-27T00:00:00.000Z" })) };

  it("by loss puts the largest first, in the tenant's own money", () => {
    expect(byLoss([small, large, dollars], middle, rules())).toEqual([large, dollars, small]);
    expect(byLoss([small, large, dollars], middle, rules({ worth: { USD: 7 } }))).toEqual([dollars, large, small]);
  });

  it("by time puts the nearest end first", () => {
    expect(byTime([large, someCase({ deadlines: [] }), soon])[0]).toBe(soon);
    expect(byTime([someCase({ deadlines: [] }), large])[0]).toBe(large);
  });
});
