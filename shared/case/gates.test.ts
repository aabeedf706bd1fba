import { describe, expect, it } from "vitest";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import { actPolicy } from "./act-policy.ts";
import type { Case } from "./case.ts";
import { markSent, plan } from "./commands.ts";
import { type Around, type GateName, gates, type Intent, type Stop } from "./gates.ts";
import type { Facts } from "./observation.ts";
import type { Refused } from "./refused.ts";
import { defaultLimits, type WriteLimits } from "./write-limits.ts";

const now = "2026-11-25T13:00:00.000Z";
const cny = (amountMinor: number) => ({ amountMinor, currency: "CNY" });
const money = (parts: Partial<Facts["money"]>): Partial<Facts> => ({
  money: { status: "pending", claimed: cny(15_900), ...parts },
});
const sending: Around["sending"] = { now, readAt: now };
const limits = (parts: Partial<WriteLimits>): Around => ({ limits: { ...defaultLimits, ...parts }, sending });
const pays = (args: Intent["args"] = {}, rest: Partial<Intent> = {}): Intent => ({
  action: "agree_refund",
  args,
  askedBy: "person:ann",
  ...rest,
});
const inspected = (received: number): Partial<Facts> => ({
  goods: { status: "returned", lines: [{ lineId: "1", sku: "A", requested: 3, unitPaid: cny(5_000) }] },
  inspection: {
    ...{ at: now, result: "accepted_partial", photos: [] },
    lines: [{ sku: "A", expected: 3, received, accepted: received, damaged: 0, missing: 3 - received }],
  },
});
const refundOnly = { type: { known: true, value: "refund_only", raw: "2" } } as const;

function withCommand(action: Intent["action"], facts: Partial<Facts> = {}): Case {
  const answer = plan(someCase(facts), {
    action,
    args: {},
    askedBy: "person:ann",
    mode: "auto",
    decidedOnVersion: 1,
    now,
  });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.next;
}
const paying = markSent(withCommand("agree_refund"), "agree_refund-2", now) ?? someCase();
const clock = { kind: "respond", source: { from: "channel", field: "x" }, onExpiry: "auto_refund" } as const;
const due = (dueAt: string): Partial<Facts> => ({ deadlines: [{ ...clock, dueAt }] });

type Row = [gate: GateName, what: string, outcome: Refused | "open" | "waits", Case, Intent, Around];

/** Each gate alone: what stops it, and what it lets through. */
const rows: Row[] = [
  ["shop_may_write", "a shop that observes", "shop_observes_only", someCase(), pays(), { mode: "observe" }],
  ["shop_may_write", "a shop in auto", "open", someCase(), pays(), { mode: "auto" }],
  ["read_freshly", "no reading", "not_read_freshly", someCase(), pays(), { sending: { now, readAt: undefined } }],
  [
    ...(["read_freshly", "a reading of three minutes ago", "not_read_freshly", someCase(), pays()] as const),
    { sending: { now, readAt: "2026-11-25T12:57:00.000Z" } },
  ],
  ["read_freshly", "a reading of just now", "open", someCase(), pays(), { sending }],
  ["same_version", "another version", "version_moved", someCase(), pays({}, { decidedOnVersion: 2 }), {}],
  [
    ...(["same_version", "the same second with another claim", "version_moved", someCase()] as const),
    ...([pays({}, { decidedOnVersion: 1, saw: { state: "requested", claimed: cny(1) } }), {}] as const),
  ],
  ["same_version", "the same version", "open", someCase(), pays({}, { decidedOnVersion: 1 }), {}],
  ["state_known", "an unknown status", "state_unknown", someCase({ state: { known: false, raw: "77" } }), pays(), {}],
  ["state_known", "an unknown type", "state_unknown", someCase({ type: { known: false, raw: "77" } }), pays(), {}],
  ["state_known", "a known case", "open", someCase(), pays(), {}],
  ["state_allows", "a closed case", "not_allowed_from_state", someCase(inState("closed")), pays(), {}],
  ["state_allows", "a request", "open", someCase(), pays(), {}],
  [
    ...(["clock_still_stands", "a rule whose clock has gone", "deadline_moved", someCase()] as const),
    ...([pays({}, { askedBy: actPolicy }), { sending }] as const),
  ],
  ["clock_still_stands", "a person", "open", someCase(), pays(), { sending }],
  [
    "asked_once",
    "the same asked before",
    "already_asked",
    withCommand("agree_return"),
    { ...pays(), action: "agree_return" },
    {},
  ],
  ["asked_once", "itself", "open", paying, pays({}, { self: "agree_refund-2" }), {}],
  ["one_payment_at_a_time", "a payment on its way", "already_asked", paying, pays(), {}],
  ["one_payment_at_a_time", "another action open", "open", withCommand("agree_return"), pays(), {}],
  [
    ...(["channel_offers", "what the API has not", "not_offered", someCase(), pays()] as const),
    { channel: { offered: false, needs: [], wholeClaimOnly: false } },
  ],
  [
    ...(["arguments_given", "an address missing", "argument_missing", someCase(), pays()] as const),
    { channel: { offered: true, needs: ["addressId"], wholeClaimOnly: false } },
  ],
  [
    "address_known",
    "another shop's address",
    "address_unknown",
    someCase(),
    pays({ addressId: "9" }),
    { addresses: ["1"] },
  ],
  ["address_known", "its own address", "open", someCase(), pays({ addressId: "1" }), { addresses: ["1"] }],
  [
    ...(["not_disputed", "an arbitration", "disputed"] as const),
    ...([someCase({ dispute: { status: { known: true, value: "under_review", raw: "1" } } }), pays(), {}] as const),
  ],
  [
    ...(["not_disputed", "an unknown dispute", "disputed"] as const),
    ...([someCase({ dispute: { status: { known: false, raw: "9" } } }), pays(), {}] as const),
  ],
  ["not_disputed", "no dispute", "open", someCase(), pays(), {}],
  ["not_paid_already", "money on its way", "already_paid", someCase(money({ status: "moving" })), pays(), {}],
  ["not_paid_already", "money paid", "already_paid", someCase(money({ status: "paid" })), pays(), {}],
  [
    ...(["not_paid_already", "the platform's robot", "already_paid"] as const),
    ...([someCase(money({ executedBy: "platform_robot" })), pays(), {}] as const),
  ],
  [
    ...(["not_paid_already", "an advance of the platform", "already_paid"] as const),
    ...([someCase(money({ executedBy: "platform_advance" })), pays(), {}] as const),
  ],
  ["not_paid_already", "money settled", "already_paid", someCase(money({ settled: cny(1) })), pays(), {}],
  [
    ...(["not_paid_already", "what finance paid outside", "already_paid"] as const),
    ...([someCase({ paidOutside: { at: now, amount: cny(1), reference: "F1" } }), pays(), {}] as const),
  ],
  ["not_paid_already", "a refund that failed", "open", someCase(money({ status: "failed" })), pays(), {}],
  [
    ...(["failed_before_again", "a refund that moves", "refund_not_failed"] as const),
    ...([someCase({ ...inState("refunding"), ...money({ status: "pending" }) }), pays(), {}] as const),
  ],
  [
    ...(["failed_before_again", "a refund that failed", "open"] as const),
    ...([someCase({ ...inState("refunding"), ...money({ status: "failed" }) }), pays(), {}] as const),
  ],
  [
    "amount_in_order",
    "no amount at all",
    "amount_missing_or_wrong",
    someCase(money({ claimed: undefined })),
    pays(),
    {},
  ],
  ["amount_in_order", "nothing", "amount_missing_or_wrong", someCase(), pays({ amount: cny(0) }), {}],
  ["amount_in_order", "less than nothing", "amount_missing_or_wrong", someCase(), pays({ amount: cny(-1) }), {}],
  ["amount_in_order", "a fraction", "amount_missing_or_wrong", someCase(), pays({ amount: cny(0.5) }), {}],
  [
    ...(["amount_in_order", "another currency", "amount_missing_or_wrong", someCase()] as const),
    ...([pays({ amount: { amountMinor: 5, currency: "USD" } }), {}] as const),
  ],
  ["amount_in_order", "the claim", "open", someCase(), pays({ amount: cny(15_900) }), {}],
  ["amount_within_ceiling", "more than claimed", "amount_above_ceiling", someCase(), pays({ amount: cny(15_901) }), {}],
  [
    ...(["amount_within_ceiling", "more than the channel's ceiling", "amount_above_ceiling"] as const),
    ...([someCase(money({ ceiling: cny(100) })), pays(), {}] as const),
  ],
  ["amount_within_ceiling", "three units when two came", "amount_above_ceiling", someCase(inspected(2)), pays(), {}],
  [
    "amount_within_ceiling",
    "two units when two came",
    "open",
    someCase(inspected(2)),
    pays({ amount: cny(10_000) }),
    {},
  ],
  [
    ...(["whole_or_partial", "a part where the channel takes none", "partial_not_taken", someCase()] as const),
    ...([pays({ amount: cny(5) }), { channel: { offered: true, needs: [], wholeClaimOnly: true } }] as const),
  ],
  [
    ...(["whole_or_partial", "a part that a rule made up", "partial_not_by_rule", someCase()] as const),
    ...([pays({ amount: cny(5) }, { askedBy: "policy:x" }), {}] as const),
  ],
  [
    ...(["whole_or_partial", "a part that was counted", "open", someCase(inspected(2))] as const),
    ...([pays({ amount: cny(10_000) }, { askedBy: "policy:x" }), {}] as const),
  ],
  ["whole_or_partial", "a part that a person wants", "open", someCase(), pays({ amount: cny(5) }), {}],
  [
    ...(["not_shipped_meanwhile", "shipped since the decision", "shipped_meanwhile"] as const),
    ...([
      someCase({ ...refundOnly, shipped: true }),
      pays({}, { saw: { state: "requested", shipped: false } }),
      {},
    ] as const),
  ],
  [
    ...(["not_shipped_meanwhile", "a rule that pays for what has left", "shipped_meanwhile"] as const),
    ...([someCase({ ...refundOnly, shipped: true }), pays({}, { askedBy: "policy:x" }), {}] as const),
  ],
  [
    ...(["not_shipped_meanwhile", "what has not been shipped", "open"] as const),
    ...([someCase({ ...refundOnly, shipped: false }), pays({}, { askedBy: "policy:x" }), {}] as const),
  ],
  [
    "approved_by_two",
    "one person's part",
    "second_approval_missing",
    someCase(),
    pays({ amount: cny(5) }, { approvedBy: ["a"] }),
    limits({}),
  ],
  [
    ...(["approved_by_two", "a large amount nobody agreed to", "second_approval_missing", someCase()] as const),
    ...([pays(), limits({ twoPeopleAboveMinor: { CNY: 15_899 } })] as const),
  ],
  [
    "approved_by_two",
    "two people's part",
    "open",
    someCase(),
    pays({ amount: cny(5) }, { approvedBy: ["a", "b"] }),
    limits({}),
  ],
  [
    "approved_by_two",
    "the same person twice",
    "second_approval_missing",
    someCase(),
    pays({ amount: cny(5) }, { approvedBy: ["a", "a"] }),
    limits({}),
  ],
  [
    "approved_by_two",
    "the whole claim below the amount",
    "open",
    someCase(),
    pays(),
    limits({ twoPeopleAboveMinor: { CNY: 15_900 } }),
  ],
  [
    ...(["outside_quiet_hours", "a rule at night", "waits", someCase()] as const),
    // 21:00 in Shanghai.
    ...([pays({}, { askedBy: "policy:x" }), limits({ quiet: { from: "20:00", to: "08:00" } })] as const),
  ],
  [
    "outside_quiet_hours",
    "a person at night",
    "open",
    someCase(),
    pays(),
    limits({ quiet: { from: "20:00", to: "08:00" } }),
  ],
  [
    ...(["outside_quiet_hours", "a rule at night with half an hour left", "open"] as const),
    ...([someCase(due("2026-11-25T13:30:00.000Z")), pays({}, { askedBy: "policy:x" })] as const),
    limits({ quiet: { from: "20:00", to: "08:00" } }),
  ],
  [
    "outside_quiet_hours",
    "a rule by day",
    "open",
    someCase(),
    pays({}, { askedBy: "policy:x" }),
    limits({ quiet: { from: "23:00", to: "08:00" } }),
  ],
  [
    ...(["within_daily_cap", "one refund too many", "daily_cap_reached", someCase(), pays()] as const),
    { ...limits({ dailyRefunds: 5 }), today: { refunds: 5, amountMinor: 0 } },
  ],
  [
    ...(["within_daily_cap", "one cent too many", "daily_cap_reached", someCase(), pays()] as const),
    { ...limits({ dailyAmountMinor: { CNY: 20_000 } }), today: { refunds: 1, amountMinor: 4_101 } },
  ],
  [
    ...(["within_daily_cap", "the last cent", "open", someCase(), pays()] as const),
    { ...limits({ dailyAmountMinor: { CNY: 20_000 } }), today: { refunds: 1, amountMinor: 4_100 } },
  ],
];

describe("each gate alone", () => {
  it.each(rows)("%s: %s — %s", (name, _, outcome, subject, intent, around) => {
    const gate: (...args: [Case, Intent, Around]) => Stop | undefined = gates[name];
    const stop = gate(subject, intent, around);
    const seen = stop === undefined ? "open" : "refused" in stop ? stop.refused : "waits";
    expect(seen).toBe(outcome);
  });

  it("is tested both ways", () => {
    const stopped = new Set(rows.filter(([, , outcome]) => outcome !== "open").map(([name]) => name));
    expect(Object.keys(gates).filter((name) => !stopped.has(name as GateName))).toEqual([]);
  });
});
