import { describe, expect, it } from "vitest";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import { type Action, actions, factsOf } from "./command.ts";
import { type Around, gates, type Intent } from "./gates.ts";
import { interlock, objection, stopOf, unguarded } from "./interlock.ts";
import type { Facts } from "./observation.ts";
import { refusedSentences } from "./refused.ts";
import { defaultLimits } from "./write-limits.ts";

const now = "2026-11-25T13:00:00.000Z";
const intent: Intent = { action: "agree_refund", args: {}, askedBy: "policy:x", decidedOnVersion: 1 };
const around: Around = {
  ...{ sending: { now, readAt: now }, mode: "auto", limits: defaultLimits, addresses: ["1"] },
  channel: { offered: true, needs: [], wholeClaimOnly: false },
  today: { refunds: 0, amountMinor: 0 },
};
const ceiling = { amountMinor: 5, currency: "CNY" };

/** What stops a payment that all other gates let through: taking any gate away lets one of these pass. */
const stops: [string, Partial<Facts>, Partial<Intent>, Partial<Around>][] = [
  ["shop_observes_only", {}, {}, { mode: "observe" }],
  ["not_read_freshly", {}, {}, { sending: { now, readAt: "2026-11-25T12:00:00.000Z" } }],
  ["version_moved", {}, { decidedOnVersion: 2 }, {}],
  ["state_unknown", { type: { known: false, raw: "77" } }, {}, {}],
  ["not_allowed_from_state", inState("rejected"), {}, {}],
  ["deadline_moved", {}, { askedBy: "policy:act_before_expiry" }, {}],
  ["not_offered", {}, {}, { channel: { offered: false, needs: [], wholeClaimOnly: false } }],
  ["argument_missing", {}, {}, { channel: { offered: true, needs: ["addressId"], wholeClaimOnly: false } }],
  ["address_unknown", {}, { args: { addressId: "2" } }, {}],
  ["disputed", { dispute: { status: { known: true, value: "evidence_due", raw: "1" } } }, {}, {}],
  ["already_paid", { money: { ...someCase().facts.money, executedBy: "platform_robot" } }, {}, {}],
  ["refund_not_failed", inState("refunding"), {}, {}],
  [
    "amount_missing_or_wrong",
    {},
    { args: { amount: { amountMinor: 0, currency: "CNY" } }, askedBy: "person:a", approvedBy: ["a", "b"] },
    {},
  ],
  ["amount_above_ceiling", { money: { ...someCase().facts.money, ceiling } }, {}, {}],
  [
    "partial_not_taken",
    {},
    { args: { amount: ceiling }, askedBy: "person:a", approvedBy: ["a", "b"] },
    { channel: { offered: true, needs: [], wholeClaimOnly: true } },
  ],
  ["shipped_meanwhile", { type: { known: true, value: "refund_only", raw: "1" } }, {}, {}],
  ["second_approval_missing", {}, {}, { limits: { ...defaultLimits, twoPeopleAboveMinor: { CNY: 1 } } }],
  ["daily_cap_reached", {}, {}, { limits: { ...defaultLimits, dailyRefunds: 0 } }],
];

describe("the interlock of a payment", () => {
  it("lets one pass that nothing speaks against", () => {
    expect(stopOf(someCase(), intent, around)).toBeUndefined();
  });

  it.each(stops)("stops with %s", (reason, facts, wish, circumstances) => {
    expect(objection(someCase(facts), { ...intent, ...wish }, { ...around, ...circumstances })).toBe(reason);
  });

  it("lets a rule wait through the quiet hours", () => {
    const limits = { ...defaultLimits, quiet: { from: "20:00", to: "08:30" } };
    // 21:00 in Shanghai; the quiet end at half past eight of its next morning.
    expect(stopOf(someCase(), intent, { ...around, limits })).toEqual({ waitUntil: "2026-11-26T00:30:00.000Z" });
  });

  it("stands before everything that moves money", () => {
    expect(unguarded()).toEqual([]);
    expect(Object.keys(actions).filter((action) => factsOf(action as Action).movesMoney)).toEqual([
      "agree_refund",
      "agree_refund_if_delivery_refused",
      "cancel_and_refund",
    ]);
  });

  it("stands before an order that is cancelled with its money, and asks two people where that is more than the claim", () => {
    const rejected = someCase({ ...inState("rejected"), money: { ...someCase().facts.money, status: "none" } });
    const { claimed } = rejected.facts.money;
    if (!claimed) throw new Error("nothing is claimed");
    const wish = { action: "cancel_and_refund", askedBy: "person:a", decidedOnVersion: 1 } as const;
    const more = { amount: { ...claimed, amountMinor: claimed.amountMinor + 490 } };
    expect(objection(rejected, { ...wish, args: {}, approvedBy: ["person:a"] }, around)).toBeUndefined();
    expect(objection(rejected, { ...wish, args: more, approvedBy: ["person:a"] }, around)).toBe(
      "second_approval_missing",
    );
    expect(objection(rejected, { ...wish, args: more, approvedBy: ["person:a", "person:b"] }, around)).toBeUndefined();
    for (const status of ["moving", "paid"] as const) {
      const paid = someCase({ ...inState("rejected"), money: { ...someCase().facts.money, status } });
      expect(objection(paid, { ...wish, args: {} }, around)).toBe("already_paid");
    }
    const disputed = {
      ...rejected.facts,
      dispute: { status: { known: true, value: "under_review", raw: "1" } },
    } as const;
    expect(objection(someCase(disputed), { ...wish, args: {} }, around)).toBe("disputed");
  });

  it("uses every gate there is", () => {
    const used = new Set<string>(Object.values(interlock).flat());
    expect(Object.keys(gates).filter((name) => !used.has(name))).toEqual([]);
  });

  it("has a sentence for every reason", () => {
    for (const sentence of Object.values(refusedSentences)) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  });
});
