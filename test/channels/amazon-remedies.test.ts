import { expect, it } from "vitest";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import { startAmazonShop } from "./amazon-shop.ts";

const hour = 3_600_000;
const day = 24 * hour;
type Shop = Awaited<ReturnType<typeof startAmazonShop>>;

const start = () => startAmazonShop({ clockRules: defaultClockRules, now: "2026-03-02T02:00:00Z" });
const clocksOf = (shop: Shop, key: string) =>
  shop.held(key).deadlines.map(({ kind, dueAt, status }) => [kind, dueAt, status]);
const tasksOf = (shop: Shop, key: string) => shop.held(key).tasks.map(({ taskId, link }) => [taskId, link]);

/** Paid by Amazon at the first scan, back a day later, and proven by Finances. */
async function paidAtFirstScan(shop: Shop): Promise<string> {
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 5, resolution: "RefundAtFirstScan" });
  await shop.clock.advance(day);
  shop.amazon.act(key, "scan");
  await shop.clock.advance(day);
  shop.amazon.act(key, "deliver");
  await shop.clock.advance(hour);
  await shop.pollAll();
  return key;
}

it("what Amazon paid at the first scan may be claimed back for thirty days, and is met when it is filed", async () => {
  const shop = await start();
  const key = await paidAtFirstScan(shop);
  // Paid on the evening of the 2nd in the store's time, back on the 3rd: thirty days from its midnight, one an hour shorter.
  expect(clocksOf(shop, key)).toEqual([["claim_back", "2026-04-02T07:00:00.000Z", "running"]]);
  expect(tasksOf(shop, key)).toEqual([["clock_claim_back", "https://sellercentral.amazon.com/safet-claims"]]);

  await shop.clock.advance(3 * day);
  shop.amazon.act(key, "file-safet");
  await shop.poll("returns");
  expect(shop.held(key).facts.reclaim).toMatchObject({ status: "Under review", filedAt: "2026-03-06T08:00:00.000Z" });
  expect([clocksOf(shop, key), tasksOf(shop, key)]).toEqual([[], []]);

  await shop.clock.advance(day);
  shop.amazon.act(key, "grant-safet");
  await shop.poll("returns");
  const { principalMinor = 0 } = shop.amazon.case(key) ?? {};
  expect(shop.held(key).facts.reclaim).toMatchObject({
    status: "Granted",
    granted: { amountMinor: principalMinor, currency: "USD" },
  });
  await shop.stop();
});

it("a claim that Amazon granted may be appealed for thirty days from the debit", async () => {
  const shop = await start();
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 6 });
  shop.amazon.act(key, "claim");
  await shop.poll("returns");
  expect(tasksOf(shop, key).map(([taskId]) => taskId)).toContain("clock_evidence");
  shop.amazon.act(key, "grant-claim");
  await shop.clock.advance(day);
  await shop.pollAll();
  const { settledAt = "" } = shop.held(key).facts.money;
  expect(clocksOf(shop, key)).toEqual([["appeal", expect.stringMatching(/^2026-0[34]/), "running"]]);
  const [[, dueAt] = []] = clocksOf(shop, key);
  // An hour less, because the clocks went forward in between.
  expect(Date.parse(String(dueAt)) - Date.parse(settledAt)).toBe(30 * day - hour);
  expect(tasksOf(shop, key).map(([taskId]) => taskId)).toEqual(["clock_appeal"]);
  await shop.stop();
});

it("what the merchant paid may not be claimed back", async () => {
  const shop = await start();
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 7 });
  await shop.clock.advance(day);
  shop.amazon.act(key, "deliver");
  shop.amazon.act(key, "staff-refund");
  await shop.clock.advance(day);
  await shop.pollAll();
  expect(shop.held(key).facts).toMatchObject({ state: { value: "refunded" }, money: { status: "paid" } });
  expect(clocksOf(shop, key)).toEqual([]);
  await shop.stop();
});
