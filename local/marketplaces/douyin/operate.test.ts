import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseTypes } from "./model.ts";
import type { Params } from "./params.ts";
import { startDouyin } from "./test-client.ts";

/** type: case type, statuses it is allowed at, what has to come with it. */
const gates: [number, number, number[], string][] = [
  [101, 0, [6, 27], "address"],
  [102, 0, [6], "refusal"],
  [111, 0, [7, 11, 29], ""],
  [112, 0, [11], "refusal"],
  [121, 0, [6, 27], ""],
  [201, 1, [6, 27], ""],
  [202, 1, [6], "refusal"],
  [203, 1, [6], ""],
  [301, 3, [6, 27], "address"],
  [302, 3, [6], "refusal"],
  [311, 3, [7, 11, 29], "parcel"],
  [312, 3, [11], "refusal"],
  [321, 3, [6, 7, 11, 29], ""],
  [401, 2, [6], ""],
  [501, 7, [6, 27], ""],
  [502, 7, [6], "refusal"],
  [601, 8, [6, 27], "address"],
  [602, 8, [6, 27], ""],
  [603, 8, [6], "refusal"],
  [611, 8, [7, 8, 11], "parcel"],
  [612, 8, [11], "refusal"],
  [621, 8, [6, 7, 8, 11, 27, 29], ""],
];
const statuses = [6, 7, 8, 11, 12, 13, 14, 27, 28, 29, 51, 53];

let sim: Awaited<ReturnType<typeof startDouyin>>;
let addressId: string;

beforeAll(async () => {
  sim = await startDouyin({ settings: { callsAtOnce: 1_000_000 } });
  const page = await sim.data("/address/list", {
    page_no: 1,
    page_size: 10,
    order_by: "asc",
    order_field: "create_time",
  });
  addressId = String((page.address_list as Params[])[1]?.address_id);
});
afterAll(() => sim.douyin.stop());

function extras(needs: string): Params {
  if (needs === "address") return { logistics: { receiver_address_id: addressId } };
  if (needs === "parcel") return { logistics: { company_code: "yuantong", logistics_code: "YT0000000000777" } };
  if (needs === "refusal") return { reason: "已协商", remark: "见聊天记录", reject_reason_code: 5, evidence: [] };
  return {};
}

function openAt(type: number, status: number): string {
  const { id } = sim.douyin.apply({ shopId: sim.shop.shopId, type });
  sim.douyin.act(id, "force", { status });
  return id;
}

describe.each(gates)("operate %i", (type, caseType, allowed, needs) => {
  it("is allowed at its statuses of its case type and nowhere else", async () => {
    const outcomes: string[] = [];
    for (const candidate of Object.values(caseTypes)) {
      for (const status of candidate === caseType ? statuses : [6, 11]) {
        const { subCode } = await sim.operate(type, openAt(candidate, status), extras(needs));
        const expected =
          candidate !== caseType
            ? "isv.business-failed:11005"
            : allowed.includes(status)
              ? ""
              : "isv.business-failed:20309541";
        if (subCode !== expected) outcomes.push(`type ${candidate} status ${status}: ${subCode}`);
      }
    }
    expect(outcomes).toEqual([]);
  });
});

it.each(gates.filter(([, , , needs]) => needs !== ""))("operate %i is refused without its extras", async (...gate) => {
  const [type, caseType, allowed] = gate;
  expect(await sim.operate(type, openAt(caseType, allowed[0] ?? 6))).toMatchObject({ code: 40002 });
});

describe("operate", () => {
  it("refuses a decision made on an older version of the case", async () => {
    const id = openAt(1, 6);
    const seen = sim.douyin.case(id)?.updateTime;
    await sim.clock.advance(5000);
    sim.douyin.act(id, "edit", { refundAmount: 100 });
    const reply = await sim.operate(201, id, { update_time: seen });
    expect(reply).toMatchObject({ code: 50002, subCode: "isv.business-failed:20309541" });
  });

  it("fails a whole batch for one bad item and changes nothing", async () => {
    const ids = [openAt(2, 6), openAt(2, 12)];
    const items = ids.map((id) => ({ aftersale_id: id }));
    expect((await sim.call("/afterSale/operate", { type: 401, items })).code).toBe(50002);
    expect(ids.map((id) => sim.douyin.case(id)?.status)).toEqual([6, 12]);
  });

  it("takes twenty items and not one more", async () => {
    const items = Array.from({ length: 21 }, () => ({ aftersale_id: openAt(2, 6) }));
    expect((await sim.call("/afterSale/operate", { type: 401, items })).code).toBe(40004);
    const { data } = await sim.call("/afterSale/operate", { type: 401, items: items.slice(1) });
    expect(data.items).toHaveLength(20);
    expect((data.items as Params[])[0]).toEqual({
      aftersale_id: BigInt(String(items[1]?.aftersale_id)),
      status_code: 0,
      status_msg: "success",
    });
  });

  it("leaves a case marked so to a person in the console", async () => {
    const id = openAt(1, 6);
    sim.douyin.act(id, "force", { isManualOnly: true });
    expect((await sim.operate(201, id)).subCode).toBe("isv.business-failed:11001");
    sim.douyin.act(id, "staff", { type: 201 });
    expect(sim.douyin.case(id)).toMatchObject({ status: 12, consentBy: "merchant_console" });
  });

  it("refuses an address the shop does not have", async () => {
    const reply = await sim.operate(101, openAt(0, 6), { logistics: { receiver_address_id: "7200000000000000000" } });
    expect(reply.code).toBe(40004);
  });

  it("asks for evidence where the reason needs some, and refuses reasons that do not fit the case", async () => {
    const refusal = { reason: "影响二次销售", remark: "见图", reject_reason_code: 6 };
    expect((await sim.operate(112, openAt(0, 11), refusal)).code).toBe(40002);
    const evidence = [{ type: 1, url: "https://img.example.com/1.jpg", desc: "" }];
    expect((await sim.operate(112, openAt(0, 11), { ...refusal, evidence })).code).toBe(10000);
    expect((await sim.operate(202, openAt(1, 6), { ...refusal, evidence })).subCode).toBe("isv.business-failed:11005");
  });
});
