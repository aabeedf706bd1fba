import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterwards, inState, names, someCase, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import { type Case, caseSchema, projectionOf } from "./case.ts";
import { type CaseObservation, caseObservationSchema, type Facts } from "./observation.ts";
import { observe } from "./observe.ts";

describe("observe", () => {
  it("opens a case with its clock", () => {
    const opened = someCase();
    expect(caseSchema.parse(opened)).toEqual(opened);
    expect(names(opened)).toEqual(["case.opened", "deadline.set"]);
    expect(opened.revision).toBe(1);
  });

  it("finds nothing to save in the same observation again", () => {
    expect(observe(someCase(), someObservation(1), tenantId).kind).toBe("same");
  });

  it("keeps what it holds when an older observation comes late", () => {
    const current = afterwards(someCase(), 5, { ...inState("approved"), deadlines: [] });
    expect(observe(current, someObservation(3, { waitingOn: "buyer" }), tenantId).kind).toBe("stale");
  });

  it("stores a move the table did not expect, marked and told", () => {
    const refunded = afterwards(someCase(), 2, { ...inState("refunded"), waitingOn: "nobody", deadlines: [] });
    const reopened = afterwards(refunded, 3, { ...inState("requested") });
    expect(reopened.unexpectedMove).toBe(true);
    expect(reopened.news).toContainEqual(
      expect.objectContaining({ name: "case.moved", data: expect.objectContaining({ expected: false }) }),
    );
  });

  it("keeps an unknown status as unknown and lets its clock run on", () => {
    const unknown = afterwards(someCase(), 2, { state: { known: false, raw: "99" }, deadlines: [] });
    expect(unknown.facts.state).toEqual({ known: false, raw: "99" });
    expect(unknown.deadlines.map(({ kind }) => kind)).toEqual(["respond"]);
  });

  it("does not let an absent fact erase a known one", () => {
    const delivered = afterwards(someCase(), 2, { deliveredAt: "2026-11-20T00:00:00.000Z", waitingOn: "buyer" });
    const later = afterwards(delivered, 3, { waitingOn: "channel" });
    expect(later.facts.deliveredAt).toBe("2026-11-20T00:00:00.000Z");
  });

  it("drops the outcome of a case that the channel opens again", () => {
    const closed = afterwards(someCase(), 2, { ...inState("closed"), outcome: "withdrawn", deadlines: [] });
    const again = afterwards(closed, 3, inState("requested"));
    expect(again.facts.outcome).toBeUndefined();
  });

  it("tells what a buyer changed", () => {
    const edited = afterwards(someCase(), 2, {
      money: { status: "pending", claimed: { amountMinor: 100, currency: "CNY" } },
    });
    expect(edited.news).toContainEqual(
      expect.objectContaining({ name: "case.amended", data: { fields: ["money.claimed"], waitingOn: "merchant" } }),
    );
  });

  it("waits for the case when a part of it comes first", () => {
    const part = caseObservationSchema.parse({ ...someObservation(1), facet: "money", facts: {} });
    expect(observe(undefined, part, tenantId).kind).toBe("early");
  });

  it("ends in the same facts whatever the order of arrival, however often", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), { minLength: 0, maxLength: 12 }), (observations, picks) => {
        const [first] = observations;
        if (!first) return;
        const inOrder = replay(observations);
        // Every observation arrives at least once, some again, in any order after the first.
        const extra = picks.map((pick) => observations[pick % observations.length] ?? first);
        const shuffled = [...observations, ...extra].sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
        expect(projectionOf(replay(shuffled))).toEqual(projectionOf(inOrder));
      }),
      { numRuns: 300 },
    );
  });

  it("ends in the same facts in each of the 720 orders of six observations, every one told three times", () => {
    const observations = fc
      .sample(step, { seed: 7, numRuns: 6 })
      .map((facts, index) => someObservation(index + 1, facts));
    const inOrder = projectionOf(replay(observations));
    const orders = ordersOf(observations);
    expect(orders).toHaveLength(720);
    for (const order of orders) {
      const told = [...order.flatMap((each) => [each, each]), ...order];
      const subject = replay(told);
      expect(projectionOf(subject)).toEqual(inOrder);
      expect(subject.revision).toBe(replay(order).revision);
    }
  });
});

function ordersOf<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, index) => ordersOf(all.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

const states = [
  "requested",
  "approved",
  "return_in_transit",
  "received",
  "refunding",
  "refunded",
  "rejected",
  "closed",
] as const;
const step: fc.Arbitrary<Partial<Facts>> = fc
  .record({ state: fc.constantFrom(...states), hours: fc.integer({ min: 1, max: 100 }), clock: fc.boolean() })
  .map(({ state, hours, clock }) => ({
    ...inState(state),
    deadlines: clock
      ? [
          {
            kind: "respond" as const,
            dueAt: new Date(Date.UTC(2026, 10, 26) + hours * 3_600_000).toISOString(),
            source: { from: "channel" as const, field: "status_deadline" },
            onExpiry: "auto_approve" as const,
          },
        ]
      : [],
  }));
const history = fc
  .array(step, { minLength: 1, maxLength: 8 })
  .map((steps) => steps.map((facts, index) => someObservation(index + 1, facts)));

function replay(observations: readonly CaseObservation[]): Case {
  let current: Case | undefined;
  for (const observation of observations) {
    const observed = observe(current, observation, tenantId);
    if (observed.kind === "opened" || observed.kind === "changed") current = observed.next;
  }
  if (!current) throw new Error("no case came of it");
  return current;
}

/** A fixed but arbitrary order. */
function hash(observation: CaseObservation): string {
  return `${(observation.version * 7919) % 13}-${observation.version}`;
}
