import { caseTypes, type DouyinCase, type DouyinShop, type Parcel } from "./model.ts";
import { statusText, typeText } from "./texts.ts";
import { int64 } from "./wire.ts";

/** `data` of `/afterSale/Detail`: ids are bare integers here, times are epoch seconds. */
export function detailView(case_: DouyinCase, shop: DouyinShop, { withLog }: { withLog: boolean }): unknown {
  return {
    process_info: {
      after_sale_info: afterSaleInfo(case_, shop),
      arbitrate_info: arbitrateInfo(case_),
      after_sale_service_tag: { after_sale_service_tag: [] },
      logistics_info: {
        return: parcel(case_.returnParcel),
        exchange: parcel(case_.type === caseTypes.exchange ? case_.replacementParcel : undefined),
        order: orderParcels(case_),
        resend: parcel(case_.type === caseTypes.exchange ? undefined : case_.replacementParcel),
      },
      after_sale_shop_remarks: case_.remarks.map(({ text, time }) => ({ remark: text, create_time: time })),
      price_protection_detail: priceProtection(case_),
      record_logs_list: withLog ? recordLogs(case_) : [],
    },
    order_info: { shop_order_id: int64(case_.order.orderId), sku_order_infos: [skuOrder(case_)] },
  };
}

function afterSaleInfo(case_: DouyinCase, shop: DouyinShop): unknown {
  const isSentToBuyer = case_.type === caseTypes.exchange || case_.type === caseTypes.reissue;
  return {
    after_sale_id: int64(case_.id),
    after_sale_status: case_.status,
    after_sale_status_desc: statusText(case_.status),
    after_sale_type: case_.type,
    after_sale_type_text: typeText(case_.type),
    after_sale_sub_type: case_.repairType === 2 ? 8001 : 0,
    after_sale_order_type: 1,
    refund_status: case_.refundStatus,
    refund_type: 0,
    refund_type_text: "原路退款",
    refund_total_amount: case_.refundAmount,
    refund_post_amount: case_.refundPostAmount,
    refund_promotion_amount: 0,
    real_refund_amount: case_.realRefundAmount,
    deduction_amount: 0,
    disable_coupon_id: "",
    platform_discount_return_amount: 0,
    kol_discount_return_amount: 0,
    shop_discount_return_amount: 0,
    kol_post_discount_return_amount: "0",
    gold_coin_return_amount: 0,
    refund_packing_charge_amount: 0,
    refund_voucher_num: 0,
    refund_voucher_times: 0,
    apply_time: case_.applyTime,
    update_time: case_.updateTime,
    status_deadline: case_.statusDeadline,
    aftersale_status_to_final_time: case_.finalTime,
    refund_time: case_.refundTime,
    refund_fail_reason: case_.refundFailReason,
    reason: case_.reason,
    reason_code: case_.reasonCode,
    reason_remark: case_.reasonRemark,
    reason_second_labels: [],
    evidence: case_.evidence,
    after_sale_apply_count: case_.quantity,
    need_return_count: [0, 3, 8].includes(case_.type) ? case_.quantity : 0,
    part_type: case_.isPartial ? 1 : 0,
    got_pkg: case_.gotPackage ? 1 : 0,
    agree_refuse_sign: case_.agreeRefuseSign,
    apply_role: 1,
    return_method: case_.returnParcel === undefined ? 0 : 1,
    ...returnAddress(case_, shop),
    exchange_sku_info: case_.type === caseTypes.exchange ? exchangeSku(case_) : null,
    ...(isSentToBuyer ? encryptedReceiver(case_) : noReceiver),
    risk_decsison_code: 0,
    risk_decsison_reason: "",
    risk_decsison_description: "",
    aftersale_tags: [],
    store_id: "",
    store_name: "",
    auto_audit_bits: case_.autoAuditBits,
    open_address_id: "",
  };
}

function returnAddress(case_: DouyinCase, shop: DouyinShop): Record<string, unknown> {
  const address = shop.addresses.find(({ id }) => id === case_.returnAddressId);
  if (address === undefined) return { return_address: null, return_address_id: 0 };
  const { province, city, district, street, detail } = address;
  return {
    return_address: { province, city, town: district, street, detail, landmark: "" },
    return_address_id: int64(address.id),
  };
}

export function exchangeSku({ order, quantity }: DouyinCase): Record<string, unknown> {
  return {
    sku_id: `${order.skuId.slice(0, -1)}7`,
    code: `${order.skuCode}-B`,
    num: quantity,
    out_sku_id: `${order.skuCode}-B`,
    out_warehouse_id: "",
    supplier_id: "",
    url: "https://img.example.com/other.jpg",
    name: order.productName,
    // Fen, but as text: the one amount that is not a number.
    price: String(Math.round(order.payAmount / order.quantity)),
    spec_desc: "另一款",
  };
}

const noReceiver = {
  post_receiver: "",
  encrypt_post_receiver: "",
  post_tel_sec: "",
  encrypt_post_tel_sec: "",
  post_address: null,
};

/** Cipher text only, as outside the platform's own cloud. */
function encryptedReceiver({ id }: DouyinCase): Record<string, unknown> {
  const cipher = Buffer.from(`simulated ${id}`).toString("base64");
  return {
    post_receiver: `##${cipher}##`,
    encrypt_post_receiver: `##${cipher}##`,
    post_tel_sec: `$${cipher}$${cipher}$1$$`,
    encrypt_post_tel_sec: `$${cipher}$${cipher}$1$$`,
    post_address: {
      province: { id: "31", name: "上海市" },
      city: { id: "310100", name: "上海市" },
      town: { id: "310115", name: "浦东新区" },
      street: { id: "310115005", name: "陆家嘴街道" },
      detail: `#${cipher}#${cipher}#1##`,
      encrypt_detail: `#${cipher}#${cipher}#1##`,
      landmark: "",
    },
  };
}

function arbitrateInfo({ id, arbitration }: DouyinCase): unknown {
  const deadline = arbitration?.deadline ?? 0;
  return {
    arbitrate_id: arbitration === undefined ? "" : `${id}_${String(arbitration.round).padStart(3, "0")}`,
    arbitrate_status: arbitration?.status ?? 0,
    is_required_evidence: arbitration?.isEvidenceRequired ?? false,
    arbitrate_status_deadline: deadline === 0 ? "" : String(deadline),
    arbitrate_opinion: arbitration?.opinion ?? "",
    arbitrate_conclusion: arbitration?.conclusion ?? 0,
    arbitrate_blame: arbitration?.blame ?? 0,
    arbitrate_create_time: arbitration?.createTime ?? 0,
    arbitrate_update_time: arbitration?.updateTime ?? 0,
    arbitrate_evidence_tmpl:
      deadline === 0
        ? null
        : { images: ["https://img.example.com/evidence.jpg"], describe: "请上传商品实物照片", dead_line: deadline },
    arbitrate_evidence:
      arbitration?.evidence === undefined
        ? null
        : { images: arbitration.evidence.images, describe: arbitration.evidence.text },
  };
}

function parcel(sent: Parcel | undefined): Record<string, unknown> {
  return {
    tracking_no: sent?.trackingNo ?? "",
    company_name: sent?.companyName ?? "",
    company_code: sent?.companyCode ?? "",
    logistics_time: sent?.time ?? 0,
  };
}

export function orderParcels({ order }: DouyinCase): Record<string, unknown>[] {
  if (order.parcel === undefined) return [];
  return [{ ...parcel(order.parcel), logistics_state: order.parcel.state, value_added_services: [] }];
}

function recordLogs({ log }: DouyinCase): unknown[] {
  return log.map(({ operator, role, time, text }) => ({
    operator,
    time: new Date(time * 1000 + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
    text,
    images: [],
    desc_kvs: [],
    action: text,
    role,
    all_evidence: [],
  }));
}

function priceProtection({ type, order, refundAmount }: DouyinCase): unknown {
  if (type !== caseTypes.priceProtection) return null;
  const price = (priceText: string, amount: number) => {
    const priced = { price_text: priceText, amount };
    return { actual_amount: priced, origin_amount: priced, deduction_price_detail: [] };
  };
  return {
    title: "价保",
    price_protection_formulas: "",
    standard_price: price("基准价", order.payAmount),
    check_price: price("核准价", order.payAmount - refundAmount),
    refund_detail: price("退差", refundAmount),
    refund_bearer_list: [{ price_text: "商家实退差价", amount: refundAmount }],
    platform_to_merchant_refund_status: 0,
    platform_recycle_amount: 0,
  };
}

function skuOrder({ order, quantity }: DouyinCase): unknown {
  return {
    sku_order_id: int64(order.lineId),
    order_status: order.status,
    pay_amount: order.payAmount,
    post_amount: order.postAmount,
    item_quantity: order.quantity,
    create_time: order.createTime,
    tax_amount: 0,
    is_oversea_order: 0,
    product_name: order.productName,
    product_id: int64(order.productId),
    product_image: "https://img.example.com/goods.jpg",
    tags: [],
    sku_spec: [{ name: "颜色", value: "蓝色" }],
    shop_sku_code: order.skuCode,
    sku_id: int64(order.skuId),
    item_sum_amount: order.payAmount,
    sku_pay_amount: order.payAmount,
    promotion_amount: 0,
    pay_type: 1,
    insurance_tags: [],
    after_sale_item_count: quantity,
    given_sku_details: [],
  };
}
