import { describe, expect, it } from "vitest";
import { names, someCase, someFacts, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import { riskOf } from "./at-risk.ts";
import type { Case } from "./case.ts";
import { defaultClockRules } from "./clock-rules.ts";
import { openClockTasks } from "./clock-tasks.ts";
import type { Facts } from "./observation.ts";
import { observe } from "./observe.ts";
import { ring } from "./ring.ts";

const settledAt = "2026-11-25T10:00:00.000Z";
const dueAt = "2026-12-25T10:00:00.000Z";
const link = "https://example.com/claims";
const taskOf = (_: Case, kind: string) => (kind === "respond" ? undefined : { what: `do ${kind}`, link });

/** What a case of Amazon becomes with each reading, a second apart, and its tasks with it. */
function readings(...each: readonly Partial<Facts>[]): Case[] {
  const seen: Case[] = [];
  for (const [index, facts] of each.entries()) {
    const observation = { ...someObservation(index + 1, { deadlines: [], ...facts }), channel: "amazon" as const };
    const observed = observe(seen.at(-1), observation, tenantId, { clockRules: defaultClockRules });
    if (observed.kind !== "opened" && observed.kind !== "changed") throw new Error(observed.kind);
    seen.push(openClockTasks(observed.next, taskOf, observation.observedAt));
  }
  return seen;
}

const money = { status: "paid", executedBy: "platform_robot", settledAt } as const;
const paid: Partial<Facts> = {
  ...{ state: { known: true, value: "refunded", raw: "Finances" }, waitingOn: "nobody", market: "US", money },
};
const granted: Partial<Facts> = {
  ...paid,
  dispute: { status: { known: true, value: "decided_for_buyer", raw: "GuaranteeClaimEvent" } },
};
const moment = (now: string) => ({
  ...{ now, isFresh: true, clockRules: defaultClockRules, needs: () => [] },
  shop: { mode: "observe" as const, addresses: [] },
});

describe("a clock that no call answers", () => {
  it("opens one task with its end and its page, on a case that is over", () => {
    const [first, second] = readings(paid, { ...paid, groupKey: "g" });
    const task = { taskId: "clock_claim_back", what: "do claim_back", link, dueAt, clock: "claim_back" };
    expect(first?.tasks).toEqual([{ ...task, openedAt: someObservation(1).observedAt, doneWhen: [] }]);
    expect(first && names(first)).toEqual(["case.opened", "deadline.set", "task.opened"]);
    expect(second?.tasks).toEqual(first?.tasks);
    expect(second && names(second)).toEqual(["case.amended"]);
  });

  it("opens none where a person need not be told", () => {
    expect(openClockTasks(someCase(), taskOf, settledAt).tasks).toEqual([]);
  });

  it("is met when the platform shows the claim, by the day on which it was filed", () => {
    const filedAt = "2026-12-01T08:00:00.000Z";
    const [, filed] = readings(paid, { ...paid, reclaim: { claimId: "5", filedAt } });
    expect(filed?.deadlines).toEqual([]);
    expect(filed?.tasks).toEqual([]);
    expect(filed?.news).toContainEqual(
      expect.objectContaining({
        name: "deadline.met",
        data: expect.objectContaining({ marginMs: 24 * 86_400_000 + 2 * 3_600_000 }),
      }),
    );
    expect(filed && names(filed)).toContain("task.done");
  });

  it("is missed when the claim came after its end", () => {
    const [, filed] = readings(paid, { ...paid, reclaim: { claimId: "5", filedAt: "2026-12-26T08:00:00.000Z" } });
    expect(filed && names(filed)).toContain("deadline.missed");
  });

  it("ends with its task, and is missed once", () => {
    const [open] = readings(paid);
    const late = open && ring(open, moment(dueAt));
    expect(late && names(late)).toEqual(["deadline.missed", "task.done"]);
    expect(late?.tasks).toEqual([]);
    expect(late && ring(late, moment("2027-01-01T00:00:00.000Z"))).toBeUndefined();
  });

  it("ends in silence where nothing would show the answer", () => {
    const [open] = readings(granted);
    expect(open?.deadlines).toMatchObject([{ kind: "appeal", dueAt, status: "running" }]);
    const late = open && ring(open, moment(dueAt));
    expect(late && names(late)).toEqual(["task.done"]);
    expect(late?.deadlines).toMatchObject([{ kind: "appeal", status: "missed" }]);
  });

  it("presses while it runs and not once it is past", () => {
    const risks = [paid, granted].map((facts) => {
      const [open] = readings(facts);
      const pressed = open && ring(open, moment("2026-12-25T09:30:00.000Z"));
      const late = pressed && ring(pressed, moment(dueAt));
      return [open && riskOf(open), pressed && riskOf(pressed)?.kind, late && riskOf(late)];
    });
    expect(risks).toEqual([
      [undefined, "claim_back", undefined],
      [undefined, "appeal", undefined],
    ]);
  });

  it("is no clock that the channel left behind on a case that is over", () => {
    const [closed] = readings({
      ...paid,
      state: { known: true, value: "closed", raw: "Closed" },
      deadlines: someFacts().deadlines,
    });
    expect(closed?.deadlines).toEqual([]);
  });
});
