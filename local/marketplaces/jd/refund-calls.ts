import { GatewayRefusal } from "./answers.ts";
import type { ShopCall } from "./call.ts";
import { int, longId, optionalFlag, optionalInt, optionalText, pageOf, text, windowOf } from "./params.ts";
import { reply } from "./refund-lifecycle.ts";
import { refundRow } from "./views.ts";

const found = (rows: readonly unknown[], totalCount: number) => ({
  queryResult: { success: true, errorCode: null, errorMsg: null, totalCount, result: rows },
});

/** At most 100 pages of 50; newest changes first. */
const queryPageList: ShopCall = (platform, shop, params) => {
  const { number, size } = pageOf(params, "pageIndex", { most: 100 });
  const ids = optionalText(params, "ids")?.split(",");
  if (ids && ids.length > size) throw new GatewayRefusal(61, "ids");
  const status = optionalInt(params, "status");
  const orderId = optionalText(params, "orderId");
  const { longestWindowMs } = platform.settings;
  const modified = windowOf(params, "modifiedStart", "modifiedEnd", longestWindowMs);
  const applied = windowOf(params, "applyTimeStart", "applyTimeEnd", longestWindowMs);
  const within = (at: number, window: typeof modified) => !window || (at >= window.fromMs && at <= window.toMs);
  const rows = platform
    .refunds(shop.id)
    .filter(
      (refund) =>
        (status === undefined || refund.status === status) &&
        (orderId === undefined || refund.orderId === orderId) &&
        (!ids || ids.includes(refund.id)) &&
        within(refund.updateMs, modified) &&
        within(refund.applyMs, applied),
    )
    .sort((a, b) => b.updateMs - a.updateMs || (a.id < b.id ? -1 : 1));
  const withSku = optionalFlag(params, "showSku") === true;
  const page = rows.slice((number - 1) * size, number * size);
  return found(
    page.map((refund) => refundRow(refund, withSku)),
    rows.length,
  );
};

const queryById: ShopCall = (platform, shop, params) => {
  const id = longId(params, "id");
  const rows = platform.refunds(shop.id).filter((refund) => refund.id === id);
  return found(
    rows.map((refund) => refundRow(refund, true)),
    rows.length,
  );
};

const getWaitRefundNum: ShopCall = (platform, shop) => {
  const waiting = platform.refunds(shop.id).filter(({ status }) => status === 0);
  return { queryResult: { success: true, errorCode: null, errorMsg: null, totalCount: waiting.length } };
};

const replies: readonly number[] = [1, 2, 6, 9, 10];

const replyRefund: ShopCall = (platform, shop, params) => {
  const id = longId(params, "id");
  const status = int(params, "status");
  const checkUserName = text(params, "checkUserName", 50);
  const remark = optionalText(params, "remark");
  const rejectType = optionalInt(params, "rejectType");
  const outWareStatus = optionalInt(params, "outWareStatus");
  const refund = platform.refunds(shop.id).find((each) => each.id === id);
  if (!refund) return refused("E-NONE", "退款单不存在");
  if (!replies.includes(status)) return refused("E-PARAM", "审核状态错误");
  if (status !== 9 && remark === undefined) return refused("E-PARAM", "备注不能为空");
  if (status === 2 ? !(rejectType && rejectType >= 1 && rejectType <= 5) : rejectType !== undefined)
    return refused("E-PARAM", "拒绝类型错误");
  if (outWareStatus !== undefined && outWareStatus !== 1 && outWareStatus !== 2)
    return refused("E-PARAM", "出库状态错误");
  if (refund.status !== 0) return refused("E-DONE", "退款单已审核");
  if (status === 6 && !refund.isShipped) return refused("E-STATUS", "订单未出库，不能拦截");
  reply(platform, refund, { status, by: "merchant_api", checkUserName, remark });
  return { replyResult: { success: true, errorCode: null, errorMsg: null } };
};

const refused = (errorCode: string, errorMsg: string) => ({ replyResult: { success: false, errorCode, errorMsg } });

/** Whether an order has left. */
const orderGet: ShopCall = (platform, shop, params) => {
  const orderId = text(params, "order_id");
  text(params, "optional_fields");
  const refund = platform.refunds(shop.id).find((each) => each.orderId === orderId);
  const orderState = refund?.isShipped ? "WAIT_GOODS_RECEIVE_CONFIRM" : "WAIT_SELLER_STOCK_OUT";
  return {
    orderDetailInfo: {
      apiResult: { success: true, errorCode: "0" },
      orderInfo: refund ? { orderId, orderState } : null,
    },
  };
};

const family = "jingdong.pop.afs.soa.refundapply";
export const refundCalls: Readonly<Record<string, ShopCall>> = {
  [`${family}.queryPageList`]: queryPageList,
  [`${family}.queryById`]: queryById,
  [`${family}.getWaitRefundNum`]: getWaitRefundNum,
  [`${family}.replyRefund`]: replyRefund,
  "jingdong.pop.order.get": orderGet,
};
