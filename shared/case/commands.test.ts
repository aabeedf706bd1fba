import { describe, expect, it } from "vitest";
import { afterwards, inState, names, someCase } from "../../test/builders/case-builder.ts";
import type { Case } from "./case.ts";
import { approve, cancel, hold, markSent, objection, openTask, plan, resend, settle } from "./commands.ts";
import { factsHash } from "./fingerprint.ts";
import type { Facts } from "./observation.ts";
import { defaultLimits } from "./write-limits.ts";

const now = "2026-11-25T13:00:00.000Z";
const wish = { action: "agree_return", args: {}, askedBy: "policy:x", mode: "auto", decidedOnVersion: 1, now } as const;
const refundWish = { ...wish, action: "agree_refund" } as const;

function planned(subject: Case, request: Parameters<typeof plan>[1] = wish): Case {
  const answer = plan(subject, request);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.next;
}

function sent(subject: Case, id: string): Case {
  const next = markSent(subject, id, now);
  if (!next) throw new Error("not planned");
  return next;
}

describe("plan", () => {
  it("puts a planned command on the case in mode auto", () => {
    const next = planned(someCase());
    expect(next.commands[0]).toMatchObject({ commandId: "agree_return-2", status: "planned", decidedOnVersion: 1 });
    expect(names(next)).toEqual(["command.planned"]);
  });

  it("waits for a person in mode assist, and goes when the person agrees", () => {
    const next = planned(someCase(), { ...wish, mode: "assist" });
    expect(next.commands[0]?.status).toBe("proposed");
    expect(approve(next, "agree_return-2", "person:ann", now)).toMatchObject({
      ok: true,
      command: { status: "planned", askedBy: "person:ann", approvedBy: ["person:ann"] },
    });
  });

  it("takes a person's own command in mode assist at once", () => {
    expect(planned(someCase(), { ...wish, mode: "assist", askedBy: "person:ann" }).commands[0]?.status).toBe("planned");
  });

  const money = (parts: Partial<Facts["money"]>): Partial<Facts> => ({
    money: { status: "pending", claimed: { amountMinor: 100, currency: "CNY" }, ...parts },
  });
  const arbitration: Partial<Facts> = { dispute: { status: { known: true, value: "under_review", raw: "1" } } };
  it.each([
    ["shop_observes_only", someCase(), { ...wish, mode: "observe" }],
    ["version_moved", someCase(), { ...wish, decidedOnVersion: 9 }],
    ["not_allowed_from_state", someCase(inState("closed")), wish],
    ["state_unknown", someCase({ state: { known: false, raw: "77" } }), wish],
    ["state_unknown", someCase({ type: { known: false, raw: "77" } }), wish],
    ["already_asked", planned(someCase()), wish],
    ["already_asked", planned(someCase(), refundWish), refundWish],
    ["disputed", someCase(arbitration), refundWish],
    ["disputed", someCase({ dispute: { status: { known: false, raw: "9" } } }), refundWish],
    ["already_paid", someCase(money({ status: "moving" })), refundWish],
    ["already_paid", someCase(money({ status: "paid" })), refundWish],
    ["amount_missing_or_wrong", someCase(money({ claimed: undefined })), refundWish],
    ["amount_missing_or_wrong", someCase(), { ...refundWish, args: { amount: { amountMinor: 0, currency: "CNY" } } }],
    ["amount_missing_or_wrong", someCase(), { ...refundWish, args: { amount: { amountMinor: 5, currency: "USD" } } }],
    ["amount_above_ceiling", someCase(), { ...refundWish, args: { amount: { amountMinor: 15_901, currency: "CNY" } } }],
    ["amount_above_ceiling", someCase(money({ ceiling: { amountMinor: 99, currency: "CNY" } })), refundWish],
  ] as const)("refuses with %s", (reason, subject, request) => {
    expect(plan(subject, request as Parameters<typeof plan>[1])).toEqual({ ok: false, reason });
  });
});

describe("the life of a command", () => {
  it("is taken once: a second worker finds it sent", () => {
    const taken = sent(planned(someCase()), "agree_return-2");
    expect(markSent(taken, "agree_return-2", now)).toBeUndefined();
  });

  it("waits as planned after the channel certainly did not carry it out, and may then go again", () => {
    const taken = sent(planned(someCase()), "agree_return-2");
    const until = "2026-11-25T13:05:00.000Z";
    const held = hold(taken, "agree_return-2", { until, because: "rate_limited", now });
    expect(held?.commands[0]).toMatchObject({
      status: "planned",
      attendAt: until,
      heldBecause: "rate_limited",
      tries: 1,
    });
    expect(held?.commands[0]).not.toHaveProperty("sentAt");
    expect(held && markSent(held, "agree_return-2", now)?.commands[0]).toMatchObject({ status: "sent", tries: 2 });
  });

  it("says what it was decided on", () => {
    const subject = someCase();
    expect(planned(subject, { ...wish, policyVersion: "p-1" }).commands[0]).toMatchObject({
      ...{ askedBy: "policy:x", policyVersion: "p-1", decidedOnVersion: 1, factsHash: factsHash(subject.facts) },
      saw: { state: "requested", shipped: true },
    });
  });

  it("is confirmed by the facts, not by the answer", () => {
    const after = afterwards(sent(planned(someCase()), "agree_return-2"), 2, { ...inState("approved"), deadlines: [] });
    expect(after.commands[0]?.status).toBe("confirmed");
    expect(names(after)).toContain("command.confirmed");
  });

  it("is settled by the facts when it was unclear", () => {
    const taken = sent(planned(someCase(), refundWish), "agree_refund-2");
    const unclear = settle(taken, "agree_refund-2", { as: "unclear", problem: "timeout", now });
    const after = unclear && afterwards(unclear, 2, { ...inState("refunding"), deadlines: [] });
    expect(after?.commands[0]?.status).toBe("confirmed");
  });

  it("expires unsent with the very news that the channel changed the case", () => {
    const after = afterwards(planned(someCase()), 2, { waitingOn: "merchant", flags: ["needs_review"] });
    expect(after.commands[0]).toMatchObject({ status: "expired", problem: "version_moved" });
  });

  it("expires unsent when the case has gone where it is not allowed", () => {
    const after = afterwards(planned(someCase()), 2, { ...inState("closed"), deadlines: [] });
    expect(after.commands[0]?.status).toBe("expired");
  });

  it("counts as refused when it was sent and the case ended otherwise", () => {
    const taken = sent(planned(someCase(), refundWish), "agree_refund-2");
    expect(afterwards(taken, 2, { ...inState("closed"), deadlines: [] }).commands[0]?.status).toBe("refused");
  });

  it("objects to another payment while one is open", () => {
    const taken = sent(planned(someCase(), refundWish), "agree_refund-2");
    expect(objection(taken, { action: "agree_refund", args: {} })).toBe("already_asked");
    expect(objection(taken, { action: "agree_refund", args: {}, self: "agree_refund-2" })).toBeUndefined();
  });

  const failed = (status: "failed" | "moving") =>
    someCase({
      ...inState("refunding"),
      money: { status, claimed: { amountMinor: 100, currency: "CNY" } },
      deadlines: [],
    });

  it("pays a failed refund again, and takes only moving money for its proof", () => {
    expect(plan(failed("moving"), refundWish)).toMatchObject({ ok: false });
    const again = sent(planned(failed("failed"), refundWish), "agree_refund-2");
    const still = afterwards(again, 2, { ...inState("refunding"), money: again.facts.money, waitingOn: "channel" });
    expect(still.commands[0]?.status).toBe("sent");
    const moves = afterwards(again, 2, { ...inState("refunding"), money: { ...again.facts.money, status: "moving" } });
    expect(moves.commands[0]?.status).toBe("confirmed");
  });

  it("takes the channel's note of it for the proof that a payment on refused delivery is agreed, and nothing moves", () => {
    const action = "agree_refund_if_delivery_refused";
    const taken = sent(planned(someCase(), { ...refundWish, action }), `${action}-2`);
    const { money } = taken.facts;
    expect(afterwards(taken, 2, { money, waitingOn: "channel" }).commands[0]?.status).toBe("sent");
    const after = afterwards(taken, 2, { money: { ...money, agreedIfDeliveryRefused: true } });
    expect([after.commands[0]?.status, after.facts.money.status]).toEqual(["confirmed", "pending"]);
    expect(after.news).toContainEqual(
      expect.objectContaining({
        name: "case.amended",
        data: expect.objectContaining({ fields: ["money.agreedIfDeliveryRefused"] }),
      }),
    );
  });

  it("keeps the last twenty settled commands on the case", () => {
    let subject = someCase();
    for (let round = 0; round < 25; round++) {
      const answer = plan(subject, { ...wish, action: "remark" });
      if (!answer.ok) throw new Error(answer.reason);
      subject = settle(answer.next, answer.command.commandId, { as: "confirmed", now }) ?? subject;
    }
    const after = afterwards(subject, 2, { waitingOn: "buyer" });
    expect(after.commands).toHaveLength(20);
  });
});

describe("two people", () => {
  const limits = { ...defaultLimits, twoPeopleAboveMinor: { CNY: 10_000 } };
  const big = { ...refundWish, askedBy: "person:ann", limits };
  const proposed = planned(someCase(), big);

  it("must agree to an amount above the tenant's; who asks has agreed", () => {
    expect(proposed.commands[0]).toMatchObject({ status: "proposed", approvedBy: ["person:ann"], approvalsNeeded: 2 });
    expect(approve(proposed, "agree_refund-2", "person:ann", now)).toEqual({
      ok: false,
      reason: "approved_by_same_person",
    });
    expect(approve(proposed, "agree_refund-2", "person:bob", now)).toMatchObject({
      ok: true,
      command: { status: "planned", askedBy: "person:ann", approvedBy: ["person:ann", "person:bob"] },
    });
  });

  it("must agree to what the channel will pay later as to what it pays now", () => {
    const later = planned(someCase(), { ...big, action: "agree_refund_if_delivery_refused" });
    expect(later.commands[0]).toMatchObject({ status: "proposed", approvalsNeeded: 2 });
  });

  it("must both agree to what a rule asks", () => {
    const byRule = planned(someCase(), { ...refundWish, limits });
    const once = approve(byRule, "agree_refund-2", "person:ann", now);
    expect(once).toMatchObject({ ok: true, command: { status: "proposed" } });
    expect(once.ok && names(once.next)).toEqual(["command.approved"]);
    const twice = once.ok && approve(once.next, "agree_refund-2", "person:bob", now);
    expect(twice).toMatchObject({ ok: true, command: { status: "planned" } });
  });

  it("must agree to a part of the claim, whatever its size", () => {
    const part = { ...big, args: { amount: { amountMinor: 100, currency: "CNY" } }, limits: defaultLimits };
    expect(planned(someCase(), part).commands[0]?.status).toBe("proposed");
    expect(planned(someCase(), { ...big, limits: defaultLimits }).commands[0]?.status).toBe("planned");
  });

  it("cannot agree to what was proposed on another version", () => {
    const stale = { ...proposed, versions: { case: { version: 7, observedAt: now } } };
    expect(approve(stale, "agree_refund-2", "person:bob", now)).toEqual({ ok: false, reason: "approval_stale" });
  });
});

describe("a person's other words", () => {
  it("takes back what has not been sent, and nothing else", () => {
    const subject = planned(someCase());
    expect(cancel(subject, "agree_return-2", "person:ann", now)).toMatchObject({ command: { status: "expired" } });
    expect(cancel(sent(subject, "agree_return-2"), "agree_return-2", "person:ann", now)).toMatchObject({
      reason: "not_cancellable",
    });
  });

  const unclear = settle(sent(planned(someCase(), refundWish), "agree_refund-2"), "agree_refund-2", {
    as: "unclear",
    now,
  });
  const word = { commandId: "agree_refund-2", person: "person:ann", now, mode: "auto" } as const;
  const read = (at: string): Case => {
    if (!unclear) throw new Error("not unclear");
    return { ...unclear, commands: unclear.commands.map((each) => ({ ...each, readAt: at })) };
  };

  it("sends an unclear payment again, the very same, after a reading and on the facts that were shown", () => {
    const subject = read("2026-11-25T13:01:00.000Z");
    const seenFactsHash = factsHash(subject.facts);
    expect(resend(read(now), { ...word, seenFactsHash })).toMatchObject({ reason: "not_read_since" });
    expect(resend(subject, { ...word, seenFactsHash: "0".repeat(64) })).toMatchObject({ reason: "evidence_stale" });
    const again = resend(subject, { ...word, seenFactsHash });
    expect(again).toMatchObject({ ok: true, command: { commandId: "agree_refund-2", status: "planned", wakes: 1 } });
    expect(again.ok && names(again.next)).toEqual(["command.retried"]);
  });

  it("sends nothing again that is not unclear", () => {
    const seenFactsHash = factsHash(someCase().facts);
    expect(resend(planned(someCase()), { ...word, commandId: "agree_return-2", seenFactsHash })).toMatchObject({
      reason: "not_unclear",
    });
  });
});

describe("tasks", () => {
  const task = { taskId: "x", what: "do it", openedAt: now, doneWhen: ["approved" as const] };

  it("open once and are done when the channel shows it", () => {
    const opened = openTask(someCase(), task, now);
    expect(opened && openTask(opened, task, now)).toBeUndefined();
    const after = opened && afterwards(opened, 2, { ...inState("approved"), deadlines: [] });
    expect(after?.tasks).toEqual([]);
    expect(after && names(after)).toContain("task.done");
  });
});
