import * as fc from "fast-check";
import { expect, it } from "vitest";
import { authorizationMinutes } from "#shared/authorization-link.ts";
import { type EndingKind, endOf, itemTerms } from "./retention.ts";

const kinds = (Object.keys(itemTerms) as (keyof typeof itemTerms)[]).filter(
  (kind): kind is EndingKind => "days" in itemTerms[kind],
);
const anyTime = fc.date({ min: new Date("2020-01-01"), max: new Date("2080-01-01"), noInvalidDate: true });

it.each(kinds)("%s ends in a whole second, never before its days are over, and within a second after", (kind) => {
  const days = itemTerms[kind].days;
  fc.assert(
    fc.property(anyTime, (from) => {
      const end = endOf(kind, from);
      const overMs = end * 1000 - (from.getTime() + days * 86_400_000);
      expect(Number.isInteger(end)).toBe(true);
      // A day's share of minutes is no whole number of milliseconds.
      expect(overMs).toBeGreaterThan(-0.001);
      expect(overMs).toBeLessThan(1000.001);
      expect(endOf(kind, from.toISOString())).toBe(end);
    }),
  );
});

it("keeps marks of what has been done for thirty days at least, and a link as long as it opens", () => {
  expect(itemTerms.inbound_mark.days).toBeGreaterThanOrEqual(30);
  expect(itemTerms.authorization.days * 1440).toBeCloseTo(authorizationMinutes);
});

it("lets what leads to a case outlive it", () => {
  expect(itemTerms.reference.days).toBeGreaterThan(itemTerms.case.days);
});
