import { badParameter, failed, missingParameter, Refusal } from "./answers.ts";
import { giveEvidence } from "./arbitration.ts";
import { parcelOf } from "./carriers.ts";
import { agreeRefund, enter, moveDeadline, refuse, sendReplacement } from "./lifecycle.ts";
import { caseTypes, type DouyinCase, type DouyinShop, isArbitrationOpen } from "./model.ts";
import {
  id64,
  integer,
  isParams,
  optionalFlag,
  optionalList,
  optionalText,
  type Params,
  text,
  texts,
} from "./params.ts";
import type { Platform } from "./platform.ts";

const extensionSeconds = 7 * 86_400;
const extendableSeconds = 2 * 86_400;
const evidenceAtMost = 4;
const interceptCost = 300;

/** Seven days more to receive the goods, only in the last two days of the node. */
export function extendTime(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = platform.caseOf(shop, id64(params, "aftersale_id"));
  const left = case_.statusDeadline - platform.nowSeconds();
  if (case_.status !== 11) throw failed(11005, "当前状态不支持延长收货");
  if (left > extendableSeconds)
    throw new Refusal(40004, "isv.parameter-invalid:10001", "剩余时间大于 2 天，暂不能延长");
  moveDeadline(platform, case_, case_.statusDeadline + extensionSeconds, "merchant_api");
  return {};
}

export function addRemark(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const remark = optionalText(params, "remark");
  if (remark === "") throw failed(11000, "备注为空");
  const caseId = optionalText(params, "after_sale_id");
  const orderId = optionalText(params, "order_id");
  const found = [...platform.cases.values()].find(
    ({ id, shopId, order }) => shopId === shop.id && (caseId !== "" ? id === caseId : order.orderId === orderId),
  );
  if (found === undefined) throw failed(11003, "售后单不存在");
  // A note to oneself: it is not a new version of the case.
  found.remarks.push({ text: remark, time: platform.nowSeconds() });
  platform.saveCase(found);
  return {};
}

export function submitEvidence(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = platform.caseOf(shop, id64(params, "aftersale_id"));
  const images = texts(params, "evidence") ?? [];
  if (images.length > evidenceAtMost) throw badParameter(`evidence 最多 ${evidenceAtMost} 条`);
  if (images.some((url) => !/^https?:\/\//.test(url))) throw badParameter("evidence 应为 URL");
  const comment = optionalText(params, "comment");
  if (images.length === 0 && comment === "") throw missingParameter("evidence");
  if (!isArbitrationOpen(case_)) throw failed(11005, "当前不需要举证");
  giveEvidence(platform, case_, { images, text: comment });
  return {};
}

/** `send_type` 1 ships a reissue, 3 fills in the return waybill for the buyer, 4 ships a repaired item. */
export function fillLogistics(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = caseOrFailed(platform, shop, id64(params, "aftersale_id"));
  const sendType = integer(params, "send_type");
  const parcel = parcelOf(text(params, "company_code"), text(params, "tracking_no"), platform.nowSeconds());
  const isReissue = sendType === 1 && case_.type === caseTypes.reissue && case_.status === 8;
  const isRepair = sendType === 4 && case_.type === caseTypes.repair && [8, 11].includes(case_.status);
  if (isReissue || isRepair) sendReplacement(platform, case_, parcel, "merchant_api");
  else if (sendType === 3 && [caseTypes.returnAndRefund, caseTypes.exchange].some((type) => type === case_.type)) {
    if (case_.status !== 7) throw failed(19009, "该售后单不支持此操作");
    case_.returnParcel = parcel;
    enter(platform, case_, 11, "merchant_api", "商家代填退货物流");
    platform.announce(case_, 203, { return_time: case_.updateTime });
  } else throw failed(19009, "该售后单不支持此操作");
  return {};
}

export function stopShipment(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = platform.caseOf(shop, text(params, "aftersale_id"));
  examineTime(params);
  if (!shop.refundHelper.onShipmentStopped) throw failed(11002, "未开启取消发货自动退款");
  // On the real platform this bad parameter also looks like a service that is down.
  if (case_.type !== caseTypes.refundUnshipped && case_.type !== caseTypes.refundShipped)
    throw new Refusal(20000, "isp.service-error:10002", "售后类型不支持");
  refundByHelper(platform, case_, { bit: 12 });
  return {};
}

export function bookGoodsIn(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = platform.caseOf(shop, text(params, "aftersale_id"));
  examineTime(params);
  parcelOf(text(params, "logistics_company_code"), text(params, "tracking_no"), platform.nowSeconds());
  if (!shop.refundHelper.onGoodsBookedIn) throw failed(11002, "未开启退货入仓自动退款");
  if (case_.type !== caseTypes.returnAndRefund) throw failed(11005, "售后类型不支持");
  refundByHelper(platform, case_, { bit: 2 });
  return {};
}

export function interceptParcels(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const case_ = platform.caseOf(shop, id64(params, "after_sale_id"));
  if (![1, 3].includes(integer(params, "op_from"))) throw badParameter("op_from");
  const targets = optionalList(params, "intercept_targets");
  if (targets === undefined || targets.length === 0) throw missingParameter("intercept_targets");
  const results = targets.map((target) => {
    if (!isParams(target)) throw badParameter("intercept_targets");
    const [company, waybill] = [text(target, "company_code"), text(target, "tracking_no")];
    const { parcel } = case_.order;
    // Between pick-up and delivery only.
    const isOurs = parcel?.trackingNo === waybill && parcel.companyCode === company;
    const isSuccess = isOurs && !case_.gotPackage && case_.finalTime === 0;
    if (isSuccess) parcel.state = 3;
    return {
      company_code: company,
      tracking_no: waybill,
      is_success: isSuccess,
      unavailable_reason_code: isSuccess ? 0 : isOurs ? 2 : 1,
      intercept_cost: isSuccess ? interceptCost : 0,
    };
  });
  platform.saveCase(case_);
  const successes = results.filter(({ is_success }) => is_success).length;
  return { intercept_results: results, success_count: successes, failed_count: results.length - successes };
}

/** Ships an order. The only way to refuse a refund asked for before shipment, and only with the flag that says so. */
export function shipOrder(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const orderId = text(params, "order_id");
  const company = optionalText(params, "company_code") || text(params, "company");
  const parcel = parcelOf(company, text(params, "logistics_code"), platform.nowSeconds());
  const isRefusal = optionalFlag(params, "is_reject_refund") || optionalFlag(params, "is_refund_reject");
  const ofOrder = [...platform.cases.values()].filter(
    ({ shopId, order }) => shopId === shop.id && (order.orderId === orderId || order.lineId === orderId),
  );
  const [first] = ofOrder;
  if (first === undefined) throw failed(11003, "订单不存在");
  if (first.order.status !== 2) throw failed(11005, "订单状态不支持发货");
  const waiting = ofOrder.find(({ type, status }) => type === caseTypes.refundUnshipped && status === 6);
  if (waiting !== undefined && !isRefusal) throw failed(11005, "订单退款中，发货需拒绝退款");
  for (const case_ of ofOrder) {
    case_.order = { ...case_.order, status: 3, parcel: { ...parcel, state: 0 } };
    platform.saveCase(case_);
  }
  if (waiting !== undefined) refuse(platform, waiting, 27, "merchant_api", "已发货");
  return {};
}

function refundByHelper(platform: Platform, case_: DouyinCase, { bit }: { bit: number }): void {
  if (case_.status === 12 || case_.finalTime > 0) throw failed(12001, "已由其他自动退款处理");
  if (![6, 7, 11].includes(case_.status)) throw failed(11005, "当前状态不支持");
  case_.autoAuditBits.push(bit);
  case_.robot = 2;
  agreeRefund(platform, case_, "platform_robot");
}

function examineTime(params: Params): void {
  if (integer(params, "op_time") <= 0) throw badParameter("op_time");
}

/** fillLogistics has its own number for a case it does not know. */
function caseOrFailed(platform: Platform, shop: DouyinShop, caseId: string): DouyinCase {
  const found = platform.cases.get(caseId);
  if (found === undefined || found.shopId !== shop.id) throw failed(11000, "售后单无效");
  return found;
}
