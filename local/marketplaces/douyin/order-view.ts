import type { DouyinCase } from "./model.ts";
import { int64 } from "./wire.ts";

/** `data` of `/order/orderDetail`, as far as after-sales needs it. A cancelled case keeps its refund status 1. */
export function orderView(cases: readonly [DouyinCase, ...DouyinCase[]]): unknown {
  const { order, id } = cases[0];
  const cipher = Buffer.from(`simulated ${id}`).toString("base64");
  const newest = cases.at(-1) ?? cases[0];
  return {
    shop_order_detail: {
      order_id: order.orderId,
      order_status: order.status,
      main_status: order.status,
      order_amount: order.payAmount + order.postAmount,
      pay_amount: order.payAmount,
      post_amount: order.postAmount,
      create_time: order.createTime,
      encrypt_post_receiver: `##${cipher}##`,
      mask_post_receiver: "模*",
      encrypt_post_tel: `$${cipher}$${cipher}$1$$`,
      mask_post_tel: "1*********0",
      logistics_info: order.parcel === undefined ? [] : [parcelOf(order.parcel)],
      sku_order_list: [
        {
          order_id: order.lineId,
          parent_order_id: order.orderId,
          order_status: order.status,
          product_id: int64(order.productId),
          product_name: order.productName,
          sku_id: int64(order.skuId),
          out_sku_id: order.skuCode,
          item_num: order.quantity,
          pay_amount: order.payAmount,
          after_sale_info: {
            after_sale_status: newest.status,
            after_sale_type: newest.type,
            refund_status: newest.refundStatus,
          },
        },
      ],
    },
  };
}

function parcelOf({ trackingNo, companyCode, companyName, time }: NonNullable<DouyinCase["order"]["parcel"]>): unknown {
  return { tracking_no: trackingNo, company: companyCode, company_name: companyName, ship_time: time };
}
