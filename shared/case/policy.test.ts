import { describe, expect, it } from "vitest";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import type { Facts } from "./observation.ts";
import { decide, defaultPolicy, recordDecision } from "./policy.ts";

const asks = (facts: Partial<Facts>) => decide(someCase(facts), defaultPolicy)?.action;

describe("the default policy", () => {
  it("agrees to a no-reason return inside the window", () => {
    expect(asks({ deliveredAt: "2026-11-20T00:00:00.000Z" })).toBe("agree_return");
    expect(asks({})).toBe("agree_return");
  });

  it.each<[string, Partial<Facts>]>([
    ["outside the window", { deliveredAt: "2026-11-10T00:00:00.000Z" }],
    ["a quality complaint", { reason: { code: "quality.defect", rawCode: "8" } }],
    ["an unknown reason", { reason: { code: "unknown", rawCode: "999" } }],
    ["a refund without return", { type: { known: true, value: "refund_only", raw: "1" } }],
    ["an unknown type", { type: { known: false, raw: "42" } }],
    ["an unknown status", { state: { known: false, raw: "42" } }],
    ["a dispute", { dispute: { status: { known: true, value: "evidence_due", raw: "4" } } }],
    ["a case marked for review", { flags: ["needs_review"] }],
    ["goods that came back", inState("received")],
  ])("asks a person about %s", (_, facts) => {
    expect(asks(facts)).toBe("ask_person");
  });

  it("has nothing to say while another must act", () => {
    expect(asks({ waitingOn: "buyer" })).toBeUndefined();
    expect(asks({ flags: ["not_actionable"] })).toBeUndefined();
  });

  it("never refuses", () => {
    expect(defaultPolicy.rules.map(({ answer }) => answer)).not.toContain("refuse");
  });
});

describe("recordDecision", () => {
  const now = "2026-11-25T13:00:00.000Z";
  const decision = { action: "agree_return", rule: "r", why: "w" } as const;
  const record = (mode: "observe" | "auto") =>
    recordDecision(someCase(), { decision, policy: defaultPolicy, mode, now });

  it("marks what mode observe keeps from being done", () => {
    expect(record("observe")?.decision?.shadow).toBe(true);
    expect(record("auto")?.decision?.shadow).toBe(false);
  });

  it("records one decision per version", () => {
    const once = record("auto");
    expect(once && recordDecision(once, { decision, policy: defaultPolicy, mode: "auto", now })).toBeUndefined();
  });
});
