import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Params } from "./params.ts";
import { dayMs, startDouyin } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startDouyin>>;
beforeEach(async () => {
  sim = await startDouyin();
});
afterEach(() => sim.douyin.stop());

const apply = (type: number, force: Params = {}) => {
  const { id } = sim.douyin.apply({ shopId: sim.shop.shopId, type });
  sim.douyin.act(id, "force", force);
  return id;
};
const status = (id: string) => sim.douyin.case(id)?.status;

describe("refusing a refund asked for before shipment", () => {
  const shipping = (id: string, more: Params = {}) =>
    sim.call("/order/logisticsAdd", {
      order_id: sim.douyin.case(id)?.order.orderId,
      company_code: "yuantong",
      logistics_code: "YT0000000000123",
      ...more,
    });

  it("is done by shipping the order with the flag that says so", async () => {
    const id = apply(2);
    expect((await shipping(id)).code).toBe(50002);
    expect(status(id)).toBe(6);
    expect((await shipping(id, { is_reject_refund: true })).code).toBe(10000);
    expect(status(id)).toBe(27);
    expect((await shipping(id, { is_reject_refund: true })).code).toBe(50002);
  });

  it("has no reject reasons to offer", async () => {
    const { data } = await sim.call("/afterSale/rejectReasonCodeList", { aftersale_id: apply(2) });
    expect(data.items).toEqual([]);
  });
});

describe("reject reasons", () => {
  it("depend on whether the seller has the goods, and are gone once the case is audited", async () => {
    const codes = async (params: Params) =>
      ((await sim.data("/afterSale/rejectReasonCodeList", params)).items as Params[]).map(
        ({ reject_reason_code, evidence_need }) => `${reject_reason_code}${evidence_need}`,
      );
    expect(await codes({ aftersale_id: apply(1) })).toEqual(["5N", "41N", "42Y"]);
    expect(await codes({ aftersale_id: apply(0, { status: 11 }) })).toEqual(["5N", "6Y", "35Y"]);
    expect(await codes({ aftersale_id: apply(0, { status: 12 }) })).toEqual([]);
    expect(await codes({})).toHaveLength(5);
  });
});

describe("timeExtend", () => {
  it("adds seven days in the last two, not before", async () => {
    const id = apply(0, { status: 7 });
    sim.douyin.act(id, "ship");
    const before = sim.douyin.case(id)?.statusDeadline ?? 0;
    expect((await sim.call("/afterSale/timeExtend", { aftersale_id: id })).subCode).toBe("isv.parameter-invalid:10001");
    await sim.clock.advance(5 * dayMs);
    expect((await sim.call("/afterSale/timeExtend", { aftersale_id: id })).code).toBe(10000);
    expect(sim.douyin.case(id)?.statusDeadline).toBe(before + 7 * 86_400);
  });
});

describe("fillLogistics", () => {
  const fill = (id: string, sendType: number, trackingNo = "SF0000000000555") =>
    sim.call("/afterSale/fillLogistics", {
      aftersale_id: id,
      send_type: sendType,
      company_code: "shunfeng",
      tracking_no: trackingNo,
    });

  it.each([
    [7, 8, 1, 13],
    [8, 8, 4, 13],
    [0, 7, 3, 11],
    [3, 7, 3, 11],
  ])("of a case of type %i at %i with send_type %i leads to %i", async (type, from, sendType, to) => {
    const id = apply(type, { status: from });
    expect((await fill(id, sendType)).code).toBe(10000);
    expect(status(id)).toBe(to);
  });

  it("refuses a bad waybill, a wrong moment and a case it does not know, each with its number", async () => {
    expect((await fill(apply(7, { status: 8 }), 1, "?")).subCode).toBe("isv.business-failed:602001");
    expect((await fill(apply(7), 1)).subCode).toBe("isv.business-failed:19009");
    expect((await fill(apply(0), 3)).subCode).toBe("isv.business-failed:19009");
    expect((await fill(apply(8, { status: 7 }), 3)).subCode).toBe("isv.business-failed:19009");
    expect((await fill("7300000000000000001", 1)).subCode).toBe("isv.business-failed:11000");
  });
});

describe("the refund helper", () => {
  it("is off by default, refunds once when on, and says so when another was first", async () => {
    const id = apply(2);
    const stop = () => sim.call("/afterSale/CancelSendGoodsSuccess", { aftersale_id: id, op_time: 1767225600 });
    expect((await stop()).subCode).toBe("isv.business-failed:11002");
    sim.douyin.changeShop(sim.shop.shopId, { refundHelper: { onShipmentStopped: true, onGoodsBookedIn: true } });
    expect((await stop()).code).toBe(10000);
    expect((await stop()).subCode).toBe("isv.business-failed:12001");
    expect(sim.douyin.case(id)).toMatchObject({ status: 12, consentBy: "platform_robot", autoAuditBits: [12] });
  });

  it("refunds when returned goods are booked in", async () => {
    sim.douyin.changeShop(sim.shop.shopId, { refundHelper: { onShipmentStopped: false, onGoodsBookedIn: true } });
    const id = apply(0, { status: 11 });
    const params = { op_time: 1767225600, tracking_no: "SF0000000000555", logistics_company_code: "shunfeng" };
    await sim.call("/afterSale/returnGoodsToWareHouseSuccess", { aftersale_id: id, ...params });
    expect(status(id)).toBe(12);
  });
});

describe("smaller calls", () => {
  it("stops only parcels that are still on their way", async () => {
    const id = apply(1);
    const parcel = sim.douyin.case(id)?.order.parcel;
    const targets = [
      { company_code: "yuantong", tracking_no: parcel?.trackingNo },
      { company_code: "yuantong", tracking_no: "YT0000000000000" },
    ];
    const { data } = await sim.call("/afterSale/applyLogisticsIntercept", {
      after_sale_id: id,
      op_from: 1,
      intercept_targets: targets,
    });
    expect(data).toMatchObject({ success_count: 1, failed_count: 1 });
  });

  it("keeps a remark without making a new version of the case", async () => {
    const id = apply(1);
    const before = (await sim.detail(id)).update_time;
    await sim.clock.advance(1000);
    expect((await sim.call("/afterSale/addOrderRemark", { after_sale_id: id, remark: "" })).subCode).toMatch(/:11000$/);
    expect((await sim.call("/afterSale/addOrderRemark", { after_sale_id: id, remark: "已联系买家" })).code).toBe(10000);
    expect((await sim.detail(id)).update_time).toBe(before);
  });

  it("shows the order with the case's status on its line", async () => {
    const id = apply(2);
    const orderId = sim.douyin.case(id)?.order.orderId;
    sim.douyin.act(id, "withdraw");
    const { shop_order_detail } = await sim.data("/order/orderDetail", { shop_order_id: orderId });
    expect(shop_order_detail).toMatchObject({
      order_id: orderId,
      sku_order_list: [{ after_sale_info: { after_sale_status: 28, after_sale_type: 2, refund_status: 1 } }],
    });
  });

  it("counts address pages from 1", async () => {
    const query = { page_size: 2, order_by: "asc", order_field: "create_time" };
    const second = await sim.data("/address/list", { ...query, page_no: 2 });
    expect(second.address_list).toHaveLength(1);
    expect((await sim.call("/address/list", { ...query, page_no: 0 })).code).not.toBe(10000);
  });
});
