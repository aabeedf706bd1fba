import { describe, expect, it } from "vitest";
import { inState, names, someCase } from "../../test/builders/case-builder.ts";
import { attend } from "./attend.ts";
import { attentionAt, type Case } from "./case.ts";
import type { Action } from "./command.ts";
import { markSent, plan, settle } from "./commands.ts";
import { later } from "./later.ts";

const now = "2026-11-25T13:00:00.000Z";
const at = (seconds: number) => later(now, seconds * 1000);

function planned(action: Action, facts: Parameters<typeof someCase>[0] = {}): Case {
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
const idOf = (subject: Case) => subject.commands[0]?.commandId ?? "";
const sent = (subject: Case) => markSent(subject, idOf(subject), now) ?? subject;
const unclear = (subject: Case) => settle(sent(subject), idOf(subject), { as: "unclear", now }) ?? subject;

describe("a planned command", () => {
  it("is called for again when its message was lost, each time later", () => {
    const first = attend(planned("agree_return"), { now: at(600) });
    expect(first && names(first)).toEqual(["command.retried"]);
    expect(first?.commands[0]).toMatchObject({ status: "planned", wakes: 1, attendAt: at(1200) });
    const second = first && attend(first, { now: at(1200) });
    expect(second?.commands[0]).toMatchObject({ wakes: 2, attendAt: at(2400) });
  });

  it("is left alone before its time, and is what a timer looks for", () => {
    const subject = planned("agree_return", { deadlines: [] });
    expect(attend(subject, { now: at(599) })).toBeUndefined();
    expect(attentionAt(subject)).toBe(at(600));
  });
});

describe("a sent command", () => {
  it("is unclear when its worker has not told the outcome in two minutes", () => {
    const subject = sent(planned("agree_refund"));
    expect(attend(subject, { now: at(119) })).toBeUndefined();
    expect(attend(subject, { now: at(120), readAt: at(120) })?.commands[0]).toMatchObject({ status: "unclear" });
  });
});

describe("an unclear command that moves money", () => {
  it("is never planned again by itself, however often it is read", () => {
    let subject = unclear(planned("agree_refund"));
    for (let seconds = 10; seconds < 86_400; seconds += 100) {
      subject = attend(subject, { now: at(seconds), readAt: at(seconds) }) ?? subject;
      expect(subject.commands[0]?.status).toBe("unclear");
      expect(names(subject)).not.toContain("command.retried");
    }
    expect(subject.commands[0]?.tries).toBe(1);
  });

  it("becomes a person's task once, within half an hour, with the page to look at", () => {
    const subject = unclear(planned("agree_refund"));
    const early = attend(subject, { now: at(900), readAt: at(900) });
    expect(early?.tasks).toEqual([]);
    const late = early && attend(early, { now: at(1900), readAt: at(1900), link: "https://example.com/case" });
    expect(late?.tasks).toMatchObject([{ taskId: "settle_agree_refund-2", link: "https://example.com/case" }]);
    const later = late && attend(late, { now: at(90_000), readAt: at(90_000) });
    expect(later?.tasks).toHaveLength(1);
  });

  it("leaves a person ten minutes before the nearest clock", () => {
    const dueAt = at(1200);
    const source = { from: "channel", field: "x" } as const;
    const clock = { kind: "respond", dueAt, source, onExpiry: "auto_refund" } as const;
    const subject = unclear(planned("agree_refund", { deadlines: [clock] }));
    expect(subject.commands[0]?.settleBy).toBe(at(600));
  });
});

describe("an unclear command that does no harm twice", () => {
  it("goes again after a reading that does not show it, on the version that was read", () => {
    const next = attend(unclear(planned("agree_return")), { now: at(10), readAt: at(10) });
    expect(next?.commands[0]).toMatchObject({ status: "planned", decidedOnVersion: 1, wakes: 1 });
  });

  it("waits for a reading", () => {
    expect(attend(unclear(planned("agree_return")), { now: at(10) })?.commands[0]).toMatchObject({ status: "unclear" });
  });

  it("becomes a person's task after five tries", () => {
    const tired = unclear(planned("agree_return"));
    const subject = { ...tired, commands: tired.commands.map((each) => ({ ...each, tries: 5 })) };
    const next = attend(subject, { now: at(2000), readAt: at(2000) });
    expect(next?.commands[0]?.status).toBe("unclear");
    expect(next?.tasks).toHaveLength(1);
  });

  it("is not repeated where the buyer would see it twice", () => {
    const next = attend(unclear(planned("message_buyer", inState("approved"))), { now: at(10), readAt: at(10) });
    expect(next?.commands[0]?.status).toBe("unclear");
  });
});
