import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dayMs, hourMs, minuteMs, startDouyin } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startDouyin>>;
beforeEach(async () => {
  sim = await startDouyin();
});
afterEach(() => sim.douyin.stop());

const apply = (type: number, more = {}) => sim.douyin.apply({ shopId: sim.shop.shopId, type, ...more }).id;
const status = (id: string) => sim.douyin.case(id)?.status;
const truth = (id: string) => sim.douyin.truth().find(({ channelCaseId }) => channelCaseId === id);

describe("a node that runs out", () => {
  it.each([
    [0, 7],
    [1, 12],
    [2, 12],
    [3, 7],
    [7, 8],
    [8, 7],
  ])("agrees to an application of type %i in the seller's place (status %i)", async (type, next) => {
    const id = apply(type);
    await sim.clock.advance(2 * dayMs - minuteMs);
    expect(status(id)).toBe(6);
    await sim.clock.advance(2 * minuteMs);
    expect(status(id)).toBe(next);
    expect(truth(id)?.missedDeadlines).toBe(1);
  });

  it("shows the shop's default return address on automatic consent", async () => {
    const id = apply(0);
    await sim.clock.advance(2 * dayMs);
    const info = await sim.detail(id);
    expect(String(info.return_address_id)).toMatch(/^72\d{17}$/);
    expect(info.return_address).toMatchObject({ detail: "模拟产业园 3 栋 1 层" });
  });

  it("closes the case of a buyer who sends nothing, and counts nothing against the seller", async () => {
    const id = apply(0);
    sim.douyin.act(id, "staff", { type: 101, logistics: { receiver_address_id: await anAddress() } });
    await sim.clock.advance(8 * dayMs);
    expect(truth(id)).toMatchObject({ state: "closed", final: true, missedDeadlines: 0, rawStatus: "28/1" });
  });

  it("confirms receipt and refunds", async () => {
    const id = apply(0);
    sim.douyin.act(id, "force", { status: 7 });
    sim.douyin.act(id, "ship");
    await sim.clock.advance(7 * dayMs + hourMs);
    expect(truth(id)).toMatchObject({ state: "refunded", missedDeadlines: 1 });
  });

  it("waits on for a reissue nobody ships", async () => {
    const id = apply(7);
    await sim.clock.advance(5 * dayMs);
    expect(truth(id)).toMatchObject({ state: "approved", final: false, missedDeadlines: 2 });
  });
});

async function anAddress(): Promise<string> {
  const page = await sim.data("/address/list", {
    page_no: 1,
    page_size: 1,
    order_by: "asc",
    order_field: "create_time",
  });
  return String((page.address_list as { address_id: unknown }[])[0]?.address_id);
}

describe("the money", () => {
  it("moves after consent, in steps, and is proven only at the end", async () => {
    const id = apply(2, { payAmount: 9900, postAmount: 0 });
    await sim.operate(401, id);
    const seen = [];
    for (const wait of [0, 30_000, 5 * minuteMs]) {
      await sim.clock.advance(wait);
      const info = await sim.detail(id);
      seen.push([info.after_sale_status, info.refund_status, info.real_refund_amount, truth(id)?.settledMinor]);
    }
    expect(seen).toEqual([
      [12, 1, 0, 0],
      [12, 2, 0, 0],
      [12, 3, 9900, 9900],
    ]);
    expect((await sim.detail(id)).aftersale_status_to_final_time).toBe((await sim.detail(id)).refund_time);
  });

  it("fails when told, says why, is tried again and paid once", async () => {
    const id = apply(2, { failuresAhead: 1 });
    await sim.operate(401, id);
    await sim.clock.advance(10 * minuteMs);
    expect(await sim.detail(id)).toMatchObject({ refund_status: 4, aftersale_status_to_final_time: 0 });
    expect((await sim.detail(id)).refund_fail_reason).not.toBe("");
    expect(truth(id)?.state).toBe("refunding");
    await sim.clock.advance(7 * hourMs);
    expect(truth(id)?.state).toBe("refunded");
    expect(sim.douyin.ledger()).toHaveLength(1);
  });

  it("names the robot that was faster, and refuses the consent that comes second", async () => {
    const { channelCaseId: id } = await sim.douyin.openCase({ shopId: sim.shop.shopId, plan: "robot_refund", seed: 3 });
    await sim.clock.advance(2 * minuteMs);
    expect((await sim.operate(401, id)).subCode).toBe("isv.business-failed:20309541");
    await sim.clock.advance(hourMs);
    expect((await sim.detail(id)).auto_audit_bits).toEqual([1]);
    expect(sim.douyin.ledger()).toMatchObject([{ executedBy: "platform_robot" }]);
  });

  it("stays at 1 when the buyer withdraws", async () => {
    const id = apply(2);
    sim.douyin.act(id, "withdraw");
    expect(await sim.detail(id)).toMatchObject({ after_sale_status: 28, refund_status: 1 });
  });
});

describe("arbitration", () => {
  const refused = () => {
    const id = apply(0);
    sim.douyin.act(id, "force", { status: 27 });
    sim.douyin.act(id, "appeal");
    return id;
  };
  const arbitrateInfo = async (id: string) =>
    ((await sim.data("/afterSale/Detail", { after_sale_id: id })).process_info as { arbitrate_info: unknown })
      .arbitrate_info;

  it("asks for evidence by a deadline written as text, and takes at most four pieces", async () => {
    const id = refused();
    sim.douyin.act(id, "ask-evidence");
    expect(await arbitrateInfo(id)).toMatchObject({
      arbitrate_id: `${id}_001`,
      arbitrate_status: 4,
      is_required_evidence: true,
      arbitrate_status_deadline: "1767398400",
    });
    expect(truth(id)?.dueAt).toBe("2026-01-03T00:00:00.000Z");
    const evidence = Array.from({ length: 5 }, (_, nth) => `https://img.example.com/${nth}.jpg`);
    const give = (images: string[]) =>
      sim.call("/afterSale/submitEvidence", { aftersale_id: id, comment: "", evidence: images });
    expect((await give(evidence)).code).toBe(40004);
    expect((await give(evidence.slice(1))).code).toBe(10000);
    expect(await arbitrateInfo(id)).toMatchObject({ arbitrate_status: 1, is_required_evidence: false });
  });

  it("counts evidence that never came as missed, and holds the node's own clock meanwhile", async () => {
    const id = refused();
    sim.douyin.act(id, "ask-evidence");
    await sim.clock.advance(9 * dayMs);
    expect(truth(id)).toMatchObject({ state: "rejected", missedDeadlines: 1, rawStatus: "27/1/arbitration 1" });
  });

  it.each([
    [1, 7],
    [2, 28],
    [3, 12],
  ])("verdict %i leads to status %i", (conclusion, next) => {
    const id = refused();
    sim.douyin.act(id, "decide", { conclusion });
    expect(status(id)).toBe(next);
  });

  it("numbers the second round and restarts the node when the buyer withdraws the first", async () => {
    const id = refused();
    await sim.clock.advance(3 * dayMs);
    sim.douyin.act(id, "withdraw-appeal");
    await sim.clock.advance(3 * dayMs);
    expect(status(id)).toBe(27);
    sim.douyin.act(id, "appeal");
    expect(await arbitrateInfo(id)).toMatchObject({ arbitrate_id: `${id}_002` });
  });
});
