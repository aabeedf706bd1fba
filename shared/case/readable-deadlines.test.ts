import { describe, expect, it } from "vitest";
import {
  afterwards,
  inState,
  names,
  someCase,
  someFacts,
  someObservation,
  tenantId,
} from "../../test/builders/case-builder.ts";
import { defaultClockRules } from "./clock-rules.ts";
import { observe } from "./observe.ts";
import { readDeadlines } from "./readable-deadlines.ts";

const openedAt = "2026-11-25T12:00:00.000Z";
const stating = (dueAt: unknown) => someFacts({ deadlines: [{ ...someFacts().deadlines[0], dueAt } as never] });

describe("readDeadlines", () => {
  it.each([
    ["before the case was opened", "2026-11-25T11:59:59.000Z"],
    ["in the year 1", "0001-01-01T00:00:00.000Z"],
    ["in the year 9999", "9999-12-31T23:59:59.000Z"],
    ["two years away", "2028-11-25T12:00:00.000Z"],
    ["a text", "soon"],
    ["without a zone", "2026-11-27T12:00:00"],
    ["on a day that does not exist", "2026-13-41T12:00:00Z"],
    ["a number", 1_790_173_400_000],
    ["nothing", undefined],
    ["null", null],
    ["an object", { at: 1 }],
  ])("keeps a time %s as it came, flagged", (_, dueAt) => {
    const facts = readDeadlines(stating(dueAt), openedAt);
    expect(facts.deadlines).toEqual([]);
    expect(facts.unreadableDeadlines).toEqual([{ kind: "respond", field: "status_deadline", raw: String(dueAt) }]);
    expect(facts.flags).toEqual(["deadline_unreadable"]);
    expect(readDeadlines(facts, openedAt)).toEqual(facts);
  });

  it("reads a time in another zone as the instant it is", () => {
    const { deadlines, flags } = readDeadlines(stating("2026-11-27T20:00:00+08:00"), openedAt);
    expect([deadlines[0]?.dueAt, flags]).toEqual(["2026-11-27T12:00:00.000Z", []]);
  });

  it("hands back what needs no reading", () => {
    const facts = someFacts();
    expect(readDeadlines(facts, openedAt)).toBe(facts);
  });
});

describe("observing a clock that cannot be read", () => {
  const opened = (dueAt: unknown) => {
    const observation = { ...someObservation(1), facts: stating(dueAt) };
    const observed = observe(undefined, observation, tenantId, { clockRules: defaultClockRules });
    if (observed.kind !== "opened") throw new Error(observed.kind);
    return observed.next;
  };

  it("runs the merchant's clock in its place", () => {
    const subject = opened("9999-12-31T23:59:59.000Z");
    expect(subject.facts.flags).toContain("deadline_unreadable");
    expect(subject.deadlines).toMatchObject([
      { kind: "respond", source: { from: "tenant", rule: "unreadable.status_deadline" } },
    ]);
    expect(names(subject)).toEqual(["case.opened", "deadline.set"]);
  });

  it("forgets it when the channel states its clocks anew", () => {
    const again = observe(opened("soon"), someObservation(2), tenantId, { clockRules: defaultClockRules });
    if (again.kind !== "changed") throw new Error(again.kind);
    expect(again.next.facts.unreadableDeadlines).toBeUndefined();
    expect(again.next.deadlines).toMatchObject([{ kind: "respond", source: { from: "channel" } }]);
  });

  it("finds a clock before the opening that another facet has told", () => {
    const later = afterwards(someCase(), 2, { ...inState("requested"), ...stating("2026-11-24T00:00:00.000Z") });
    expect(later.facts.unreadableDeadlines).toHaveLength(1);
  });
});
