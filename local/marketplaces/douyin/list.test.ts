import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Params } from "./params.ts";
import { dayMs, minuteMs, startDouyin } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startDouyin>>;
const ids: string[] = [];
const startSeconds = 1767225600;

/** Five cases, one a minute, types 0 1 2 0 1, amounts 1000, 2000, … */
beforeAll(async () => {
  sim = await startDouyin({ settings: { callsAtOnce: 10_000 } });
  for (const [nth, type] of [0, 1, 2, 0, 1].entries()) {
    ids.push(sim.douyin.apply({ shopId: sim.shop.shopId, type, payAmount: (nth + 1) * 1000, postAmount: 0 }).id);
    await sim.clock.advance(minuteMs);
  }
});
afterAll(() => sim.douyin.stop());

async function listed(params: Params): Promise<number[]> {
  const { items } = await sim.data("/afterSale/List", { page: 0, size: 50, order_by: ["apply_time asc"], ...params });
  return (items as { aftersale_info: { aftersale_id: string } }[]).map(({ aftersale_info }) =>
    ids.indexOf(aftersale_info.aftersale_id),
  );
}

describe("afterSale/List", () => {
  it("pages from 0, says whether there is more, and gives the rows of this page as size", async () => {
    const page = (number: number) =>
      sim.data("/afterSale/List", { page: number, size: 2, order_by: ["update_time asc"] });
    expect(await page(0)).toMatchObject({ has_more: true, total: 5, page: 0, size: 2 });
    expect(await page(2)).toMatchObject({ has_more: false, total: 5, page: 2, size: 1 });
  });

  it("writes case and order ids as text", async () => {
    const { items } = await sim.data("/afterSale/List", { page: 0, size: 1 });
    const [row] = items as { aftersale_info: Params; order_info: Params }[];
    expect(row?.aftersale_info.aftersale_id).toMatch(/^73\d{17}$/);
    expect(row?.order_info.shop_order_id).toMatch(/^69\d{17}$/);
  });

  it.each<[string, Params, number[]]>([
    [
      "both ends of the update window",
      { update_start_time: startSeconds + 60, update_end_time: startSeconds + 120 },
      [1, 2],
    ],
    ["the start, not the end, of the apply window", { start_time: startSeconds, end_time: startSeconds + 60 }, [0]],
    ["the type", { aftersale_type: 1 }, [1, 4]],
    ["statuses, ignoring numbers that are none", { standard_aftersale_status: [6, 999] }, [0, 1, 2, 3, 4]],
    ["nothing by status when all numbers are none", { standard_aftersale_status: [999] }, [0, 1, 2, 3, 4]],
    ["amounts from, and below", { amount_start: 2000, amount_end: 4000 }, [1, 2]],
    ["the opposite order", { order_by: ["apply_time desc"] }, [4, 3, 2, 1, 0]],
    ["return parcels that are not on their way", { logistics_status: 3, aftersale_type: 0 }, [0, 3]],
    ["arbitration", { arbitrate_status: [1, 4] }, []],
    ["cases that reached their end", { aftersale_status_to_final_start_time: startSeconds }, []],
  ])("filters by %s", async (_what, params, expected) => {
    expect(await listed(params)).toEqual(expected);
  });

  it("finds one case, and the cases of one order", async () => {
    expect(await listed({ aftersale_id: ids[3] })).toEqual([3]);
    expect(await listed({ order_id: sim.douyin.case(ids[2] ?? "")?.order.orderId })).toEqual([2]);
  });

  it.each<[string, Params]>([
    ["a page size over 100", { size: 101 }],
    ["rows beyond 50,000", { page: 600, size: 100 }],
    ["an order by something else", { order_by: ["refund_amount asc"] }],
    ["a page that is text", { page: "0" }],
  ])("refuses %s", async (_what, params) => {
    expect((await sim.call("/afterSale/List", { page: 0, size: 50, ...params })).code).toBe(40004);
  });

  it("looks back six months unless times are given", async () => {
    const later = await startDouyin();
    later.douyin.apply({ shopId: later.shop.shopId, type: 1 });
    await later.clock.advance(200 * dayMs);
    const fresh = await later.call(
      "/token/create",
      { code: "", grant_type: "authorization_self", shop_id: later.shop.shopId },
      { access_token: "" },
    );
    const total = async (params: Params) =>
      (
        await later.call(
          "/afterSale/List",
          { page: 0, size: 10, ...params },
          { access_token: String(fresh.data.access_token) },
        )
      ).data.total;
    expect([await total({}), await total({ start_time: startSeconds })]).toEqual([0, 1]);
    await later.douyin.stop();
  });
});
