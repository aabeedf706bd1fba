import type { Payment } from "../contract.ts";
import { caseTypes, type DouyinCase, isArbitrationOpen, type Parcel } from "./model.ts";
import type { Platform } from "./platform.ts";

/** Who moves a case: decides what the ledger says and whose name stands in the case's log. */
export type Mover = Payment["executedBy"] | "buyer" | "platform_staff";

const moverNames: Record<Mover, { operator: string; role: number }> = {
  buyer: { operator: "买家", role: 1 },
  merchant_api: { operator: "商家", role: 2 },
  merchant_console: { operator: "商家", role: 2 },
  platform_staff: { operator: "平台客服", role: 3 },
  platform_timer: { operator: "系统", role: 4 },
  platform_robot: { operator: "系统", role: 4 },
};

/** Statuses at which the seller is on the clock. */
export const sellerNodes: readonly number[] = [6, 8, 11];
const refundOnly: readonly number[] = [caseTypes.refundShipped, caseTypes.refundUnshipped];
/** Types whose goods come back once the application is agreed. */
export const returnTypes: readonly number[] = [caseTypes.returnAndRefund, caseTypes.exchange, caseTypes.repair];

/** Stamps a change; every change a reader of the case can see goes through here. */
export function touch(platform: Platform, case_: DouyinCase, by: Mover, text: string): void {
  const now = platform.nowSeconds();
  case_.updateTime = now;
  case_.log.push({ ...moverNames[by], time: now, text });
  platform.saveCase(case_);
}

/** Moves a case to a node and starts that node's clock. */
export function enter(platform: Platform, case_: DouyinCase, status: number, by: Mover, text: string): void {
  const now = platform.nowSeconds();
  const lengthMs = platform.settings.nodeMs[status];
  case_.status = status;
  case_.statusDeadline = lengthMs === undefined ? 0 : now + Math.round(lengthMs / 1000);
  if (status === 14 || status === 28) case_.finalTime = now;
  if (isArbitrationOpen(case_) && case_.arbitration && by !== "platform_staff") {
    // The parties settled it between themselves.
    case_.arbitration = { ...case_.arbitration, status: 255, deadline: 0, isEvidenceRequired: false, updateTime: now };
  }
  touch(platform, case_, by, text);
}

/** Consent to pay. The money itself moves later, by itself. */
export function agreeRefund(platform: Platform, case_: DouyinCase, by: Mover): void {
  if (case_.refundAmount === 0) case_.refundAmount = case_.order.payAmount;
  case_.refundStatus = 1;
  case_.consentBy = by === "buyer" || by === "platform_staff" ? "platform_robot" : by;
  case_.moneyAtMs = platform.nowMs() + platform.settings.refundStartMs;
  enter(platform, case_, 12, by, "同意退款");
  if (case_.type !== caseTypes.priceProtection) platform.announce(case_, 201, { agree_time: case_.updateTime });
}

export function agreeReturn(platform: Platform, case_: DouyinCase, addressId: string, by: Mover): void {
  case_.returnAddressId = addressId;
  enter(platform, case_, 7, by, "同意退货申请");
  platform.announce(case_, 202, { agree_time: case_.updateTime });
}

/** Reissue, or repair without a return parcel: the seller is to send something. */
export function agreeToSend(platform: Platform, case_: DouyinCase, by: Mover): void {
  enter(platform, case_, 8, by, "同意申请，等待商家发货");
  if (case_.type === caseTypes.reissue) platform.announce(case_, 227);
}

export function sendReplacement(platform: Platform, case_: DouyinCase, parcel: Parcel, by: Mover): void {
  case_.replacementParcel = parcel;
  enter(platform, case_, 13, by, "商家已发货");
  if (case_.type === caseTypes.reissue) platform.announce(case_, 226);
  else platform.announce(case_, 211, { apply_time: case_.applyTime });
}

/** First audit refused: 27. Returned goods refused: 29. */
export function refuse(platform: Platform, case_: DouyinCase, status: 27 | 29, by: Mover, reason: string): void {
  const isApplication = status === 27 && !refundOnly.includes(case_.type);
  enter(platform, case_, status, by, `拒绝：${reason}`);
  platform.announce(case_, isApplication ? 205 : 204, { refuse_time: case_.updateTime });
}

export function close(platform: Platform, case_: DouyinCase, by: Mover, text: string): void {
  enter(platform, case_, 28, by, text);
  platform.announce(case_, 207, { close_time: case_.updateTime });
}

export function moveDeadline(platform: Platform, case_: DouyinCase, deadline: number, by: Mover): void {
  case_.statusDeadline = deadline;
  touch(platform, case_, by, "时效变更");
  platform.announce(case_, 209);
}

/** What happens when nobody acted before the node ended. */
export function expireNode(platform: Platform, case_: DouyinCase): void {
  if (sellerNodes.includes(case_.status)) case_.missedDeadlines += 1;
  const expire = expiries[case_.status] ?? stopClock;
  expire(platform, case_);
}

type Expiry = (platform: Platform, case_: DouyinCase) => void;

const closeLate: Expiry = (platform, case_) => close(platform, case_, "platform_timer", "超时关闭");

/** 8, and statuses without a rule: the clock stops and the case waits on. */
const stopClock: Expiry = (platform, case_) => {
  case_.statusDeadline = 0;
  touch(platform, case_, "platform_timer", "时效已过");
};

const expiries: Readonly<Record<number, Expiry>> = {
  6: (platform, case_) => {
    if (case_.type === caseTypes.reissue) agreeToSend(platform, case_, "platform_timer");
    else if (!returnTypes.includes(case_.type)) agreeRefund(platform, case_, "platform_timer");
    else agreeReturn(platform, case_, platform.defaultReturnAddressId(case_.shopId), "platform_timer");
  },
  7: closeLate,
  11: (platform, case_) => {
    if (case_.type === caseTypes.repair) agreeToSend(platform, case_, "platform_timer");
    else agreeRefund(platform, case_, "platform_timer");
  },
  13: (platform, case_) => enter(platform, case_, 14, "platform_timer", "超时自动确认收货"),
  27: closeLate,
  29: closeLate,
};
