import { describe, expect, it } from "vitest";
import { afterwards, inState, names, someCase, someFacts } from "../../test/builders/case-builder.ts";
import { followClocks, ringClocks } from "./ledger.ts";
import type { Facts } from "./observation.ts";

const due = "2026-11-27T12:00:00.000Z";

describe("followClocks", () => {
  it("reports a clock as met when its state is left in time", () => {
    const approved = afterwards(someCase(), 60, { ...inState("approved"), deadlines: [] });
    expect(approved.deadlines).toEqual([]);
    expect(names(approved)).toContain("deadline.met");
  });

  it("reports a clock as missed when its state is left too late, by the channel's own time", () => {
    const late = { ...inState("approved"), deadlines: [], changedAt: "2026-11-27T12:00:01.000Z" };
    expect(names(afterwards(someCase(), 60, late))).toContain("deadline.missed");
  });

  it("takes a state left at the very second for the platform's own doing, and so for a miss", () => {
    const atTheEnd = { ...inState("approved"), deadlines: [], changedAt: due };
    expect(names(afterwards(someCase(), 60, atTheEnd))).toContain("deadline.missed");
  });

  it("believes the channel's time of the change when the reading came after the end", () => {
    const { deadlines } = someCase();
    const facts = someFacts({ ...inState("approved"), deadlines: [], changedAt: "2026-11-27T11:59:59.000Z" });
    expect(followClocks(deadlines, facts, "2026-11-28T00:00:00.000Z").news[0]?.name).toBe("deadline.met");
  });

  it("moves a clock and starts its ladder anew", () => {
    const [before] = someCase().deadlines;
    const moved = afterwards(someCase(), 3, {
      deadlines: [{ ...someFacts().deadlines[0], dueAt: "2026-11-28T12:00:00.000Z" } as never],
      waitingOn: "merchant",
    });
    expect(moved.deadlines[0]).toMatchObject({ dueAt: "2026-11-28T12:00:00.000Z", announced: [], status: "running" });
    expect(moved.news).toContainEqual(
      expect.objectContaining({
        name: "deadline.moved",
        data: { kind: "respond", from: before?.dueAt, to: "2026-11-28T12:00:00.000Z" },
      }),
    );
  });

  it("reports a miss where the channel gave more time only after the end", () => {
    const next = { ...someFacts().deadlines[0], dueAt: "2026-11-28T12:00:00.000Z" } as never;
    const late: Partial<Facts> = { deadlines: [next], changedAt: due, waitingOn: "merchant" };
    const told = names(afterwards(someCase(), 3, late)).filter((name) => name.startsWith("deadline"));
    expect(told).toEqual(["deadline.missed", "deadline.moved"]);
    const inTime = names(afterwards(someCase(), 3, { ...late, changedAt: "2026-11-27T11:59:59.000Z" }));
    expect(inTime).not.toContain("deadline.missed");
  });

  it("cancels a clock that the channel takes away while the state lasts", () => {
    expect(names(afterwards(someCase(), 3, { deadlines: [] }))).toEqual(["deadline.cancelled"]);
  });

  it("holds no clock on a final case, whatever the channel leaves behind", () => {
    expect(afterwards(someCase(), 3, inState("closed")).deadlines).toEqual([]);
  });
});

describe("ringClocks", () => {
  const ring = (now: string, held = someCase().deadlines) => ringClocks(held, now);

  it("is silent before half of the time", () => {
    expect(ring("2026-11-26T11:59:00.000Z").news).toEqual([]);
  });

  it.each([
    ["2026-11-26T12:00:02.000Z", "half"],
    ["2026-11-27T03:00:00.000Z", "four_fifths"],
    ["2026-11-27T11:00:00.000Z", "last_hour"],
  ])("at %s says %s, once", (now, rung) => {
    const first = ring(now);
    expect(first.news).toEqual([expect.objectContaining({ data: expect.objectContaining({ rung }) })]);
    expect(ring(now, first.deadlines).news).toEqual([]);
  });

  it("reports a miss exactly once, and keeps it visible", () => {
    const first = ring(due);
    expect(first.news.map(({ name }) => name)).toEqual(["deadline.missed"]);
    expect(first.deadlines[0]?.status).toBe("missed");
    expect(ring("2026-11-30T00:00:00.000Z", first.deadlines).news).toEqual([]);
  });

  it("does not report a miss again when the state is left afterwards", () => {
    const missed = ring(due).deadlines;
    const facts = someFacts({ ...inState("approved"), deadlines: [] });
    expect(followClocks(missed, facts, "2026-11-27T13:00:00.000Z").news).toEqual([]);
  });

  it("lets a buyer's clock run out in silence", () => {
    const buyers = someCase().deadlines.map((each) => ({ ...each, kind: "buyer_return" as const }));
    expect(ring(due, buyers).news).toEqual([]);
  });
});
