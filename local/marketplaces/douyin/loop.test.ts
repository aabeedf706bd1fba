import { describe, expect, it } from "vitest";
import { dayMs, hourMs, startDouyin, startReceiver } from "./test-client.ts";

describe("a return from application to refund", () => {
  it("goes through consent, parcel, receipt and money, and pays once", async () => {
    const { douyin, clock, shop, data, detail, operate } = await startDouyin();
    const receiver = await startReceiver();
    douyin.pushTo(receiver.url);
    const { channelCaseId: id } = await douyin.openCase({ shopId: shop.shopId, plan: "return_no_reason", seed: 4 });
    await clock.advance(1000);
    const opened = await detail(id);
    expect(opened).toMatchObject({ after_sale_id: BigInt(id), after_sale_status: 6, refund_status: 1 });
    expect(Number(opened.status_deadline) - Number(opened.apply_time)).toBe(172_800);
    expect(douyin.truth()[0]).toMatchObject({ state: "requested", dueAt: "2026-01-03T00:00:00.000Z", settledMinor: 0 });

    const addresses = await data("/address/list", {
      page_no: 1,
      page_size: 10,
      order_by: "asc",
      order_field: "create_time",
    });
    const [address] = addresses.address_list as { address_id: bigint; is_default: number }[];
    const agreed = await operate(101, id, {
      update_time: Number(opened.update_time),
      logistics: { receiver_address_id: String(address?.address_id) },
    });
    expect(agreed.code).toBe(10000);
    expect(douyin.truth()[0]?.state).toBe("approved");
    await clock.advance(2 * dayMs);
    expect(douyin.truth()[0]?.state).toBe("return_in_transit");
    await clock.advance(5 * dayMs);
    expect(douyin.truth()[0]).toMatchObject({ state: "refunded", final: true, settled: true, missedDeadlines: 0 });
    expect(douyin.ledger()).toMatchObject([
      { channelCaseId: id, amountMinor: opened.refund_total_amount, executedBy: "merchant_console" },
    ]);
    expect(receiver.records().map(({ tag }) => tag)).toEqual(["200", "202", "203", "209", "201", "206"]);
    receiver.stop();
    await douyin.stop();
  });

  it("is agreed, confirmed and paid by timers when nobody acts", async () => {
    const { douyin, clock, shop } = await startDouyin();
    await douyin.openCase({ shopId: shop.shopId, plan: "return_receipt_by_timer", seed: 4 });
    await clock.advance(30 * dayMs);
    expect(douyin.truth()[0]).toMatchObject({ state: "refunded", missedDeadlines: 2 });
    expect(douyin.ledger()).toMatchObject([{ executedBy: "platform_timer" }]);
    await douyin.stop();
  });
});

describe("every plan", () => {
  it("ends by itself, unless it says it needs an answer", async () => {
    const { douyin, clock, shop } = await startDouyin();
    const names = Object.keys(douyin.plans);
    for (const plan of names) for (const seed of [1, 2, 3]) await douyin.openCase({ shopId: shop.shopId, plan, seed });
    for (let hours = 0; hours < 60 * 24; hours += 6) await clock.advance(6 * hourMs);
    const open = douyin.truth().filter(({ settled, final }) => !settled || !final);
    expect(new Set(open.map(({ plan }) => plan))).toEqual(
      new Set(names.filter((name) => douyin.plans[name]?.needsAnswer)),
    );
    const paid = douyin.ledger().map(({ channelCaseId }) => channelCaseId);
    expect(new Set(paid).size).toBe(paid.length);
    const settled = douyin.truth().reduce((sum, { settledMinor }) => sum + settledMinor, 0);
    expect(douyin.ledger().reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(settled);
    await douyin.stop();
  });

  it("goes the same way for the same seed", async () => {
    const run = async () => {
      const { douyin, clock, shop } = await startDouyin();
      for (const plan of Object.keys(douyin.plans)) await douyin.openCase({ shopId: shop.shopId, plan, seed: 11 });
      await clock.advance(40 * dayMs);
      await douyin.stop();
      return { truth: douyin.truth(), ledger: douyin.ledger() };
    };
    expect(await run()).toEqual(await run());
  });
});
