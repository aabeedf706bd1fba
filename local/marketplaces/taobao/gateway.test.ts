import { afterEach, describe, expect, it } from "vitest";
import { dayMs, everyRefundField, startTaobao } from "./test-client.ts";

type Started = Awaited<ReturnType<typeof startTaobao>>;
const running: Started[] = [];
const start = async (...given: Parameters<typeof startTaobao>) => {
  const started = await startTaobao(...given);
  running.push(started);
  return started;
};
afterEach(async () => {
  for (const { taobao } of running.splice(0)) await taobao.stop();
});

const fields = everyRefundField;
const list = "taobao.refunds.receive.get";

describe("the router", () => {
  it.each([
    [21, { method: "" }],
    [22, { method: "taobao.refund.wipe" }],
    [23, { format: "yaml" }],
    [25, { sign: "66987CB115214E59E6EC978214934FB8" }],
    [28, { app_key: "" }],
    [29, { app_key: "1" }],
    [30, { timestamp: "" }],
    [31, { timestamp: "2026-03-01 08:49:59" }],
    [31, { timestamp: "2026-03-01T09:00:00" }],
    [32, { v: "" }],
    [33, { v: "1.0" }],
    [26, { session: "" }],
    [27, { session: "6200nobody" }],
    [40, { fields: "" }],
  ])("answers %s to %j", async (code, change) => {
    const { call } = await start();
    const answer = await call(list, { fields, ...change });
    // Without a known format the answer is XML.
    if (answer.xml) expect(String(answer.xml)).toContain(`<code>${code}</code>`);
    else expect(answer.error_response?.code).toBe(code);
  });

  it.each(["md5", "hmac", "hmac-sha256"])("takes a signature by %s", async (sign_method) => {
    const { call } = await start();
    expect(await call(list, { fields, sign_method })).toHaveProperty("refunds_receive_get_response");
  });

  it("signs texts as they are, and does not take a lower-case signature", async () => {
    const { call } = await start();
    expect((await call(list, { fields, buyer_nick: "测试 a+b&c=d" })).error_response).toBeUndefined();
    const answer = await call(list, { fields, sign: "a".repeat(32) });
    expect(answer.error_response?.code).toBe(25);
  });

  it("answers in XML unless JSON is asked for", async () => {
    const { call, taobao, shop } = await start();
    taobao.apply({ shopId: shop.shopId, kind: "return", desc: "" });
    const { xml } = await call(list, { fields, format: undefined });
    expect(xml).toContain('<refunds list="true"><refund><refund_id>');
    expect(xml).toContain("<status>WAIT_SELLER_AGREE</status>");
  });

  it("takes the wrappers away in a simplified answer, but not from an error", async () => {
    const { call, taobao, shop } = await start();
    taobao.apply({ shopId: shop.shopId, kind: "return" });
    expect((await call(list, { fields, simplify: true })).refunds).toHaveLength(1);
    expect((await call(list, { simplify: true })).error_response?.code).toBe(40);
  });

  it("leaves the wrapper out where there is nothing", async () => {
    const { ask } = await start();
    expect(await ask(list, { fields, use_has_next: true })).toEqual({
      has_next: false,
      request_id: expect.any(String),
    });
    expect(await ask(list, { fields })).toMatchObject({ total_results: 0 });
  });

  it("writes trades as bare numbers and refunds as text", async () => {
    const { call, taobao, shop } = await start();
    const { id, order } = taobao.apply({ shopId: shop.shopId, kind: "return" });
    const { xml } = await call("taobao.refund.get", { refund_id: id, fields, format: "xml" });
    expect(xml).toContain(`<tid>${order.tid}</tid>`);
    expect(order.tid).toHaveLength(19);
  });

  it("bans for as long as it says, per call, and for the day in China when the day's calls are used up", async () => {
    const { call, clock } = await start({ settings: { callsAtOnce: 1, callsPerSecond: 1, callsPerDay: 4 } });
    await call(list, { fields });
    const { error_response: ban } = await call(list, { fields });
    expect(ban).toMatchObject({ code: 7, sub_msg: "This ban will last for 1 more seconds" });
    expect((await call("taobao.logistics.address.search")).error_response).toBeUndefined();
    await clock.advance(2000);
    expect((await call(list, { fields })).error_response).toBeUndefined();
    const { error_response: quota } = await call("taobao.logistics.address.search");
    expect(quota?.sub_code).toBe("accesscontrol.limited-by-app-access-count");
    await clock.advance(dayMs);
    expect((await call(list, { fields })).error_response).toBeUndefined();
  });

  it("loses answers and fails when told to", async () => {
    const { call, taobao } = await start();
    taobao.inject({ serverError: 1 });
    expect((await call(list, { fields })).error_response?.sub_code).toBe("isp.top-remote-connection-timeout");
    taobao.inject({ throttle: 1 });
    expect((await call(list, { fields })).error_response?.code).toBe(7);
    taobao.inject({ answersLost: 1 });
    await expect(call(list, { fields })).rejects.toThrow();
  });
});

describe("lists", () => {
  it("hide cash on delivery and price protection unless they are asked for", async () => {
    const { ask, taobao, shop } = await start();
    taobao.apply({ shopId: shop.shopId, kind: "refund", tradeType: "cod" });
    taobao.apply({ shopId: shop.shopId, kind: "price", seed: 2 });
    expect(await ask(list, { fields })).toMatchObject({ total_results: 0 });
    expect(await ask(list, { fields, type: "guarantee_trade,cod" })).toMatchObject({ total_results: 1 });
    expect(await ask("taobao.special.refunds.receive.get", { fields })).toMatchObject({ total_results: 1 });
  });

  it("give windows with both ends, pages, and no deadline", async () => {
    const { ask, taobao, shop, clock } = await start();
    for (let seed = 1; seed <= 3; seed++) taobao.apply({ shopId: shop.shopId, kind: "return", seed });
    await clock.advance(10_000);
    const window = { fields, start_modified: "2026-03-01 09:00:00", end_modified: "2026-03-01 09:00:00", page_size: 2 };
    const first = await ask(list, { ...window, use_has_next: true });
    expect(first.has_next).toBe(true);
    const [row] = (first.refunds as { refund: object[] }).refund;
    expect(row).not.toHaveProperty("refund_remind_timeout");
    expect(await ask(list, { ...window, page_no: 2, use_has_next: true })).toMatchObject({ has_next: false });
    expect(
      await ask(list, { ...window, start_modified: "2026-03-01 09:00:01", end_modified: "2026-03-01 10:00:00" }),
    ).toMatchObject({ total_results: 0 });
  });

  it("of exchanges want the end spelled as it is", async () => {
    const { ask, taobao, shop, clock } = await start();
    taobao.apply({ shopId: shop.shopId, kind: "exchange" });
    await clock.advance(1000);
    const asked = {
      fields: "dispute_id,status,time_out,refund_version",
      start_gmt_modified_time: "2026-03-01 08:00:00",
    };
    const answer = await ask("tmall.exchange.receive.get", { ...asked, end_gmt_modifed_time: "2026-03-01 08:30:00" });
    expect(answer).not.toHaveProperty("results");
    const [row] = ((await ask("tmall.exchange.receive.get", asked)).results as { exchange: object[] }).exchange;
    expect(row).toEqual({ dispute_id: expect.any(String), status: "换货待处理", time_out: "2026-03-03 09:00:00" });
  });

  it("and calls of Tmall are not for a Taobao shop", async () => {
    const { call } = await start({ shopName: "模拟淘宝店" });
    for (const method of ["tmall.exchange.receive.get", "tmall.dispute.receive.get"])
      expect((await call(method, { fields: "status" })).error_response?.code).toBe(12);
  });
});
