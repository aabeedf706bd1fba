import { expect, it } from "vitest";
import { caseOf } from "../../test/contract/case-of.ts";
import { clockTask } from "./clock-tasks.ts";
import { caseFile } from "./fixtures/build.ts";

const subject = caseOf(caseFile("return-claim-granted").observation);
const ofMarket = (market: string) => ({ ...subject, facts: { ...subject.facts, market } });

it("leads to the store's own page of SAFE-T claims", () => {
  expect(clockTask(subject, "claim_back")?.link).toBe("https://sellercentral.amazon.com/safet-claims");
  expect(clockTask(ofMarket("JP"), "claim_back")?.link).toBe("https://sellercentral.amazon.co.jp/safet-claims");
  expect(clockTask(ofMarket("DE"), "claim_back")?.link).toBe("https://sellercentral-europe.amazon.com/safet-claims");
});

it("leads to the order where the page of its claims is not known, and names it", () => {
  const orderId = subject.facts.orders[0]?.orderId ?? "none";
  for (const kind of ["evidence", "appeal"] as const) {
    const task = clockTask(subject, kind);
    expect(task?.link).toBe(`https://sellercentral.amazon.com/orders-v3/order/${orderId}`);
    expect(task?.what).toContain(orderId);
  }
});

it("tells a bank's question from a buyer's claim", () => {
  const charged = caseOf(caseFile("return-charged-back").observation);
  expect(clockTask(charged, "evidence")?.what).toContain("Chargeback Claims");
  expect(clockTask(subject, "evidence")?.what).toContain("A-to-z Guarantee Claims");
});

it("says nothing of a clock that our calls can answer", () => {
  expect(clockTask(subject, "refund")).toBeUndefined();
  expect(clockTask(subject, "respond")).toBeUndefined();
});
