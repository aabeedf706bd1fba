import { describe, expect, it } from "vitest";
import { defaultLimits } from "#shared/case/write-limits.ts";
import { loseAnswers, useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { createCounters, type Spending } from "./counters.ts";
import { createLimits } from "./limits.ts";

const table = useTable();
const { tenantId, channel, shopId } = sampleCase();
const shop = { tenantId, channel, shopId };
const noon = new Date("2026-11-25T12:00:00.000Z");
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const counters = () => createCounters(table());

describe("a shop's bucket of writes", () => {
  const limits = { ...defaultLimits, writesPerMinute: 60, writesAtOnce: 3 };
  const turns = async (count: number, at: Date) => {
    const taken = [];
    for (let nth = 0; nth < count; nth++) taken.push(await counters().turn(shop, at, limits));
    return taken;
  };

  it("gives a burst at once, and then one turn a second", async () => {
    const go = { go: true };
    expect(await turns(4, noon)).toEqual([go, go, go, { waitMs: 1000 }]);
    expect(await turns(2, later(1))).toEqual([go, { waitMs: 1000 }]);
    expect(await turns(4, later(60))).toEqual([go, go, go, { waitMs: 1000 }]);
  });

  it("is each shop's own", async () => {
    await turns(4, noon);
    const other = { ...shop, shopId: sampleCase({ shopId: "999" as typeof shopId }).shopId };
    expect(await counters().turn(other, noon, limits)).toEqual({ go: true });
  });

  it("waits as long as the channel asked, and is never made to wait less", async () => {
    await counters().slowDown(shop, later(30), limits);
    await counters().slowDown(shop, later(10), limits);
    expect(await counters().turn(shop, noon, limits)).toEqual({ waitMs: 30_000 });
    expect(await counters().turn(shop, later(30), limits)).toEqual({ go: true });
  });

  it("gives no more than the burst to many who ask at once", async () => {
    const asked = await Promise.all(Array.from({ length: 12 }, () => counters().turn(shop, noon, limits)));
    expect(asked.filter((turn) => "go" in turn)).toHaveLength(3);
  });
});

describe("the daily cap", () => {
  const spending = (spentBy: string, amountMinor = 100): Spending => ({
    ...{ shop, day: "2026-11-25", spentBy },
    amount: { amountMinor, currency: "CNY" },
  });
  const limits = { ...defaultLimits, dailyRefunds: 3, dailyAmountMinor: { CNY: 250 } };

  it("counts refunds and money, and refuses what would pass either", async () => {
    expect(await counters().spend(spending("a"), limits)).toBe(true);
    expect(await counters().spend(spending("b"), limits)).toBe(true);
    expect(await counters().spend(spending("c"), limits)).toBe(false);
    expect(await counters().spend(spending("d", 50), limits)).toBe(true);
    expect(await counters().spend(spending("e", 0), limits)).toBe(false);
    expect(await counters().today(spending("x"))).toEqual({ refunds: 3, amountMinor: 250 });
  });

  it("holds on the day's first refund, too", async () => {
    expect(await counters().spend(spending("a", 251), limits)).toBe(false);
    expect(await counters().spend(spending("a"), { ...limits, dailyRefunds: 0 })).toBe(false);
  });

  it("charges the same command once, however often it asks, also when an answer is lost", async () => {
    const { anotherClient } = table();
    const client = anotherClient();
    loseAnswers(client, 1);
    const faulty = createCounters({ ...table(), client });
    expect(await faulty.spend(spending("a"), limits)).toBe(true);
    expect(await counters().spend(spending("a"), limits)).toBe(true);
    expect(await counters().today(spending("a"))).toEqual({ refunds: 1, amountMinor: 100 });
  });

  it("gives back once what was certainly not paid", async () => {
    await counters().spend(spending("a"), limits);
    await counters().giveBack(spending("a"));
    await counters().giveBack(spending("a"));
    expect(await counters().today(spending("a"))).toEqual({ refunds: 0, amountMinor: 0 });
    expect(await counters().spend(spending("a"), limits)).toBe(true);
  });

  it("holds when many spend at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 10 }, (_, nth) => counters().spend(spending(`${nth}`, 1), limits)),
    );
    expect(asked.filter(Boolean)).toHaveLength(3);
  });

  it("begins anew with each day and currency", async () => {
    for (const each of ["a", "b"]) await counters().spend(spending(each), limits);
    expect(await counters().spend({ ...spending("c"), day: "2026-11-26" }, limits)).toBe(true);
    const inYen = { ...spending("d"), amount: { amountMinor: 9_999, currency: "JPY" } };
    expect(await counters().spend(inYen, limits)).toBe(true);
  });
});

describe("a tenant's limits", () => {
  it("are the ones last put", async () => {
    const limits = createLimits(table());
    expect(await limits.get(tenantId)).toBeUndefined();
    await limits.put(tenantId, { all: defaultLimits, shops: {} });
    await limits.put(tenantId, { all: { ...defaultLimits, dailyRefunds: 7 }, shops: {} });
    expect((await limits.get(tenantId))?.all.dailyRefunds).toBe(7);
  });
});
