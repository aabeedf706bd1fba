import { failed, missingParameter } from "./answers.ts";
import { detailView } from "./detail-view.ts";
import { listCases } from "./list.ts";
import { materialDetail, searchMaterials, uploadImage } from "./materials.ts";
import type { DouyinShop } from "./model.ts";
import { operate } from "./operate.ts";
import { orderView } from "./order-view.ts";
import { id64, integer, optionalFlag, optionalInteger, optionalText, type Params, text } from "./params.ts";
import type { Platform } from "./platform.ts";
import { rejectReasons, rejectReasonsFor } from "./reject-reasons.ts";
import {
  addRemark,
  bookGoodsIn,
  extendTime,
  fillLogistics,
  interceptParcels,
  shipOrder,
  stopShipment,
  submitEvidence,
} from "./seller-calls.ts";
import { int64 } from "./wire.ts";

/** A call of an authorised shop: what it answers is `data`, or promises it where something has to be fetched first. */
export type ShopCall = (platform: Platform, shop: DouyinShop, params: Params) => unknown;

/** The calls that are open, by path. Anything else is answered as taken offline. */
export const shopCalls: Readonly<Record<string, ShopCall>> = {
  "/afterSale/List": listCases,
  "/afterSale/Detail": (platform, shop, params) => {
    const case_ = platform.caseOf(shop, text(params, "after_sale_id"));
    return detailView(case_, shop, { withLog: optionalFlag(params, "need_operation_record") });
  },
  "/afterSale/operate": (platform, shop, params) => operate(platform, shop, params, "merchant_api"),
  "/afterSale/rejectReasonCodeList": listRejectReasons,
  "/afterSale/timeExtend": extendTime,
  "/afterSale/addOrderRemark": addRemark,
  "/afterSale/submitEvidence": submitEvidence,
  "/afterSale/fillLogistics": fillLogistics,
  "/afterSale/CancelSendGoodsSuccess": stopShipment,
  "/afterSale/returnGoodsToWareHouseSuccess": bookGoodsIn,
  "/afterSale/applyLogisticsIntercept": interceptParcels,
  "/address/list": listAddresses,
  "/order/orderDetail": (platform, shop, params) => {
    const orderId = text(params, "shop_order_id");
    const [first, ...others] = [...platform.cases.values()].filter(
      ({ shopId, order }) => shopId === shop.id && order.orderId === orderId,
    );
    if (first === undefined) throw failed(11003, "订单不存在");
    return orderView([first, ...others]);
  },
  "/order/logisticsAdd": shipOrder,
  "/material/uploadImageSync": uploadImage,
  "/material/searchMaterial": searchMaterials,
  "/material/queryMaterialDetail": materialDetail,
};

function listRejectReasons(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const isForCase = params.aftersale_id !== undefined && params.aftersale_id !== null;
  const reasons = isForCase ? rejectReasonsFor(platform.caseOf(shop, id64(params, "aftersale_id"))) : rejectReasons;
  return {
    items: reasons.map(({ code, reason, needsEvidence, evidenceDescription, pkg }) => ({
      reject_reason_code: code,
      reason,
      evidence_need: needsEvidence ? "Y" : "N",
      evidence_description: evidenceDescription,
      image: needsEvidence ? "https://img.example.com/evidence.jpg" : "",
      order_type: -1,
      pkg,
    })),
  };
}

/** Pages from 1, unlike List. */
function listAddresses(_platform: Platform, shop: DouyinShop, params: Params): unknown {
  const pageNumber = integer(params, "page_no");
  const pageSize = optionalInteger(params, "page_size") ?? 10;
  const sign = text(params, "order_by") === "desc" ? -1 : 1;
  if (!["create_time", "update_time"].includes(optionalText(params, "order_field")))
    throw missingParameter("order_field");
  if (pageNumber < 1 || pageSize < 1) throw missingParameter("page_no");
  const rows = shop.addresses.toSorted((a, b) => sign * (a.createTime - b.createTime));
  return {
    total: rows.length,
    page_size: pageSize,
    page_no: pageNumber,
    address_list: rows.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map((address) => ({
      address_id: int64(address.id),
      reciever_name: address.name,
      is_default: address.isDefault ? 1 : 0,
      is_send_default: address.isSendDefault ? 1 : 0,
      create_time: String(address.createTime),
      update_time: String(address.createTime),
      receiver_provinc: address.province.name,
      receiver_city: address.city.name,
      receiver_district: address.district.name,
      receiver_street: address.street.name,
      receiver_detail: address.detail,
      remark: address.remark,
    })),
  };
}
