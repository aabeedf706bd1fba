import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { minuteMs, startDouyin } from "./test-client.ts";
import { int64, writeJson } from "./wire.ts";

let sim: Awaited<ReturnType<typeof startDouyin>>;
const list = { page: 0, size: 50, order_by: ["update_time asc"] };

beforeAll(async () => {
  sim = await startDouyin({ settings: { callsAtOnce: 10_000 } });
});
afterAll(() => sim.douyin.stop());

describe("the gateway", () => {
  it.each([
    ["a wrong signature", { sign: "0".repeat(64) }, 40003, "isv.signature-invalid"],
    ["no signature", { sign: "" }, 40001, "isv.signature-missing"],
    ["an MD5 declared, an HMAC sent", { sign_method: "md5" }, 40003, "isv.signature-invalid"],
    ["an unknown app", { app_key: "1" }, 40003, "isv.parameter-format-invalid"],
    ["a method that is not the path", { method: "afterSale.list" }, 40003, "isv.parameter-format-invalid"],
    ["another version", { v: "1" }, 40003, "isv.parameter-format-invalid"],
    ["a stale timestamp", { timestamp: "1767225600" }, 40003, "isv.timestamp-invalid"],
    ["no access token", { access_token: "" }, 40001, "isv.access-token-missing"],
    ["a made-up access token", { access_token: "nobody" }, 40003, "isv.access-token-no-existed"],
  ])("refuses %s", async (_what, change, code, subCode) => {
    await sim.clock.advance(11 * minuteMs);
    expect(await sim.call("/afterSale/List", list, change)).toMatchObject({ code, subCode });
  });

  it("answers a path that does not exist as taken offline", async () => {
    expect(await sim.call("/afterSale/buyerExchange", {})).toMatchObject({
      code: 70000,
      subCode: "isp.api-service-off",
    });
  });

  it("refuses a body that is not a JSON object", async () => {
    expect(await sim.call("/afterSale/List", "[1]")).toMatchObject({ code: 40003 });
    expect(await sim.call("/afterSale/List", "{")).toMatchObject({ code: 40003 });
  });

  it("signs over the exact body, whatever its spelling", async () => {
    expect(await sim.call("/afterSale/List", '{ "size": 1, "page": 0 }')).toMatchObject({ code: 10000 });
  });

  it("refuses callers that are not on a list that is switched on", async () => {
    sim.douyin.allowCallersFrom(["203.0.113.9"]);
    expect(await sim.call("/afterSale/List", list)).toMatchObject({ code: 30002, subCode: "isv.invalid_ip" });
    sim.douyin.allowCallersFrom(undefined);
    expect(await sim.call("/afterSale/List", list)).toMatchObject({ code: 10000 });
  });

  it("says when the merchant has withdrawn the grant", async () => {
    sim.douyin.changeShop(sim.shop.shopId, { isAuthorised: false });
    expect(await sim.call("/afterSale/List", list)).toMatchObject({ code: 30001, subCode: "dop.authorization-closed" });
    sim.douyin.changeShop(sim.shop.shopId, { isAuthorised: true });
  });

  it("takes a case id as text only where text is documented, and an int64 either way", async () => {
    const { id } = sim.douyin.apply({ shopId: sim.shop.shopId, type: 0 });
    const asNumber = writeJson({ type: 121, items: [{ aftersale_id: int64(id) }] });
    expect(await sim.call("/afterSale/operate", asNumber)).toMatchObject({ subCode: "isv.parameter-invalid:11000" });
    for (const body of [`{"aftersale_id":${id}}`, `{"aftersale_id":"${id}"}`]) {
      expect(await sim.call("/afterSale/rejectReasonCodeList", body)).toMatchObject({ code: 10000 });
    }
  });

  it("reports a case it does not know as a service error", async () => {
    const reply = await sim.call("/afterSale/Detail", { after_sale_id: "7000000000000000000" });
    expect(reply).toMatchObject({ code: 20000, subCode: "isp.service-error:10000" });
  });
});

describe("limits and faults", () => {
  it("throttles a shop that calls faster than its bucket refills", async () => {
    const { call, clock, douyin } = await startDouyin({ settings: { callsAtOnce: 2, callsPerSecond: 1 } });
    const codes = async () => [(await call("/afterSale/List", list)).code, (await call("/afterSale/List", list)).code];
    expect(await codes()).toEqual([10000, 10000]);
    expect((await call("/afterSale/List", list)).subCode).toBe("isv.traffic-limited");
    await clock.advance(1000);
    expect(await codes()).toEqual([10000, 60000]);
    await douyin.stop();
  });

  it("carries a call out and loses the answer; a repeat finds the state changed and the money moves once", async () => {
    const { douyin, clock, shop, operate } = await startDouyin();
    const { id, updateTime } = douyin.apply({ shopId: shop.shopId, type: 2, payAmount: 5900, postAmount: 0 });
    douyin.inject({ answersLost: 1 });
    await expect(operate(401, id, { update_time: updateTime })).rejects.toThrow();
    douyin.inject({});
    await clock.advance(1000);
    expect(await operate(401, id, { update_time: updateTime })).toMatchObject({
      subCode: "isv.business-failed:20309541",
    });
    await clock.advance(60 * minuteMs);
    expect(douyin.ledger()).toMatchObject([{ amountMinor: 5900, executedBy: "merchant_api" }]);
    await douyin.stop();
  });

  it("throttles and fails as often as told, and records what it answered", async () => {
    const { douyin, call } = await startDouyin();
    douyin.inject({ throttle: 1 });
    expect((await call("/afterSale/List", list)).code).toBe(60000);
    douyin.inject({ serverError: 1 });
    expect((await call("/afterSale/List", list)).code).toBe(20000);
    expect(douyin.calls.map(({ name, outcome }) => `${name} ${outcome.split(" ")[0]}`)).toEqual([
      "afterSale/List 60000",
      "afterSale/List 20000",
    ]);
    await douyin.stop();
  });
});
