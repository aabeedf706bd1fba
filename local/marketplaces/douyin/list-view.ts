import { exchangeSku, orderParcels } from "./detail-view.ts";
import { caseTypes, type DouyinCase } from "./model.ts";
import { statusText, typeText } from "./texts.ts";
import { int64 } from "./wire.ts";

/** One row of `/afterSale/List`: ids are text here, unlike everywhere else. */
export function listRow(case_: DouyinCase): unknown {
  return {
    aftersale_info: aftersaleInfo(case_),
    order_info: {
      shop_order_id: case_.order.orderId,
      order_flag: 0,
      related_order_info: [relatedOrder(case_)],
    },
    text_part: {
      logistics_text: "",
      aftersale_status_text: statusText(case_.status),
      aftersale_type_text: typeText(case_.type),
      return_logistics_text: "",
      aftersale_refund_type_text: "原路退款",
      reason_text: case_.reason,
      bad_item_text: "",
      arbitrate_status_text: "",
    },
    seller_logs: [],
  };
}

function aftersaleInfo(case_: DouyinCase): unknown {
  const { arbitration, order, replacementParcel, returnParcel } = case_;
  return {
    aftersale_id: case_.id,
    aftersale_order_type: 1,
    aftersale_type: case_.type,
    aftersale_sub_type: case_.repairType === 2 ? 8001 : 0,
    aftersale_status: case_.status,
    related_id: order.lineId,
    apply_time: case_.applyTime,
    create_time: case_.applyTime,
    update_time: case_.updateTime,
    status_deadline: case_.statusDeadline,
    aftersale_status_to_final_time: case_.finalTime,
    refund_amount: case_.refundAmount,
    refund_post_amount: case_.refundPostAmount,
    refund_tax_amount: 0,
    return_promotion_amount: 0,
    aftersale_num: case_.quantity,
    part_type: case_.isPartial ? 1 : 0,
    aftersale_refund_type: 0,
    refund_type: case_.robot,
    refund_status: case_.refundStatus,
    arbitrate_status: arbitration?.status ?? 0,
    arbitrate_blame: arbitration?.blame ?? 0,
    return_logistics_code: returnParcel?.trackingNo ?? "",
    return_logistics_company_name: returnParcel?.companyName ?? "",
    exchange_logistics_company_name: replacementParcel?.companyName ?? "",
    exchange_sku_info: case_.type === caseTypes.exchange ? exchangeSku(case_) : null,
    remark: case_.remarks.at(-1)?.text ?? "",
    got_pkg: case_.gotPackage ? 1 : 0,
    order_logistics: orderParcels(case_),
    is_agree_refuse_sign: case_.agreeRefuseSign,
    reason_second_labels: [],
    aftersale_tags: [],
    store_id: 0,
    store_name: "",
    auto_audit_bits: case_.autoAuditBits,
    risk_decision_code: 0,
    risk_decision_reason: "",
    risk_decision_description: "",
    left_urge_sms_count: 0,
  };
}

function relatedOrder({ order, quantity }: DouyinCase): unknown {
  return {
    sku_order_id: order.lineId,
    order_status: order.status,
    pay_amount: order.payAmount,
    post_amount: order.postAmount,
    item_num: order.quantity,
    create_time: order.createTime,
    tax_amount: 0,
    is_oversea_order: 0,
    product_id: int64(order.productId),
    product_name: order.productName,
    product_image: "https://img.example.com/goods.jpg",
    tags: [],
    sku_spec: [{ name: "颜色", value: "蓝色" }],
    shop_sku_code: order.skuCode,
    logistics_code: order.parcel?.trackingNo ?? "",
    aftersale_pay_amount: order.payAmount,
    aftersale_post_amount: order.postAmount,
    aftersale_tax_amount: 0,
    aftersale_item_num: quantity,
    promotion_pay_amount: 0,
    price: Math.round(order.payAmount / order.quantity),
    given_sku_order_ids: [],
  };
}
