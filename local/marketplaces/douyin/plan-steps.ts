import type { CasePlan } from "../contract.ts";
import type { Random } from "../kit/random.ts";
import * as buyer from "./buyer.ts";
import { parcelOf } from "./carriers.ts";
import { agreeRefund, moveDeadline, sendReplacement } from "./lifecycle.ts";
import { type DouyinCase, isArbitrationOpen } from "./model.ts";
import { operate } from "./operate.ts";
import type { Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { rejectReasonsFor } from "./reject-reasons.ts";

export interface PlanStep {
  /** Holds while this step is the next thing somebody will do. Each step is taken once. */
  when: (case_: DouyinCase) => boolean;
  /** Hours from the moment it holds, drawn between the two. */
  afterHours: readonly [number, number];
  take: (platform: Platform, case_: DouyinCase, random: Random) => void;
}

export interface DouyinPlan extends CasePlan {
  opens: { type: number; reasonCodes: readonly [number, ...number[]]; gotPackage?: boolean; failuresAhead?: number };
  steps: readonly PlanStep[];
}

type Hours = readonly [number, number];
export type Taker = PlanStep["take"];

export const at = (status: number, afterHours: Hours, take: Taker): PlanStep => ({
  when: (case_) => case_.status === status && !isArbitrationOpen(case_) && case_.finalTime === 0,
  afterHours,
  take,
});

export const arbitrating = (status: number, afterHours: Hours, take: Taker): PlanStep => ({
  when: ({ arbitration }) => arbitration?.status === status,
  afterHours,
  take,
});

/** Somebody at the merchant's, in the platform's own console: the same rules as the API, another name in the ledger. */
export function staff(type: number, rest: (platform: Platform, case_: DouyinCase) => Params = () => ({})): Taker {
  return (platform, case_) => {
    const shop = platform.shops.get(case_.shopId);
    if (shop === undefined) return;
    const item = { aftersale_id: case_.id, ...rest(platform, case_) };
    operate(platform, shop, { type, items: [item] }, "merchant_console");
  };
}

export const refusal = (_platform: Platform, case_: DouyinCase): Params => {
  const reason = rejectReasonsFor(case_)[0];
  const evidence = [{ type: 1, url: "https://img.example.com/refusal.jpg", desc: "" }];
  return { reason: reason?.reason ?? "", remark: "请与客服联系", reject_reason_code: reason?.code ?? 0, evidence };
};

export const replacement = (_platform: Platform, { seed }: DouyinCase): Params => ({
  logistics: { company_code: "yuantong", logistics_code: `YT9${String(seed).padStart(12, "0")}` },
});

const buyerShips: Taker = (platform, case_, random) =>
  buyer.ship(platform, case_, { companyCode: "shunfeng", trackingNo: `SF${random.digits(13)}` });

export const robotRefunds = (bit: number): Taker => {
  return (platform, case_) => {
    case_.autoAuditBits.push(bit);
    case_.robot = 1;
    agreeRefund(platform, case_, "platform_robot");
  };
};

export const buyerAsksLess: Taker = (platform, case_, random) =>
  buyer.edit(platform, case_, { refundAmount: Math.round((case_.refundAmount * random.int(30, 80)) / 100) });

export const shipsBack = at(7, [12, 48], buyerShips);
export const parcelArrives: PlanStep = at(11, [30, 72], (platform, case_) => buyer.arrive(platform, case_));
export const warehouseConfirms = at(11, [4, 20], staff(111));
export const comesBack = [shipsBack, parcelArrives, warehouseConfirms];
export const receives = at(13, [40, 90], (platform, case_) => buyer.receiveReplacement(platform, case_));

/** Staff may ship a reissue by hand; the console asks for the same waybill as the API. */
export const staffSendsParcel: Taker = (platform, case_) => {
  const parcel = parcelOf("yuantong", `YT9${String(case_.seed).padStart(12, "0")}`, platform.nowSeconds());
  sendReplacement(platform, case_, parcel, "merchant_console");
};

export const deadlineMoves =
  (byDays: number): Taker =>
  (platform, case_) =>
    moveDeadline(platform, case_, case_.statusDeadline + byDays * 86_400, "platform_robot");
