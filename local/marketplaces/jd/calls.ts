import type { ShopCall } from "./call.ts";
import { refundCalls } from "./refund-calls.ts";
import * as reads from "./ticket-reads.ts";
import { ticketWrites } from "./ticket-writes.ts";
import { long } from "./wire.ts";

const returnAddresses: ShopCall = (_platform, shop) => ({
  returnAddressResult: {
    is_success: true,
    error_code: null,
    error_msg: null,
    total_count: shop.addresses.length,
    return_address_s: shop.addresses.map(({ id, contact, phone, zipCode, place, areaId }) => ({
      id: long(id),
      contact,
      phone,
      zip_code: zipCode,
      full_address: place,
      full_area_id: areaId,
      address_type: 1,
      create_time: "2024-03-01 10:00:00",
      modify_time: "2025-11-02 09:30:00",
    })),
  },
});

const venderInfo: ShopCall = (_platform, shop) => ({
  vender_info_result: {
    vender_id: long(shop.id),
    col_type: 0,
    shop_id: long(shop.id),
    shop_name: shop.name,
    cate_main: 737,
  },
});

/** The methods that are open, by their exact name: letter case matters. */
export const shopCalls: Readonly<Record<string, ShopCall>> = {
  ...refundCalls,
  ...ticketWrites,
  "jingdong.asc.sync.list": reads.syncList,
  "jingdong.asc.query.list": reads.queryList,
  "jingdong.asc.query.view": reads.queryView,
  "jingdong.asc.audit.list": reads.auditList,
  "jingdong.asc.audit.reason.list": reads.auditReasonList,
  "jingdong.asc.process.list": reads.processList,
  "jingdong.asc.freight.view": reads.freightView,
  "jingdong.asc.serviceAndRefund.view": reads.serviceAndRefundView,
  "jingdong.vender.returnaddress.query": returnAddresses,
  "jingdong.seller.vender.info.get": venderInfo,
};

/** Under which name a method says no. */
export function failureOf(method: string, code: string, message: string): Record<string, unknown> {
  if (method.endsWith(".replyRefund")) return { replyResult: { success: false, errorCode: code, errorMsg: message } };
  if (method.includes(".refundapply.")) return { queryResult: { success: false, errorCode: code, errorMsg: message } };
  const place = method.endsWith(".list") || method.endsWith("serviceAndRefund.view") ? "pageResult" : "result";
  return { [place]: { success: false, code, msg: message, data: null } };
}
