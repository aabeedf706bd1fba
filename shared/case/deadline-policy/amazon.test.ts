import { describe, expect, it } from "vitest";
import { inState, someFacts } from "../../../test/builders/case-builder.ts";
import { defaultClockRules } from "../clock-rules.ts";
import { clocksOf } from "../derive-clocks.ts";
import type { Facts } from "../observation.ts";
import { isTimeZone } from "../zoned.ts";
import { amazonRows } from "./amazon.ts";
import { storeTimeZones } from "./amazon-zones.ts";

const clocks = (facts: Partial<Facts>) =>
  clocksOf(someFacts({ deadlines: [], ...facts }), { channel: "amazon", shopId: "1" }, defaultClockRules);
/** The day and rule of the time to refund. `returnedAt` is the local midnight that the report's day began with. */
const refundOf = (market: string, returnedAt: string) =>
  clocks({ ...inState("received"), market, returnedAt, openedAt: "2025-10-01T00:00:00.000Z" })
    .filter(({ kind }) => kind === "refund")
    .map(({ dueAt, source }) => [dueAt, source.from === "policy" && source.policyId]);

describe("four days of the calendar in the US", () => {
  it.each([
    ["in winter", "2026-02-03T08:00:00.000Z", "2026-02-07T08:00:00.000Z"],
    ["in summer", "2026-07-03T07:00:00.000Z", "2026-07-07T07:00:00.000Z"],
    ["over the change to summer time, an hour shorter", "2026-03-06T08:00:00.000Z", "2026-03-10T07:00:00.000Z"],
    ["from the very day of it", "2026-03-08T08:00:00.000Z", "2026-03-12T07:00:00.000Z"],
    ["over the change back, an hour longer", "2026-10-30T07:00:00.000Z", "2026-11-03T08:00:00.000Z"],
    ["until the very day of it", "2026-10-28T07:00:00.000Z", "2026-11-01T07:00:00.000Z"],
    ["over the end of the year", "2026-12-30T08:00:00.000Z", "2027-01-03T08:00:00.000Z"],
    ["from a time of the day, to the same time", "2026-03-06T20:15:00.000Z", "2026-03-10T19:15:00.000Z"],
  ])("end with the store's days: %s", (_, returnedAt, dueAt) => {
    expect(refundOf("US", returnedAt)).toEqual([[dueAt, "amazon.refund_us"]]);
  });
});

describe("Amazon's change of 2026-01-26", () => {
  it.each([
    // Until a second before midnight in the store, although it is the 26th in UTC already.
    ["before", "2026-01-26T07:59:59.000Z", "2026-01-28T07:59:59.000Z", "amazon.refund_us_until_2026"],
    ["at", "2026-01-26T08:00:00.000Z", "2026-01-30T08:00:00.000Z", "amazon.refund_us"],
  ])("holds %s the local midnight with which the day begins", (_, returnedAt, dueAt, rule) => {
    expect(refundOf("US", returnedAt)).toEqual([[dueAt, rule]]);
  });
});

describe("two business days elsewhere", () => {
  it.each([
    ["a weekend in Germany", "DE", "2026-02-05T23:00:00.000Z", "2026-02-09T23:00:00.000Z"],
    ["Europe's change to summer time", "DE", "2026-03-26T23:00:00.000Z", "2026-03-30T22:00:00.000Z"],
    ["Europe's change back", "GB", "2026-10-22T23:00:00.000Z", "2026-10-27T00:00:00.000Z"],
    ["a Friday in Japan that is a Thursday in UTC", "JP", "2026-02-05T15:00:00.000Z", "2026-02-09T15:00:00.000Z"],
    ["the south's change back", "AU", "2026-04-02T13:00:00.000Z", "2026-04-06T14:00:00.000Z"],
  ])("are days of the store, over %s", (_, market, returnedAt, dueAt) => {
    expect(refundOf(market, returnedAt)).toEqual([[dueAt, "amazon.refund_elsewhere"]]);
  });
});

describe("what may be asked of Amazon once it has paid", () => {
  const usd = { amountMinor: 3100, currency: "USD" };
  const paidBy = (executedBy: "platform_robot" | "merchant", settledAt?: string): Pick<Facts, "money"> => ({
    money: { status: "paid", settled: usd, executedBy, ...(settledAt && { settledAt }) },
  });
  const paid = { ...inState("refunded"), waitingOn: "nobody", market: "US" } as const;
  const rights = (facts: Partial<Facts>) =>
    clocks({ ...paid, ...facts }).map(({ kind, dueAt, source }) => [
      kind,
      dueAt,
      source.from === "policy" && `${source.policyId} ${source.confidence}`,
    ]);

  it.each([
    ["until the eve", "2026-02-16T07:59:59.000Z", "2026-04-17T06:59:59.000Z", "amazon.safet_us_until_2026 B"],
    // Thirty days of the calendar, one of them an hour shorter.
    ["from its midnight", "2026-02-16T08:00:00.000Z", "2026-03-18T07:00:00.000Z", "amazon.safet_us B"],
  ])("is a SAFE-T claim, sixty days before 2026-02-16 and thirty since: %s", (_, settledAt, dueAt, rule) => {
    expect(rights(paidBy("platform_robot", settledAt))).toEqual([["claim_back", dueAt, rule]]);
  });

  it("counts from the return where that came later than the money", () => {
    const money = paidBy("platform_robot", "2026-05-01T10:00:00.000Z");
    const due = (returnedAt?: string) => rights({ ...money, ...(returnedAt && { returnedAt }) })[0]?.[1];
    expect(due()).toBe("2026-05-31T10:00:00.000Z");
    expect(due("2026-05-20T07:00:00.000Z")).toBe("2026-06-19T07:00:00.000Z");
    expect(due("2026-04-20T07:00:00.000Z")).toBe("2026-05-31T10:00:00.000Z");
  });

  it("is a week from the return in the Emirates, and nothing before it", () => {
    const facts = { ...paidBy("platform_robot", "2026-05-01T10:00:00.000Z"), market: "AE" };
    expect(rights(facts)).toEqual([]);
    expect(rights({ ...facts, returnedAt: "2026-05-19T20:00:00.000Z" })).toEqual([
      ["claim_back", "2026-05-26T20:00:00.000Z", "amazon.safet_ae A"],
    ]);
  });

  it.each<[string, Partial<Facts>]>([
    ["the merchant paid", paidBy("merchant", "2026-05-01T10:00:00.000Z")],
    ["nothing proves when", paidBy("platform_robot")],
    ["it was Amazon's order", { ...paidBy("platform_robot", "2026-05-01T10:00:00.000Z"), flags: ["not_actionable"] }],
    ["no rule is known for the store", { ...paidBy("platform_robot", "2026-05-01T10:00:00.000Z"), market: "DE" }],
    ["it has been filed", { ...paidBy("platform_robot", "2026-05-01T10:00:00.000Z"), reclaim: { claimId: "5" } }],
    ["the case was closed", { ...paidBy("platform_robot", "2026-05-01T10:00:00.000Z"), ...inState("closed") }],
  ])("is nothing where %s", (_, facts) => {
    expect(rights(facts)).toEqual([]);
  });

  it("is an appeal where a claim was granted, and in India too", () => {
    const dispute = { status: { known: true, value: "decided_for_buyer", raw: "GuaranteeClaimEvent" } } as const;
    const granted = { ...paidBy("platform_robot", "2026-10-15T10:00:00.000Z"), dispute };
    // Thirty days, one of them an hour longer.
    expect(rights(granted)).toEqual([["appeal", "2026-11-14T11:00:00.000Z", "amazon.claim_appeal A"]]);
    expect(rights({ ...granted, market: "IN" })).toEqual([
      ["appeal", "2026-11-14T10:00:00.000Z", "amazon.claim_appeal A"],
    ]);
    expect(rights({ ...granted, market: "GB" })).toEqual([]);
  });
});

it("a day and two days to answer are hours, also when the clocks change", () => {
  const asked = clocks({ ...inState("requested"), market: "US", openedAt: "2026-03-07T20:00:00.000Z" });
  expect(asked.map(({ kind, dueAt }) => [kind, dueAt]).sort()).toEqual([
    ["first_response", "2026-03-08T20:00:00.000Z"],
    ["respond", "2026-03-09T20:00:00.000Z"],
  ]);
});

it("every store has a zone that the machine knows, and every rule follows it", () => {
  expect(Object.keys(storeTimeZones)).toHaveLength(23);
  expect(Object.values(storeTimeZones).filter((zone) => !isTimeZone(zone))).toEqual([]);
  expect(amazonRows.filter(({ timeZones }) => timeZones !== storeTimeZones)).toEqual([]);
});
