import type { JdRefund, Mover } from "./model.ts";
import { endOfClock } from "./pauses.ts";
import type { Platform } from "./platform.ts";

export interface Reply {
  status: number;
  by: Mover;
  checkUserName: string;
  remark?: string;
}

/** The answer to a cancellation: 1 pays, 2 refuses, 6 stops the parcel first, 9 pays whatever happens, 10 waits for it. */
export function reply(platform: Platform, refund: JdRefund, { status, by, checkUserName, remark }: Reply): void {
  const now = platform.nowMs();
  const { refundArrivesMs, interceptMs } = platform.settings;
  refund.checkUserName = checkUserName;
  refund.checkRemark = remark;
  if (status !== 2) refund.agreedBy = by === "buyer" ? "platform_robot" : by;
  if (status === 1 || status === 9) refund.paysAtMs = now + refundArrivesMs;
  if (status === 6 || status === 10) refund.interceptAtMs = now + interceptMs;
  move(platform, refund, status);
}

function move(platform: Platform, refund: JdRefund, status: number): void {
  const now = platform.nowMs();
  refund.status = status;
  refund.checkMs = now;
  refund.updateMs = now;
  platform.saveCase(refund);
}

export function withdraw(platform: Platform, refund: JdRefund): void {
  if (refund.status === 0) move(platform, refund, 11);
}

/** The parcel was stopped and the money follows, or it was not and the merchant must look after it. */
export function decideIntercept(platform: Platform, refund: JdRefund): void {
  refund.interceptAtMs = undefined;
  if (!refund.interceptFails) refund.paysAtMs = platform.nowMs() + platform.settings.refundArrivesMs;
  move(platform, refund, refund.interceptFails ? 8 : 7);
}

/** The platform's finance pays. */
export function payOut(platform: Platform, refund: JdRefund): void {
  const { shopId, key: channelCaseId, amountFen: amountMinor, agreedBy: executedBy = "merchant_api" } = refund;
  refund.paysAtMs = undefined;
  const at = new Date(platform.nowMs()).toISOString();
  platform.pay({ at, shopId, channelCaseId, amountMinor, currency: "CNY", executedBy });
  move(platform, refund, 3);
}

export function clockEndOf(platform: Platform, { status, isShipped, clockStartMs }: JdRefund): number | undefined {
  if (status !== 0) return undefined;
  const { shipped, unshipped } = platform.settings.cancelMs;
  return endOfClock(clockStartMs, isShipped ? shipped : unshipped, platform.pauses);
}

/** Nobody answered: it is approved, and the refund runs. */
export function expireRefund(platform: Platform, refund: JdRefund): void {
  refund.missedDeadlines += 1;
  reply(platform, refund, { status: 1, by: "platform_timer", checkUserName: "system", remark: "超时自动审核" });
}
