import { describe, expect, it } from "vitest";
import type { Params } from "./params.ts";
import { block, dayMs, hourMs, startJd } from "./test-client.ts";
import { chinaText } from "./wire.ts";

const audit = { approveNotes: "同意", approveReasonCid1: 101 };
const pageOf = ({ body }: { body: Params }) => body.pageResult as { totalCount: number; data: Params[] };

describe("a ticket", () => {
  it("takes a write only with its present version, and counts up with each", async () => {
    const { jd, shop, asc, about } = await startJd();
    const [ticket] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10 });
    const before = about(ticket.key);
    const consent = { ...audit, ...block, applyDetailIdList: [BigInt(ticket.applyDetailId)] };
    expect((await asc("audit.send", { ...before, ...consent })).body).toMatchObject({ result: { success: true } });
    expect(jd.case(ticket.key)).toMatchObject({ status: 10005, sysVersion: 2, pickware: 40, approve: { result: 33 } });
    expect((await asc("audit.send", { ...before, ...consent })).body).toMatchObject({ result: { success: false } });
    await jd.stop();
  });

  it("wants each unit, a whole block and a known reason with an agreement", async () => {
    const { jd, shop, asc, about } = await startJd();
    const [ticket] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10 });
    const consent = { ...about(ticket.key), ...audit, ...block, applyDetailIdList: [BigInt(ticket.applyDetailId)] };
    const noZip = { ...consent, returnZipcode: undefined };
    expect((await asc("audit.send", noZip)).body.code).toBe("61");
    expect((await asc("audit.homepick", consent)).body.code).toBe("61");
    expect((await asc("audit.send", { ...consent, applyDetailIdList: [5] })).body).toMatchObject({
      result: { success: false },
    });
    expect((await asc("audit.send", { ...consent, approveReasonCid1: 7 })).body).toMatchObject({
      result: { success: false },
    });
    await jd.stop();
  });

  it("is read by pages of at most 50, in windows with both ends and of at most a day", async () => {
    const { jd, shop, asc, clock } = await startJd();
    for (let seed = 0; seed < 12; seed++)
      jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed, expect: 10 });
    const now = clock.now().getTime();
    const window = { updateTimeBegin: chinaText(now - 1000), updateTimeEnd: chinaText(now) };
    expect(pageOf(await asc("sync.list", window))).toMatchObject({ totalCount: 12, data: { length: 10 } });
    expect(pageOf(await asc("sync.list", { ...window, pageNumber: "2", pageSize: 10 })).data).toHaveLength(2);
    expect((await asc("sync.list", { ...window, pageSize: 51 })).body.code).toBe("61");
    expect((await asc("sync.list", { updateTimeBegin: chinaText(now) })).body.code).toBe("61");
    const tooLong = { updateTimeBegin: chinaText(now - dayMs - 2000), updateTimeEnd: chinaText(now) };
    expect((await asc("sync.list", tooLong)).body.code).toBe("61");
    await jd.stop();
  });

  it("shares its application's row in the audit list, the only place with a clock", async () => {
    const { jd, shop, asc, clock, about } = await startJd();
    const tickets = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10, units: 3 });
    const [row] = pageOf(await asc("audit.list")).data;
    expect(row?.serviceIdList).toEqual(tickets.map(({ serviceId }) => BigInt(serviceId)));
    expect(row?.auditOvertime).toBe(clock.now().getTime() + dayMs);
    await asc("audit.refuse", { ...about(tickets[0].key), ...audit });
    expect(pageOf(await asc("audit.list")).data[0]?.serviceIdList).toHaveLength(2);
    const bill = (await asc("query.view", about(tickets[1]?.key ?? ""))).body.result as { data: Params };
    expect(bill.data).not.toHaveProperty("auditOvertime");
    await jd.stop();
  });

  it("in arbitration stands in the filtered list, and its clock stands still", async () => {
    const { jd, shop, asc, about, clock } = await startJd();
    const [ticket] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10 });
    jd.act(ticket.key, "staff-register");
    const arbitration = { interveneReasonCid1: 1, interveneReasonCid2: 2, contactTel: "010-1" };
    expect((await asc("process.JdIntervene", { ...about(ticket.key), ...arbitration })).body).toMatchObject({
      result: { success: true },
    });
    expect(pageOf(await asc("process.list", { jdInterveneFlag: true })).totalCount).toBe(1);
    await clock.advance(30 * dayMs);
    expect(jd.case(ticket.key)).toMatchObject({ status: 10007 });
    await jd.stop();
  });
});

describe("a cancellation", () => {
  it("is answered once, with a reason where it is refused", async () => {
    const { jd, shop, call } = await startJd();
    const { id } = jd.applyForRefund({ shopId: shop.shopId, plan: "by hand", seed: 1, isShipped: false });
    const reply = async (params: Params) => {
      const sent = { id: BigInt(id), checkUserName: "ops", remark: "核实", ...params };
      const { body } = await call("jingdong.pop.afs.soa.refundapply.replyRefund", sent);
      return (body.replyResult as Params).success;
    };
    expect(await reply({ status: 2 })).toBe(false);
    expect(await reply({ status: 1, rejectType: 1 })).toBe(false);
    expect(await reply({ status: 6 })).toBe(false);
    expect(await reply({ status: 1, remark: "" })).toBe(false);
    expect(await reply({ status: 2, rejectType: 1 })).toBe(true);
    expect(await reply({ status: 1 })).toBe(false);
    await jd.stop();
  });

  it("of a parcel under way is paid once the parcel is stopped", async () => {
    const { jd, shop, clock } = await startJd();
    const { key } = jd.applyForRefund({ shopId: shop.shopId, plan: "by hand", seed: 1, isShipped: true });
    jd.act(key, "staff-reply", { status: 6 });
    await clock.advance(5 * hourMs);
    expect(jd.ledger()).toEqual([]);
    await clock.advance(2 * hourMs);
    expect(jd.case(key)?.status).toBe(3);
    expect(jd.ledger()).toMatchObject([{ executedBy: "merchant_console" }]);
    await jd.stop();
  });

  it("shows its order's id as text and its sum as a double of fen", async () => {
    const { jd, shop, call } = await startJd();
    const { id, orderId } = jd.applyForRefund({
      shopId: shop.shopId,
      plan: "by hand",
      seed: 1,
      isShipped: false,
      amountFen: 25_990,
    });
    const { body } = await call("jingdong.pop.afs.soa.refundapply.queryById", { id: BigInt(id) });
    expect(body.queryResult).toMatchObject({ success: true, result: [{ orderId, applyRefundSum: 25_990 }] });
    await jd.stop();
  });
});
