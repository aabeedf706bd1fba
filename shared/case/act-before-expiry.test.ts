import { describe, expect, it } from "vitest";
import { afterwards, inState, names, someFacts, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import type { Moment } from "./act-before-expiry.ts";
import { stillStands } from "./act-policy.ts";
import type { Case } from "./case.ts";
import { type ClockRules, defaultClockRules } from "./clock-rules.ts";
import type { Facts } from "./observation.ts";
import { observe } from "./observe.ts";
import { ring } from "./ring.ts";
import { tenantRulesSchema } from "./tenant-rules.ts";

const act = { id: "returns", kind: "respond", answer: "agree_return" };
const rules = (given: object = {}): ClockRules => ({
  ...defaultClockRules,
  rules: tenantRulesSchema.parse({ acts: [act], ...given }),
});
const lastHour = "2026-11-27T11:00:00.000Z";
const address = { addressId: "1001", label: "warehouse", isDefault: true };

function opened(facts: Partial<Facts> = {}, clockRules = rules()): Case {
  const observed = observe(undefined, someObservation(1, facts), tenantId, { clockRules });
  if (observed.kind !== "opened") throw new Error(observed.kind);
  return observed.next;
}

function moment(parts: Partial<Moment> = {}): Moment {
  const needs = () => ["addressId"] as const;
  return {
    now: lastHour,
    isFresh: true,
    clockRules: rules(),
    shop: { mode: "auto", addresses: [address] },
    needs,
    ...parts,
  };
}
const rung = (subject: Case, parts: Partial<Moment> = {}) => {
  const next = ring(subject, moment(parts));
  if (!next) throw new Error("nothing to say");
  return next;
};

describe("answering before a clock runs out", () => {
  it("plans the answer in the last hour, with its address and the reason why", () => {
    const next = rung(opened());
    expect(names(next)).toEqual(["deadline.approaching", "decision.made", "command.planned"]);
    expect(next.commands[0]).toMatchObject({
      action: "agree_return",
      args: { addressId: "1001" },
      askedBy: "policy:act_before_expiry",
      status: "planned",
    });
    expect(next.decision).toMatchObject({ rule: "act_before_expiry:returns", shadow: false });
    expect(next.news[1]?.data).toMatchObject({
      why: expect.stringContaining("2026-11-27T12:00:00.000Z (auto_approve)"),
    });
  });

  it("does so once", () => {
    const next = rung(opened());
    expect(ring(next, moment({ now: "2026-11-27T11:05:00.000Z" }))?.commands ?? next.commands).toHaveLength(1);
  });

  it("waits for its rung", () => {
    const half = ring(opened(), moment({ now: "2026-11-26T12:00:05.000Z" }));
    expect(half && names(half)).toEqual(["deadline.approaching"]);
    const early = opened({}, rules({ acts: [{ ...act, at: "share_40" }] }));
    const clockRules = rules({ acts: [{ ...act, at: "share_40" }] });
    expect(names(rung(early, { now: "2026-11-26T08:00:00.000Z", clockRules }))).toContain("command.planned");
  });

  const policyClock = { deadlines: [], type: { known: true, value: "refund_only", raw: "1" } } as const;
  it.each<[string, Partial<Facts>, Partial<Moment>, string]>([
    ["the shop is in mode assist", {}, { shop: { mode: "assist", addresses: [address] } }, "mode assist"],
    ["the shop only observes", {}, { shop: { mode: "observe", addresses: [address] } }, "mode observe"],
    ["no address is known", {}, { shop: { mode: "auto", addresses: [] } }, "addressId"],
    ["there is a dispute", { dispute: { status: { known: true, value: "under_review", raw: "1" } } }, {}, "dispute"],
    ["the type is unknown", { type: { known: false, raw: "42" } }, {}, "not known"],
    ["the case is marked for review", { flags: ["needs_review"] }, {}, "needs_review"],
    ["the reason needs a person", { reason: { code: "description.counterfeit", rawCode: "9" } }, {}, "person"],
  ])("tells a person instead when %s", (_, facts, parts, why) => {
    const next = rung(opened(facts), parts);
    expect(names(next)).toEqual(["deadline.approaching", "deadline.escalated"]);
    expect(next.news[1]?.data).toMatchObject({ rule: "returns", why: expect.stringContaining(why) });
    expect(next.commands).toEqual([]);
  });

  it("waits while the channel cannot be read, tells it once, and answers when it can again", () => {
    const blind = rung(opened(), { isFresh: false });
    expect(names(blind)).toEqual(["deadline.approaching", "deadline.escalated"]);
    const again = rung(blind, { isFresh: false, now: "2026-11-27T11:05:00.000Z" });
    expect(again.news).toEqual([]);
    expect(names(rung(again, { now: "2026-11-27T11:10:00.000Z" }))).toContain("command.planned");
  });

  it("is not for an estimate, a promise of the merchant's own, or an end nobody knows", () => {
    const estimate = { ...policyClock, goods: { status: "with_buyer" as const } };
    for (const facts of [
      estimate,
      { deadlines: [] },
      { deadlines: [{ ...someFacts().deadlines[0], onExpiry: "unknown" }] },
    ]) {
      const clocks = opened(
        facts as Partial<Facts>,
        rules({ acts: [{ ...act, answer: "agree_refund" }, act] }),
      ).deadlines;
      expect(clocks.map(({ act: planned }) => planned)).toEqual([undefined]);
    }
  });

  it("leaves claims above the tenant's limit, other reasons and other types to people", () => {
    for (const narrow of [
      { upTo: { amountMinor: 15_899, currency: "CNY" } },
      { upTo: { amountMinor: 99_999, currency: "USD" } },
      { reasonGroups: ["quality"] },
      { types: ["exchange"] },
      { channels: ["taobao"] },
    ]) {
      expect(opened({}, rules({ acts: [{ ...act, ...narrow }] })).deadlines[0]?.act).toBeUndefined();
    }
  });

  it("never refuses, whatever the rules say", () => {
    expect(tenantRulesSchema.safeParse({ acts: [{ ...act, answer: "refuse" }] }).success).toBe(false);
  });

  it("waits while the platform's clocks stand still", () => {
    const pause = {
      channel: "douyin",
      from: lastHour,
      until: "2026-11-27T11:40:00.000Z",
      link: "https://example.com",
      readOn: "2026-11-20",
    };
    const clockRules = rules({ pauses: [pause] });
    const inside = ring(opened(), moment({ clockRules }));
    expect(inside?.commands ?? []).toEqual([]);
    const after = rung(inside ?? opened(), { clockRules, now: "2026-11-27T11:40:00.000Z" });
    expect(names(after)).toContain("command.planned");
  });
});

describe("a command of this policy", () => {
  it("no longer stands once its clock has moved", () => {
    const next = rung(opened());
    const command = next.commands[0] as Case["commands"][number];
    expect(stillStands(next, command, "2026-11-27T11:00:05.000Z")).toBe(true);
    expect(stillStands(next, command, "2026-11-27T12:00:00.000Z")).toBe(false);
    const deadlines = someFacts().deadlines.map((each) => ({ ...each, dueAt: "2026-11-29T12:00:00.000Z" }));
    const moved = afterwards(next, 2, { deadlines });
    expect(stillStands(moved, command, "2026-11-27T11:00:05.000Z")).toBe(false);
    expect(stillStands(afterwards(next, 2, { ...inState("approved"), deadlines: [] }), command, lastHour)).toBe(false);
  });
});
