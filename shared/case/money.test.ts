import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalOf, exponentOf, moneyOfDecimal, sumOf } from "./money.ts";

describe("money", () => {
  it.each([
    ["159.00", "CNY", 15_900],
    ["200.07", "CNY", 20_007],
    ["0.1", "USD", 10],
    ["10", "EUR", 1_000],
    ["89.990", "USD", 8_999],
    ["1200.0", "JPY", 1_200],
    ["1.234", "KWD", 1_234],
    ["-3.5", "USD", -350],
    ["-0.00", "USD", 0],
  ])("reads %s %s as %i minor units", (decimal, currency, amountMinor) => {
    expect(moneyOfDecimal(decimal, currency)).toEqual({ amountMinor, currency });
  });

  it.each([
    "1e3",
    "NaN",
    "",
    " 1",
    "1,000.00",
    "0x10",
    "1.",
    ".5",
    "99999999999999999",
    "1.005",
    "١",
  ])("refuses %j", (decimal) => {
    expect(() => moneyOfDecimal(decimal, "USD")).toThrow(RangeError);
  });

  it("refuses three decimals of a yen", () => {
    expect(() => moneyOfDecimal("1.001", "JPY")).toThrow("finer than the minor unit of JPY");
  });

  it("writes what it reads", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom("CNY", "JPY", "KWD"),
        (amountMinor, currency) => {
          const decimal = decimalOf({ amountMinor, currency });
          expect(moneyOfDecimal(decimal, currency)).toEqual({ amountMinor, currency });
          expect(decimal.split(".")[1]?.length ?? 0).toBe(exponentOf(currency));
        },
      ),
    );
  });

  it("does not add different currencies", () => {
    const amounts = [
      { amountMinor: 1, currency: "CNY" },
      { amountMinor: 1, currency: "USD" },
    ];
    expect(() => sumOf(amounts)).toThrow(RangeError);
    expect(sumOf([])).toBeUndefined();
  });
});
