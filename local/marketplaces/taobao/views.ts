import type { SellerAddress, TaobaoCase, TaobaoShop } from "./model.ts";
import { int64 } from "./wire.ts";
import {
  chinaTime,
  exchangeStatus,
  goodStatus,
  goodText,
  numbers,
  orderStatus,
  phaseOf,
  refundStatus,
  typeWords,
  yuan,
} from "./wording.ts";

/** A refund as its own call answers. The list has fewer fields: see `listed`. */
export function refundView(case_: TaobaoCase, { nick }: TaobaoShop): Record<string, unknown> {
  const { order, returnParcel } = case_;
  return {
    refund_id: case_.id,
    tid: int64(order.tid),
    oid: int64(order.oid),
    alipay_no: `2026${order.tid.slice(0, 16)}`,
    buyer_nick: "t**8",
    buyer_open_uid: `AAEsim${order.tid}`,
    seller_nick: nick,
    total_fee: yuan(order.paidFen),
    payment: yuan(order.paidFen - case_.refundFee),
    refund_fee: yuan(case_.refundFee),
    price: yuan(Math.round(order.paidFen / order.num)),
    num: order.num,
    num_iid: int64(order.numIid),
    title: order.title,
    sku: order.sku,
    outer_id: order.outerId,
    status: refundStatus(case_),
    order_status: orderStatus(case_),
    good_status: goodStatus(case_),
    has_good_return: ["return", "exchange", "repair"].includes(case_.kind),
    refund_phase: phaseOf(case_),
    refund_version: case_.version,
    dispute_type: typeWords[case_.kind],
    ...(case_.kind === "price" && { special_refund_type: "priceProtect" }),
    reason: case_.reason,
    desc: case_.desc,
    created: chinaTime(case_.createdMs),
    modified: chinaTime(case_.modifiedMs),
    cs_status: case_.csStatus,
    advance_status: case_.advanceStatus,
    shipping_type: "express",
    operation_contraint: case_.constraint,
    attribute: `;bizCode:sim.refund;sku:${order.sku.replace(/:/g, "#3B").replace(/;/g, "#3A")};`,
    refund_remind_timeout:
      case_.timeoutMs > 0
        ? { exist_timeout: true, remind_type: numbers[case_.node], timeout: chinaTime(case_.timeoutMs) }
        : { exist_timeout: false },
    ...(case_.address && { address: case_.address }),
    ...(returnParcel && {
      company_name: returnParcel.company,
      sid: returnParcel.number,
      good_return_time: chinaTime(returnParcel.atMs),
    }),
    ...(case_.endMs > 0 && { end_time: chinaTime(case_.endMs) }),
  };
}

/** Fields that the list of refunds gives; the deadline is not among them. */
export const listed = new Set(
  (
    "refund_id,tid,oid,buyer_nick,buyer_open_uid,ouid,seller_nick,total_fee,payment,refund_fee,title,num,outer_id,sku,status," +
    "order_status,good_status,has_good_return,dispute_type,refund_phase,refund_version,reason,desc,created,modified,end_time," +
    "company_name,sid,operation_contraint,attribute"
  ).split(","),
);

export function exchangeView(case_: TaobaoCase, { nick }: TaobaoShop): Record<string, unknown> {
  const { order, returnParcel, replacement } = case_;
  return {
    dispute_id: case_.id,
    biz_order_id: order.oid,
    num: order.num,
    buyer_nick: "t**8",
    buyer_open_uid: `AAEsim${order.tid}`,
    buyer_name: "模**",
    buyer_phone: "139****0000",
    buyer_address: "模拟省模拟市******",
    oaid: `oaid${order.tid}`,
    seller_nick: nick,
    status: exchangeStatus(case_),
    good_status: goodText(case_),
    created: chinaTime(case_.createdMs),
    modified: chinaTime(case_.modifiedMs),
    reason: case_.reason,
    desc: case_.desc,
    title: order.title,
    price: yuan(Math.round(order.paidFen / order.num)),
    payment: yuan(order.paidFen),
    bought_sku: "尺码:L",
    exchange_sku: "尺码:XL",
    refund_phase: phaseOf(case_),
    refund_version: case_.version,
    cs_status: case_.csStatus,
    advance_status: case_.advanceStatus,
    operation_contraint: case_.constraint,
    attributes: "",
    ...(case_.timeoutMs > 0 && { time_out: chinaTime(case_.timeoutMs) }),
    ...(case_.address && { address: case_.address }),
    ...(returnParcel && { buyer_logistic_name: returnParcel.company, buyer_logistic_no: returnParcel.number }),
    ...(replacement && { seller_logistic_name: replacement.company, seller_logistic_no: replacement.number }),
  };
}

/** The request asks for the order by another name than the answer has. */
export function exchangeFields(fields: ReadonlySet<string>): Set<string> {
  const asked = new Set(fields);
  if (asked.has("bizorder_id")) asked.add("biz_order_id");
  return asked;
}

/** Lists of exchanges carry neither version nor phase. */
export const notListedOfExchanges = ["refund_version", "refund_phase", "cs_status", "advance_status"];

/** A row of the list of all reverse cases: status as a number, deadline included. */
export function disputeView(case_: TaobaoCase): Record<string, unknown> {
  const { order } = case_;
  return {
    refund_id: case_.id,
    biz_order_id: order.tid,
    oid: int64(order.oid),
    status: case_.kind === "freight" ? refundStatus(case_) : String(numbers[case_.node]),
    order_status: orderStatus(case_),
    good_status: goodStatus(case_),
    has_good_return: ["return", "exchange", "repair"].includes(case_.kind),
    refund_fee: yuan(case_.refundFee),
    refund_phase: phaseOf(case_),
    dispute_request: typeWords[case_.kind],
    reason: case_.reason,
    desc: case_.desc,
    title: order.title,
    num: order.num,
    created: chinaTime(case_.createdMs),
    modified: chinaTime(case_.modifiedMs),
    buyer_nick: "t**8",
    buyer_open_uid: `AAEsim${order.tid}`,
    ...(case_.returnParcel && { good_return_time: chinaTime(case_.returnParcel.atMs) }),
    ...(case_.timeoutMs > 0 && { time_out: chinaTime(case_.timeoutMs) }),
  };
}

export function addressView(address: SellerAddress): Record<string, unknown> {
  return {
    contact_id: int64(address.contactId),
    contact_name: address.name,
    province: address.province,
    city: address.city,
    // The district goes by this name.
    country: address.district,
    addr: address.street,
    zip_code: address.zip,
    phone: address.phone,
    mobile_phone: address.mobile,
    seller_company: "模拟公司",
    memo: "",
    area_id: 330110,
    send_def: !address.isReturnDefault,
    get_def: false,
    cancel_def: address.isReturnDefault,
    modify_date: "2026-01-05 10:00:00",
  };
}
