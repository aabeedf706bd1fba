import { describe, expect, it } from "vitest";
import type { CaseState } from "#shared/case/states.ts";
import { caseFile } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";
import { normalize } from "./normalize.ts";

type Parts = { info?: object; arbitration?: object; parcel?: boolean };

function factsOf({ info = {}, arbitration = {}, parcel = false }: Parts) {
  const payload = structuredClone(caseFile("return-requested").raw.payload) as {
    process_info: { after_sale_info: object; arbitrate_info: object; logistics_info: { return: object } };
  };
  Object.assign(payload.process_info.after_sale_info, info);
  Object.assign(payload.process_info.arbitrate_info, arbitration);
  if (parcel) Object.assign(payload.process_info.logistics_info.return, { tracking_no: "YT7770001" });
  return normalize({ payload }, { shopId: fixtures.shopId, observedAt: fixtures.now }).facts;
}

/** Written again from the sheet's mapping table: the first row that fits decides. */
function expectedState(status: number, refund: number, parcel: boolean): CaseState | undefined {
  if (status === 6 || status === 0) return "requested";
  if (status === 7) return "approved";
  if (status === 8) return parcel ? "received" : "approved";
  if (status === 11) return "return_in_transit";
  if (status === 13 || status === 3) return parcel ? "received" : "approved";
  if (status === 12) return refund === 3 || refund === 5 ? "refunded" : "refunding";
  if (status === 14) return "closed";
  if (status === 27 || status === 29) return "rejected";
  if (status === 28) return "closed";
  if (status === 51 || status === 53) return refund === 3 ? "refunded" : "closed";
  return undefined;
}

const types = [
  [0, "return_refund"],
  [1, "refund_only"],
  [2, "refund_only"],
  [3, "exchange"],
  [4, "refund_only"],
  [5, "refund_only"],
  [6, "price_protection"],
  [7, "reissue"],
  [8, "repair"],
  [9, undefined],
] as const;
const statuses = [0, 3, 6, 7, 8, 11, 12, 13, 14, 27, 28, 29, 51, 53, 1, 2, 4, 5, 9, 10, 15, 30, 99];

describe.each(types)("type %i", (type, caseType) => {
  it.each(statuses)("at status %i has the state of the table", (status) => {
    for (const refund of [0, 1, 2, 3, 4, 5]) {
      for (const parcel of [false, true]) {
        const info = { after_sale_type: type, after_sale_status: status, refund_status: refund };
        const facts = factsOf({ info, parcel });
        const state = expectedState(status, refund, parcel);
        expect(facts.state).toEqual(
          state ? { known: true, value: state, raw: `${status}` } : { known: false, raw: `${status}` },
        );
        expect(facts.type).toEqual(
          caseType ? { known: true, value: caseType, raw: `${type}` } : { known: false, raw: `${type}` },
        );
        expect(facts.flags?.includes("unknown_status")).toBe(state === undefined);
        expect(facts.flags?.includes("type_unmapped")).toBe(caseType === undefined);
        expect(facts.flags?.includes("not_actionable")).toBe(type === 4 || type === 5);
      }
    }
  });
});

describe("money", () => {
  it.each([
    [12, 1, "moving"],
    [12, 2, "moving"],
    [12, 3, "paid"],
    [12, 4, "failed"],
    [12, 5, "paid"],
    [12, null, "moving"],
    [12, 9, "moving"],
    [6, 1, "pending"],
    [6, null, "pending"],
    [28, 1, "none"],
    [28, 3, "paid"],
  ])("at status %i with refund_status %s is %s", (status, refund, expected) => {
    const facts = factsOf({ info: { after_sale_status: status, refund_status: refund } });
    expect(facts.money?.status).toBe(expected);
    expect(facts.flags?.includes("refund_failed")).toBe(expected === "failed");
  });

  it("is settled only once it is proven", () => {
    const info = { after_sale_status: 12, real_refund_amount: 26_900, refund_time: 1_790_100_000 };
    expect(factsOf({ info: { ...info, refund_status: 2 } }).money).not.toHaveProperty("settled");
    expect(factsOf({ info: { ...info, refund_status: 3 } }).money).toMatchObject({
      settled: { amountMinor: 26_900, currency: "CNY" },
      settledAt: "2026-09-22T18:00:00.000Z",
    });
  });

  it.each([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 99,
  ])("names the robot behind audit bit %i", (bit) => {
    const info = { after_sale_status: 12, refund_status: 2, auto_audit_bits: [bit] };
    expect(factsOf({ info }).money?.executedBy).toBe("platform_robot");
  });

  it("names nobody where nothing tells a person from a timeout, or nothing has moved", () => {
    expect(factsOf({ info: { after_sale_status: 12, refund_status: 3 } }).money).not.toHaveProperty("executedBy");
    expect(factsOf({ info: { auto_audit_bits: [17] } }).money).not.toHaveProperty("executedBy");
  });
});

describe("disputes", () => {
  it.each([
    [0, 0, "none"],
    [1, 0, "under_review"],
    [2, 0, "decided_for_buyer"],
    [3, 0, "decided_for_merchant"],
    [4, 0, "evidence_due"],
    [5, 0, "negotiating"],
    [6, 1, "decided_for_buyer"],
    [6, 2, "decided_for_merchant"],
    [255, 3, "decided_for_buyer"],
    [255, 2, "decided_for_merchant"],
    [255, 0, "withdrawn"],
    [6, 0, undefined],
    [7, 0, undefined],
  ])("status %i with conclusion %i is %s, over an unmoved state", (status, conclusion, expected) => {
    const arbitration = { arbitrate_status: status, arbitrate_conclusion: conclusion };
    const facts = factsOf({ info: { after_sale_status: 27 }, arbitration });
    expect(facts.dispute?.status).toEqual(
      expected ? { known: true, value: expected, raw: `${status}` } : { known: false, raw: `${status}` },
    );
    expect(facts.state).toMatchObject({ value: "rejected" });
    expect(facts.flags?.includes("needs_review")).toBe(expected === undefined);
  });

  it.each([
    ["digits", { arbitrate_status_deadline: "1790200000" }, "2026-09-23T21:46:40.000Z"],
    ["a bare number", { arbitrate_status_deadline: 1_790_200_000 }, "2026-09-23T21:46:40.000Z"],
    ["Beijing time", { arbitrate_status_deadline: "2026-09-24 05:46:40" }, "2026-09-23T21:46:40.000Z"],
    ["the template", { arbitrate_evidence_tmpl: { dead_line: 1_790_200_000 } }, "2026-09-23T21:46:40.000Z"],
    ["no time that can be read", { arbitrate_status_deadline: "soon" }, undefined],
  ])("reads the evidence deadline from %s", (_, stated, dueAt) => {
    const facts = factsOf({ arbitration: { arbitrate_status: 4, ...stated } });
    expect(facts.deadlines?.find(({ kind }) => kind === "evidence")?.dueAt).toBe(dueAt);
    expect(facts.flags?.includes("deadline_unreadable")).toBe(dueAt === undefined);
  });
});

describe("deadlines", () => {
  it.each([
    [6, 0, "respond", "auto_approve"],
    [6, 1, "respond", "auto_refund"],
    [6, 2, "respond", "auto_refund"],
    [6, 3, "respond", "auto_approve"],
    [6, 7, "respond", "unknown"],
    [6, 8, "respond", "unknown"],
    [7, 0, "buyer_return", "auto_close"],
    [8, 7, "ship_replacement", "unknown"],
    [11, 0, "confirm_receipt", "auto_refund"],
    [11, 3, "confirm_receipt", "unknown"],
    [13, 3, "buyer_confirm", "unknown"],
    [27, 0, "buyer_appeal", "auto_close"],
    [29, 0, "buyer_appeal", "auto_close"],
    [99, 0, "respond", "unknown"],
  ])("at status %i of type %i run for %s, then %s", (status, type, kind, onExpiry) => {
    const { deadlines } = factsOf({ info: { after_sale_status: status, after_sale_type: type } });
    expect(deadlines).toEqual([
      { kind, onExpiry, dueAt: "2026-09-23T14:23:20.000Z", source: { from: "channel", field: "status_deadline" } },
    ]);
  });

  it.each([0, null, undefined])("do not run where the channel states %s", (seconds) => {
    expect(factsOf({ info: { status_deadline: seconds } }).deadlines).toEqual([]);
  });

  it("given in milliseconds are no deadlines but a flag", () => {
    const facts = factsOf({ info: { status_deadline: 1_790_173_400_000 } });
    expect([facts.deadlines, facts.flags]).toEqual([[], ["deadline_unreadable"]]);
  });
});

describe("reasons", () => {
  it.each([
    [6, "不喜欢/效果不好", "no_reason.changed_mind"],
    [15, "其他", "unknown"],
    [5, "少件/错发/空包", "fulfilment.missing_item"],
    [130, "漏发", "fulfilment.missing_item"],
    [83, "商家发错货", "fulfilment.wrong_item"],
    [777, "尺码偏小", "fit.too_small"],
    [0, "价保", "price.protection"],
    [13, "协商一致退款", "unknown"],
    [null, "", "unknown"],
  ])("code %s with the text %s is %s", (reasonCode, reason, expected) => {
    const facts = factsOf({ info: { reason_code: reasonCode, reason } });
    expect(facts.reason).toEqual({
      code: expected,
      rawCode: `${reasonCode ?? ""}`,
      ...(reason && { rawText: reason }),
    });
  });
});

it("takes update_time as the version", () => {
  const { raw } = caseFile("return-requested");
  expect(normalize(raw, { shopId: fixtures.shopId, observedAt: fixtures.now }).version).toBe(1_790_000_600);
});
