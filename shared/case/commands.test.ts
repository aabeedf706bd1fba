import { describe, expect, it } from "vitest";
import { afterwards, inState, names, someCase } from "../../test/builders/case-builder.ts";
import type { Case } from "./case.ts";
import { approve, markSent, objection, openTask, plan, settle, unsend } from "./commands.ts";
import type { Facts } from "./observation.ts";

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
    expect(approve(next, "agree_return-2", "person:ann", now)?.commands[0]).toMatchObject({
      status: "planned",
      askedBy: "person:ann",
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

  it("may go again after the channel certainly did not carry it out", () => {
    const back = unsend(sent(planned(someCase()), "agree_return-2"), "agree_return-2", now);
    expect(back?.commands[0]).not.toHaveProperty("sentAt");
    expect(back && markSent(back, "agree_return-2", now)).toBeDefined();
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
