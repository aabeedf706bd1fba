import { describe, expect, it } from "vitest";
import { makeCalendar } from "#shared/calendars/make-calendar.ts";
import { inState, someFacts } from "../../test/builders/case-builder.ts";
import { type ClockRules, defaultClockRules } from "./clock-rules.ts";
import { policyRows } from "./deadline-policy.ts";
import { clocksOf } from "./derive-clocks.ts";
import type { Facts } from "./observation.ts";
import type { Pause } from "./pause.ts";
import { suggestedLevels, tenantRulesSchema } from "./tenant-rules.ts";

const withRules = (rules: object, parts: Partial<ClockRules> = {}): ClockRules => ({
  ...defaultClockRules,
  rules: tenantRulesSchema.parse(rules),
  ...parts,
});
const clocks = (channel: string, facts: Partial<Facts>, clockRules = defaultClockRules) =>
  clocksOf(someFacts({ deadlines: [], ...facts }), { channel, shopId: "1" }, clockRules).map(
    ({ kind, dueAt, source, onExpiry }) => ({
      kind,
      dueAt,
      onExpiry,
      from: source.from,
      rule: source.from === "policy" ? source.policyId : source.from === "tenant" ? source.rule : source.field,
      confidence: source.from === "policy" ? source.confidence : undefined,
    }),
  );
const refundOnly = { type: { known: true, value: "refund_only", raw: "1" } } as const;

describe("published rules", () => {
  it("say nothing where the channel states a clock of the kind", () => {
    const stated = someFacts().deadlines;
    const found = clocksOf(someFacts({ deadlines: stated }), { channel: "taobao", shopId: "1" }, defaultClockRules);
    expect(found).toEqual(stated);
  });

  it.each<[string, string, Partial<Facts>, object]>([
    [
      "an unshipped refund on Taobao",
      "taobao",
      { ...refundOnly, shipped: false },
      {
        kind: "respond",
        dueAt: "2026-11-26T12:00:00.000Z",
        onExpiry: "auto_refund",
        confidence: "B",
      },
    ],
    [
      "a parcel on its way on JD",
      "jd",
      { ...refundOnly, goods: { status: "outbound" } },
      {
        kind: "respond",
        dueAt: "2026-11-28T12:00:00.000Z",
        onExpiry: "auto_refund",
        confidence: "B",
      },
    ],
    [
      "a ticket of JD, as an estimate",
      "jd",
      {},
      {
        kind: "respond",
        dueAt: "2026-11-26T12:00:00.000Z",
        onExpiry: "auto_approve",
        confidence: "C",
      },
    ],
    [
      "fresh food on JD, in open minutes of China",
      "jd",
      {
        openedAt: "2026-11-27T09:30:00.000Z",
        raw: { status: "10000", type: "90", apiVersion: "2" },
      },
      { kind: "respond", dueAt: "2026-11-30T02:10:00.000Z", rule: "jd.fresh_food", onExpiry: "unknown" },
    ],
    [
      "goods back at an EU seller on Amazon",
      "amazon",
      {
        ...inState("received"),
        market: "DE",
        returnedAt: "2026-11-25T23:00:00.000Z",
      },
      { kind: "refund", dueAt: "2026-11-29T23:00:00.000Z", rule: "amazon.refund_elsewhere" },
    ],
  ])("give %s its clock", (_, channel, facts, expected) => {
    expect(clocks(channel, facts)).toContainEqual(expect.objectContaining({ from: "policy", ...expected }));
  });

  it.each([
    ["two business days before", "2026-01-23T08:00:00.000Z", "2026-01-27T08:00:00.000Z", "amazon.refund_us_until_2026"],
    ["on the eve", "2026-01-25T08:00:00.000Z", "2026-01-27T08:00:00.000Z", "amazon.refund_us_until_2026"],
    [
      "four days of the calendar from the day",
      "2026-01-26T08:00:00.000Z",
      "2026-01-30T08:00:00.000Z",
      "amazon.refund_us",
    ],
    ["and over a weekend", "2026-01-29T08:00:00.000Z", "2026-02-02T08:00:00.000Z", "amazon.refund_us"],
  ])("replay Amazon's change of 2026-01-26: %s", (_, returnedAt, dueAt, rule) => {
    const facts = { ...inState("received"), market: "US", returnedAt, openedAt: "2026-01-10T00:00:00.000Z" };
    const refunds = clocks("amazon", facts).filter(({ kind }) => kind === "refund");
    expect(refunds).toEqual([expect.objectContaining({ dueAt, rule, confidence: "B", onExpiry: "auto_refund" })]);
  });

  it("are estimates where the fact they count from is missing", () => {
    const facts = { ...inState("received"), market: "US", changedAt: "2026-11-26T00:00:00.000Z" };
    expect(clocks("amazon", facts)).toContainEqual(expect.objectContaining({ kind: "refund", confidence: "C" }));
  });

  it("of a law hold for a tenant that sells under it, the earliest of several", () => {
    const facts = { ...inState("received"), returnedAt: "2026-11-26T00:00:00.000Z" };
    const under = (...laws: string[]) =>
      clocks("shopify", facts, withRules({ laws })).find(({ kind }) => kind === "refund");
    expect(under()?.from).toBe("tenant");
    expect(under("EU")).toMatchObject({ rule: "law.eu.refund", dueAt: "2026-12-09T12:00:00.000Z" });
    expect(under("EU", "CN")).toMatchObject({ rule: "law.cn.refund", dueAt: "2026-12-03T00:00:00.000Z" });
  });

  it("can be switched off by the tenant", () => {
    const rules = withRules({ policiesOff: ["taobao.refund_unshipped"] });
    expect(clocks("taobao", { ...refundOnly, shipped: false }, rules).map(({ rule }) => rule)).toEqual(["fallback"]);
  });

  it("have ids of their own, links, dates and spans that end", () => {
    expect(new Set(policyRows.map(({ id }) => id)).size).toBe(policyRows.length);
    for (const { id, link, readOn, channels } of policyRows) {
      expect([id, link.length > 0, /^\d{4}-\d{2}-\d{2}$/.test(readOn), channels.length > 0]).toEqual([
        id,
        true,
        true,
        true,
      ]);
    }
  });
});

describe("a pause that a platform announced", () => {
  // As JD did for Spring Festival 2019, and Taobao in 2021: the clocks stand still for named days.
  const festival: Pause = {
    channel: "jd",
    from: "2026-02-14T16:00:00.000Z",
    until: "2026-02-23T16:00:00.000Z",
    link: "https://example.com/notice",
    readOn: "2026-02-01",
  };
  const facts = { ...refundOnly, shipped: false, openedAt: "2026-02-14T12:00:00.000Z" };

  it("stretches a clock that began before it by the days it took", () => {
    expect(clocks("jd", facts)[0]?.dueAt).toBe("2026-02-15T12:00:00.000Z");
    expect(clocks("jd", facts, withRules({ pauses: [festival] }))[0]?.dueAt).toBe("2026-02-24T12:00:00.000Z");
    expect(clocks("jd", facts, withRules({ pauses: [festival, festival] }))[0]?.dueAt).toBe("2026-02-24T12:00:00.000Z");
  });

  it("leaves a clock that the channel itself states", () => {
    const rules = withRules({ pauses: [{ ...festival, channel: "taobao" }] });
    const stated = someFacts().deadlines;
    expect(clocks("taobao", { deadlines: stated }, rules)[0]?.dueAt).toBe(stated[0]?.dueAt);
  });

  it("is counted once where the calendar is closed too", () => {
    const calendars = [makeCalendar({ market: "CN", years: [2026], closedOn: [], openOn: [] })];
    const food = { ...facts, openedAt: "2026-02-14T08:30:00.000Z", raw: { status: "1", type: "90", apiVersion: "2" } };
    const rules = { policiesOff: ["jd.cancel_unshipped"] };
    const due = (given: object) => clocks("jd", food, withRules({ ...rules, ...given }, { calendars }))[0]?.dueAt;
    // Saturday the 14th is a day at work: 90 minutes of it, 10 of Tuesday the 24th.
    expect(due({})).toBe("2026-02-24T01:10:00.000Z");
    expect(due({ pauses: [festival] })).toBe("2026-02-24T01:10:00.000Z");
  });
});

describe("the merchant's promises", () => {
  it("run beside the platform's clock", () => {
    const levels = withRules({ levels: suggestedLevels });
    const found = clocks("taobao", { deadlines: someFacts().deadlines }, levels)
      .map(({ kind, from }) => [kind, from])
      .sort();
    expect(found).toEqual([
      ["first_response", "tenant"],
      ["respond", "channel"],
      ["review", "tenant"],
    ]);
  });

  it("give Shopify's returns their clocks in business days", () => {
    expect(clocks("shopify", { openedAt: "2026-11-27T15:00:00.000Z" })[0]?.dueAt).toBe("2026-12-01T15:00:00.000Z");
  });

  it("take the place of nothing: a case that waits for the merchant has a clock in every state", () => {
    for (const state of ["requested", "approved", "return_in_transit", "received", "refunding", "rejected"] as const) {
      const rules = withRules({ levels: suggestedLevels.filter(({ kind }) => kind !== "review") }, { rows: [] });
      expect(clocks("douyin", inState(state), rules).some(({ rule }) => rule === "fallback")).toBe(true);
    }
    const unknown = clocks("douyin", { state: { known: false, raw: "99" }, dispute: someFacts().dispute });
    expect(unknown).toMatchObject([{ kind: "respond", rule: "fallback", dueAt: "2026-11-26T12:00:00.000Z" }]);
    expect(clocks("douyin", { ...inState("approved"), waitingOn: "buyer" })).toEqual([]);
  });

  it("stand in for a clock that cannot be read", () => {
    const unreadableDeadlines = [{ kind: "respond" as const, field: "status_deadline", raw: "soon" }];
    expect(clocks("douyin", { unreadableDeadlines })).toMatchObject([
      { kind: "respond", rule: "unreadable.status_deadline", from: "tenant", onExpiry: "unknown" },
    ]);
  });
});
