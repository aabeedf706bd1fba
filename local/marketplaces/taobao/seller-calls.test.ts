import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Kind } from "./model.ts";
import { hourMs, png, startTaobao } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startTaobao>>;
beforeEach(async () => {
  sim = await startTaobao();
});
afterEach(() => sim.taobao.stop());

const apply = (kind: Kind, rest: object = {}) =>
  sim.taobao.apply({ shopId: sim.shop.shopId, kind, paidFen: 15_900, ...rest });
const addressId = async () => {
  const { addresses } = await sim.ask("taobao.logistics.address.search", { rdef: "cancel_def" });
  return (addresses as { address_result: { contact_id: number }[] }).address_result[0]?.contact_id;
};
const agree = (infos: string, rest: object = {}) =>
  sim.ask("taobao.rp.refunds.agree", { refund_infos: infos, ...rest });
const lock = ({ version }: { version: number }, phase = "onsale") => ({ refund_version: version, refund_phase: phase });

describe("agreeing to a refund", () => {
  it("pays once, in fen, a little after the consent", async () => {
    const case_ = apply("refund");
    const { version, id } = case_;
    expect(await agree(`${id}|15900|${version}|onsale`)).toMatchObject({ succ: true, msg_code: "OP_SUCC" });
    expect((await sim.refund(id)).status).toBe("WAIT_SELLER_AGREE");
    expect(await agree(`${id}|15900|${case_.version}|onsale`)).toMatchObject({ succ: false });
    await sim.clock.advance(hourMs);
    expect(await sim.refund(id)).toMatchObject({ status: "SUCCESS", refund_fee: "159.00", payment: "0.00" });
    expect(sim.taobao.ledger()).toMatchObject([{ amountMinor: 15_900, executedBy: "merchant_api" }]);
  });

  it("fails in part: an old version, a wrong phase, too much money", async () => {
    const [one, two, three] = [1, 2, 3].map((seed) => apply("refund", { seed }));
    if (!one || !two || !three) throw new Error("no cases");
    const infos = [
      `${one.id}|15900|${one.version - 1}|onsale`,
      `${two.id}|1000|${two.version}|onsale`,
      `${three.id}|15901|${three.version}|onsale`,
    ];
    const { msg_code, results } = await agree(infos.join(","));
    expect(msg_code).toBe("SOME_OP_SUCC");
    const rows = (results as { refund_mapping_result: { succ: boolean; message: string }[] }).refund_mapping_result;
    expect(rows.map(({ succ }) => succ)).toEqual([false, true, false]);
    expect(rows[0]?.message).toContain("版本");
  });

  it("asks for the code on the seller's phone, unless it may be skipped or is given", async () => {
    sim.taobao.changeShop(sim.shop.shopId, { wantsSmsCode: true });
    const { id, version } = apply("refund");
    const info = `${id}|15900|${version}|onsale`;
    expect(await agree(info)).toMatchObject({ succ: false, msg_code: "OP_FAILURE_UE", message: "需要短信验证码" });
    expect(await agree(info, { code: "123456" })).toMatchObject({ succ: true });
  });

  it("is for sub-accounts, and for 20 at once", async () => {
    const { id, version } = apply("refund");
    const info = `${id}|15900|${version}|onsale`;
    const many = await sim.call("taobao.rp.refunds.agree", { refund_infos: Array(21).fill(info).join(",") });
    expect(many.error_response?.code).toBe(41);
    const session = sim.taobao.authoriseByMainAccount(sim.shop.shopId);
    const main = await sim.call("taobao.rp.refunds.agree", { refund_infos: info, session });
    expect(main.error_response?.code).toBe(12);
  });
});

describe("a return", () => {
  it("is agreed with the address, sent back and paid", async () => {
    const case_ = apply("return", { reason: "质量问题" });
    const { id } = case_;
    const params = { refund_id: id, seller_address_id: await addressId(), remark: "好", ...lock(case_) };
    expect(
      (await sim.call("taobao.rp.returngoods.agree", { ...params, refund_version: 1 })).error_response?.sub_code,
    ).toBe("isv.refund-version-error");
    expect(await sim.ask("taobao.rp.returngoods.agree", params)).toMatchObject({ is_success: true });
    expect(await sim.refund(id)).toMatchObject({
      status: "WAIT_BUYER_RETURN_GOODS",
      address: expect.stringContaining("余杭区"),
    });
    sim.taobao.act(id, "send-back");
    expect(await sim.refund(id)).toMatchObject({ status: "WAIT_SELLER_CONFIRM_GOODS", sid: "SF1234567890123" });
    await agree(`${id}|15900|${case_.version}|onsale`);
    await sim.clock.advance(hourMs);
    expect((await sim.refund(id)).status).toBe("SUCCESS");
  });

  it("of a Taobao shop wants the address in words", async () => {
    await sim.taobao.stop();
    sim = await startTaobao({ shopName: "模拟淘宝店" });
    const { id } = apply("return");
    const params = { refund_id: id, seller_address_id: await addressId() };
    expect((await sim.call("taobao.rp.returngoods.agree", params)).error_response?.sub_code).toBe(
      "isv.missing-parameter:name",
    );
    const words = { name: "仓", address: "路", post: "1", tel: "1", mobile: "1" };
    expect(await sim.ask("taobao.rp.returngoods.agree", { ...params, ...words })).toMatchObject({ is_success: true });
  });

  it("may be refilled with a waybill while the buyer has entered none", async () => {
    const { id } = apply("return");
    sim.taobao.act(id, "staff-agrees");
    const params = {
      refund_id: id,
      refund_phase: "onsale",
      logistics_waybill_no: "YT1",
      logistics_company_code: "YTO",
    };
    expect(await sim.ask("taobao.rp.returngoods.refill", params)).toMatchObject({ is_success: true });
    expect((await sim.call("taobao.rp.returngoods.refill", params)).error_response?.sub_code).toBe(
      "isv.refund-status-error",
    );
  });
});

describe("refusing", () => {
  it("needs a reason of the case, a text and a picture, and gives the buyer five days", async () => {
    const case_ = apply("return", { reason: "质量问题" });
    const params = { refund_id: case_.id, refuse_message: "请补充凭证", refuse_reason_id: 15, ...lock(case_) };
    expect((await sim.call("taobao.refund.refuse", params)).error_response?.code).toBe(40);
    const odd = { refuse_proof: Buffer.from("<svg/>") };
    expect((await sim.call("taobao.refund.refuse", params, odd)).error_response?.code).toBe(41);
    expect(
      (await sim.call("taobao.refund.refuse", params, { refuse_proof: Buffer.concat([png, Buffer.alloc(130_000)]) }))
        .error_response?.code,
    ).toBe(41);
    const answer = await sim.ask("taobao.refund.refuse", params, { refuse_proof: png });
    expect(answer).toMatchObject({ is_success: true, refund: { status: "SELLER_REFUSE_BUYER" } });
    expect((await sim.refund(case_.id)).refund_remind_timeout).toMatchObject({ timeout: "2026-03-06 09:00:00" });
    await sim.clock.advance(5 * 24 * hourMs);
    expect((await sim.refund(case_.id)).status).toBe("CLOSED");
  });

  it.each([
    ["an order that was not shipped", "refund", {}],
    ["a return without a reason", "return", { reason: "7天无理由退换货" }],
    ["a case that is marked", "return", { reason: "质量问题", constraint: "cannot_refuse" }],
  ] as const)("is not possible for %s", async (_, kind, rest) => {
    const case_ = apply(kind, rest);
    const params = { refund_id: case_.id, refuse_message: "请补充凭证", ...lock(case_) };
    const { error_response: error } = await sim.call("taobao.refund.refuse", params, { refuse_proof: png });
    expect(error?.sub_code).toBe("isv.refund-cannot-refuse");
  });
});

describe("an exchange", () => {
  const act = (method: string, id: string, rest: object = {}) =>
    sim.ask(`tmall.exchange.${method}`, { dispute_id: id, fields: "dispute_id,status,bizorder_id", ...rest });
  const parcel = { logistics_no: "YT1", logistics_type: 200, logistics_company_name: "圆通速递" };

  it("goes through its steps, each told in Chinese", async () => {
    const { id } = apply("exchange");
    expect(await act("agree", id, { address_id: await addressId() })).toMatchObject({
      result: { exchange: { status: "待买家退货" } },
    });
    expect(await act("consigngoods", id, parcel)).toMatchObject({ result: { success: false, msg_code: "10000" } });
    sim.taobao.act(id, "send-back");
    expect(await act("returngoods.agree", id)).toMatchObject({ result: { exchange: { status: "待发出换货商品" } } });
    expect(await act("consigngoods", id, parcel)).toMatchObject({ result: { exchange: { status: "待买家收货" } } });
    sim.taobao.act(id, "receive");
    expect(await act("get", id)).toMatchObject({
      result: { exchange: { status: "换货成功", biz_order_id: expect.any(String) } },
    });
    expect(sim.taobao.ledger()).toEqual([]);
  });

  it("is confirmed and shipped in one, or becomes a refund with an id of its own", async () => {
    const one = apply("exchange");
    sim.taobao.act(one.id, "staff-agrees");
    sim.taobao.act(one.id, "send-back");
    expect(await act("confirm.consign", one.id, parcel)).toMatchObject({
      result: { exchange: { status: "待买家收货" } },
    });
    const two = apply("exchange", { seed: 2 });
    sim.taobao.act(two.id, "turn-into-refund");
    expect(await act("get", two.id)).toMatchObject({ result: { exchange: { status: "请退款" } } });
    expect(sim.taobao.truth()).toHaveLength(3);
  });

  it("wants one of its own reasons to be refused", async () => {
    const { id } = apply("exchange");
    const wrong = await sim.call("tmall.exchange.refuse", {
      dispute_id: id,
      fields: "status",
      seller_refuse_reason_id: 1,
    });
    expect(wrong.error_response?.code).toBe(41);
    expect(await act("refuse", id, { seller_refuse_reason_id: 27 })).toMatchObject({
      result: { exchange: { status: "待买家修改" } },
    });
  });
});

describe("a message", () => {
  it("never goes without a picture", async () => {
    const { id } = apply("return");
    const params = { refund_id: id, content: "请尽快寄回" };
    expect((await sim.call("taobao.refund.message.add", params)).error_response?.sub_code).toBe(
      "isv.missing-parameter:image",
    );
    expect(await sim.ask("taobao.refund.message.add", params, { image: png })).toHaveProperty("refund_message");
    expect(
      (await sim.call("taobao.refund.message.add", { ...params, content: "字".repeat(134) }, { image: png }))
        .error_response?.code,
    ).toBe(41);
  });
});
