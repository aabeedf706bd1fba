import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Facts } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { reconciliation, refundDayOf } from "#shared/refund-days.ts";
import { renewal } from "#shared/renewal.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { hearLines } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { type Deps, reconcileRefunds } from "./reconcile-refunds.ts";
import { redactEnded } from "./redact-ended.ts";

const table = useTable();
const cny = (amountMinor: number) => ({ amountMinor, currency: "CNY" });
const paid = (amountMinor: number): Facts["money"] => ({
  status: "paid",
  claimed: cny(15_900),
  settled: cny(amountMinor),
});
const held = (id: string, money: Facts["money"]) => sampleCase({ id, facts: { money } });
const { tenantId, channel, shopId } = sampleCase();
const place = { tenantId, channel, shopId, feed: reconciliation };
let now = new Date("2026-11-26T03:00:00.000Z");
let store: Store;
/** The channel's own view of each case's money, by case id. */
let theirs: Record<string, Facts["money"]>;
let asked: string[];
let counts: string[];

beforeEach(async () => {
  now = new Date("2026-11-26T03:00:00.000Z");
  store = createStore(table());
  theirs = {};
  asked = [];
  counts = [];
  hearLines((line) => void counts.push(line));
  const shop = { tenantId, channel, shopId, name: "x", mode: "auto", status: "connected" } as const;
  await store.shops.connect({ ...shop, addresses: [], connectedAt: "2026-11-26T02:00:00.000Z" }, Buffer.from("{}"), [
    reconciliation,
  ]);
});

function deps(fail?: SuiteError, personsForDays: Record<string, number> = {}): Deps {
  const connector: Connector = {
    id: channel,
    settings: { app: z.unknown(), credentials: z.unknown() },
    fetch: async ({ subject }) => {
      if (fail) throw fail;
      const id = subject.kind === "case" ? subject.channelCaseId : "";
      asked.push(id);
      return [{ payload: id }];
    },
    normalize: ({ payload }) => {
      const { facts, versions } = held(String(payload), theirs[String(payload)] ?? paid(0));
      const version = versions.case?.version ?? 1;
      const observedAt = now.toISOString();
      return {
        channel,
        shopId,
        channelCaseId: held(String(payload), paid(0)).channelCaseId,
        facet: "case",
        version,
        observedAt,
        facts,
      };
    },
    explain: () => undefined,
  };
  return {
    ...{ cases: store.cases, shops: store.shops, feeds: store.feeds, references: store.references },
    ...{
      connectorOf: () => connector,
      channelSettings: async () => [{}],
      clockRulesOf: async () => ({ ...defaultClockRules, rules: { ...defaultClockRules.rules, personsForDays } }),
    },
    vault: { seal: async () => new Uint8Array(), open: async () => ({}) },
    http: () => Promise.reject(new Error("no call is made here")),
    clock: { now: () => now },
  };
}

async function keep(id: string, money: Facts["money"], day = "2026-11-25T12:00:00.000Z") {
  const subject = held(id, money);
  await store.cases.create(subject);
  await store.references.put(tenantId, subject.caseId, [refundDayOf({ channel, shopId }, day)]);
}
const get = (id: string) => store.cases.get(tenantId, held(id, paid(0)).caseId);

it("tells of money that differs, counts it, and takes the channel's word for it", async () => {
  await keep("1", paid(15_900));
  await keep("2", { status: "moving", claimed: cny(15_900) });
  theirs = { 1: paid(15_900), 2: paid(15_900) };
  await reconcileRefunds(place, deps());
  expect(asked.sort()).toEqual(["1", "2"]);
  expect((await get("1"))?.revision).toBe(1);
  const corrected = await get("2");
  expect(corrected?.facts.money).toMatchObject({ status: "paid", settled: cny(15_900) });
  expect(corrected?.revision).toBe(3); // told, then put right
});

it("asks a person where another amount was taken for paid, once", async () => {
  await keep("1", paid(15_900));
  theirs = { 1: paid(9_900) };
  await reconcileRefunds(place, deps());
  expect((await get("1"))?.tasks).toMatchObject([{ taskId: "refund_mismatched", onlyByPerson: true }]);
  now = new Date("2026-11-27T03:00:00.000Z");
  await reconcileRefunds(place, deps());
  expect((await get("1"))?.tasks).toHaveLength(1);
});

it("has the grant looked after of a shop that was connected before that was done", async () => {
  await reconcileRefunds(place, deps(new SuiteError("rate_limited", "slow down")));
  expect(await store.feeds.take({ ...place, feed: renewal }, now, 1000)).toBeDefined();
});

it("looks ten days back and no further, and comes again after a day", async () => {
  await keep("1", paid(15_900), "2026-11-16T12:00:00.000Z");
  await keep("2", paid(15_900), "2026-11-15T12:00:00.000Z");
  theirs = { 1: paid(15_900), 2: paid(15_900) };
  await reconcileRefunds(place, deps());
  expect(asked).toEqual(["1"]);
  await reconcileRefunds(place, deps());
  expect(asked).toEqual(["1"]);
  now = new Date("2026-11-27T02:59:59.000Z");
  expect(await store.feeds.take(place, now, 1000)).toBeUndefined();
  now = new Date("2026-11-27T03:00:00.000Z");
  expect(await store.feeds.take(place, now, 1000)).toBeDefined();
});

it("takes turns on a long list, each after the last", async () => {
  const ids = Array.from({ length: 160 }, (_, nth) => String(1000 + nth));
  await Promise.all(ids.map((id) => keep(id, paid(15_900))));
  theirs = Object.fromEntries(ids.map((id) => [id, paid(15_900)]));
  await reconcileRefunds(place, deps());
  expect(asked).toHaveLength(150);
  await reconcileRefunds(place, deps());
  expect(new Set(asked).size).toBe(160);
  expect(asked).toHaveLength(160);
});

it("goes on later where the channel does not answer", async () => {
  await keep("1", paid(15_900));
  await reconcileRefunds(place, deps(new SuiteError("rate_limited", "slow down")));
  expect(asked).toEqual([]);
  now = new Date("2026-11-26T03:15:00.000Z");
  theirs = { 1: paid(15_900) };
  await reconcileRefunds(place, deps());
  expect(asked).toEqual(["1"]);
});

describe("a case that is over", () => {
  const goods = { wayBack: { trackingNo: "1Z0000000000000001" } };
  const closed = { known: true, value: "closed", raw: "28" } as const;
  const shop = { tenantId, channel, shopId };
  const end = async (id: string, from: string, state: Facts["state"] = closed) => {
    const subject = sampleCase({ id, facts: { state, goods } });
    await store.cases.create(subject);
    await store.references.putEnded(shop, { caseId: subject.caseId, from });
  };
  const goodsOf = async (id: string) => (await get(id))?.facts.goods;
  const waiting = async () => {
    const found = [];
    for await (const each of store.references.endedUpTo(shop, "2099-01-01T00:00:00.000Z")) found.push(each.caseId);
    return found;
  };

  it("leads to nobody when its days are over, and not before, whoever lets us in", async () => {
    await end("1", "2026-08-28T03:00:00.000Z");
    await end("2", "2026-08-29T04:00:00.001Z");
    await end("3", "2026-05-01T09:00:00.000Z");
    const parked = new SuiteError("credentials_rejected", "the shop is parked");
    await reconcileRefunds(place, deps(parked));
    expect(await Promise.all(["1", "2", "3"].map(goodsOf))).toEqual([{}, goods, {}]);
    expect((await get("1"))?.news).toMatchObject([{ name: "case.redacted", data: { why: "term_ended" } }]);
    now = new Date("2026-11-27T03:00:00.000Z");
    await reconcileRefunds(place, deps());
    expect(await goodsOf("2")).toEqual({});
    expect(await waiting()).toEqual([]);
    expect((await get("1"))?.revision).toBe(2);
  });

  it("follows what the merchant chose for the shop, also when it chose less than before", async () => {
    await end("1", "2026-11-18T12:00:00.000Z");
    await end("2", "2026-10-01T12:00:00.000Z");
    await reconcileRefunds(place, deps(undefined, { douyin: 7, [`douyin:${shopId}`]: 60 }));
    expect(await Promise.all(["1", "2"].map(goodsOf))).toEqual([goods, goods]);
    now = new Date("2026-11-27T03:00:00.000Z");
    await reconcileRefunds(place, deps(undefined, { douyin: 7 }));
    expect(await Promise.all(["1", "2"].map(goodsOf))).toEqual([{}, {}]);
  });

  it("leaves the rest to another turn where many are due together", async () => {
    for (const id of ["1", "2", "3"]) await end(id, `2026-05-0${id}T09:00:00.000Z`);
    expect(await redactEnded(shop, deps(), { atMost: 2 })).toBe(false);
    expect(await Promise.all(["1", "2", "3"].map(goodsOf))).toEqual([{}, {}, goods]);
    expect(await redactEnded(shop, deps(), { atMost: 2 })).toBe(true);
    expect(await goodsOf("3")).toEqual({});
  });

  it("stays as it is once it is opened anew, and waits for its next end", async () => {
    await end("1", "2026-05-01T09:00:00.000Z", { known: true, value: "requested", raw: "6" });
    await reconcileRefunds(place, deps());
    expect(await goodsOf("1")).toEqual(goods);
    expect(await waiting()).toEqual([]);
  });

  it("holds up no other when it is gone itself", async () => {
    await store.references.putEnded(shop, { caseId: held("9", paid(0)).caseId, from: "2026-05-01T09:00:00.000Z" });
    await end("1", "2026-05-02T09:00:00.000Z");
    await reconcileRefunds(place, deps());
    expect(await goodsOf("1")).toEqual({});
  });
});

it("counts refunds whose parts do not add up", async () => {
  await keep("1", paid(15_900));
  const part = { kind: "goods", ledger: "merchant", amount: cny(1), status: "confirmed" } as const;
  theirs = { 1: { ...paid(15_900), parts: [part] } };
  await reconcileRefunds(place, deps());
  expect(counts.some((line) => line.includes("RefundUnbalanced"))).toBe(true);
});
