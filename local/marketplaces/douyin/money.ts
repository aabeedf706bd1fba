import { touch } from "./lifecycle.ts";
import { caseTypes, type DouyinCase } from "./model.ts";
import type { Platform } from "./platform.ts";

/** The next step of an agreed refund: under way, then arrived, or failed and tried again later. */
export function moveMoney(platform: Platform, case_: DouyinCase): void {
  case_.moneyAtMs = undefined;
  if (case_.refundStatus !== 2) startRefund(platform, case_);
  else if (case_.failuresAhead > 0) failRefund(platform, case_);
  else arriveRefund(platform, case_);
}

function startRefund(platform: Platform, case_: DouyinCase): void {
  case_.refundStatus = 2;
  case_.refundFailReason = "";
  case_.moneyAtMs = platform.nowMs() + platform.settings.refundArrivesMs;
  touch(platform, case_, "platform_robot", "退款中");
}

function failRefund(platform: Platform, case_: DouyinCase): void {
  case_.failuresAhead -= 1;
  case_.refundStatus = 4;
  case_.refundFailReason = "退款渠道返回异常";
  case_.moneyAtMs = platform.nowMs() + platform.settings.refundRetryMs;
  touch(platform, case_, "platform_robot", "退款失败");
}

function arriveRefund(platform: Platform, case_: DouyinCase): void {
  const now = platform.nowSeconds();
  case_.refundStatus = 3;
  case_.refundTime = now;
  case_.realRefundAmount = case_.refundAmount;
  case_.finalTime = now;
  touch(platform, case_, "platform_robot", "退款成功");
  platform.pay({
    at: platform.clock.now().toISOString(),
    shopId: case_.shopId,
    channelCaseId: case_.id,
    amountMinor: case_.refundAmount,
    currency: "CNY",
    executedBy: case_.consentBy ?? "platform_robot",
  });
  platform.announce(case_, case_.type === caseTypes.priceProtection ? 225 : 206, { success_time: now });
}
