import { cancelShipment, listCarriers, uploadReturnSlip, validateAccount } from "./aligenius-calls.ts";
import { Refusal } from "./answers.ts";
import {
  addExchangeMessage,
  agreeExchange,
  agreeExchangeGoods,
  confirmAndConsign,
  consignExchange,
  getExchange,
  getExchangeReasons,
  refuseExchange,
  refuseExchangeGoods,
} from "./exchange-calls.ts";
import { listDisputes, listExchanges, listRefunds } from "./lists.ts";
import { addGroup, cancelUser, confirmMessages, consumeMessages, getUser, permitUser } from "./message-calls.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { TaobaoShop } from "./model.ts";
import { need, optional, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import {
  addRefundMessage,
  agreeRefunds,
  agreeReturnGoods,
  getRefund,
  getRefundMessages,
  getRefuseReasons,
  getSpecialRefund,
  refillReturn,
  refuseRefund,
  refuseReturnGoods,
  reviewRefund,
} from "./refund-calls.ts";
import { onlyTmall } from "./seller.ts";
import { redeemCode, redeemRefresh, tokenAnswer } from "./tokens.ts";
import { addressView } from "./views.ts";
import { int64, List } from "./wire.ts";
import { chinaTime, orderStatus, refundStatus, yuan } from "./wording.ts";

export type ShopCall = (platform: Platform, shop: TaobaoShop, params: Params) => Record<string, unknown>;
export type AppCall = (platform: Platform, queue: MessageQueue, params: Params) => Record<string, unknown>;

/** Calls that need a shop's session. */
export const shopCalls: Readonly<Record<string, ShopCall>> = {
  "taobao.refunds.receive.get": (platform, shop, params) => listRefunds(platform, shop, params),
  "taobao.special.refunds.receive.get": (platform, shop, params) =>
    listRefunds(platform, shop, params, { special: true }),
  "taobao.refund.get": getRefund,
  "taobao.special.refund.get": getSpecialRefund,
  "taobao.refund.refusereason.get": getRefuseReasons,
  "taobao.refund.messages.get": getRefundMessages,
  "taobao.refund.message.add": addRefundMessage,
  "taobao.refund.refuse": refuseRefund,
  "taobao.rp.refunds.agree": agreeRefunds,
  "taobao.rp.refund.review": reviewRefund,
  "taobao.rp.returngoods.agree": agreeReturnGoods,
  "taobao.rp.returngoods.refuse": refuseReturnGoods,
  "taobao.rp.returngoods.refill": refillReturn,
  "tmall.dispute.receive.get": (platform, shop, params) => {
    onlyTmall(shop);
    return listDisputes(platform, shop, params);
  },
  "tmall.exchange.receive.get": (platform, shop, params) => {
    onlyTmall(shop);
    return listExchanges(platform, shop, params);
  },
  "tmall.exchange.get": getExchange,
  "tmall.exchange.agree": agreeExchange,
  "tmall.exchange.refuse": refuseExchange,
  "tmall.exchange.refusereason.get": getExchangeReasons,
  "tmall.exchange.returngoods.agree": agreeExchangeGoods,
  "tmall.exchange.returngoods.refuse": refuseExchangeGoods,
  "tmall.exchange.consigngoods": consignExchange,
  "tmall.exchange.confirm.consign": confirmAndConsign,
  "tmall.exchange.message.add": addExchangeMessage,
  "taobao.logistics.address.search": (_platform, shop, params) => {
    const only = optional(params, "rdef") === "cancel_def";
    const rows = shop.addresses.filter(({ isReturnDefault }) => !only || isReturnDefault);
    return { addresses: new List("address_result", rows.map(addressView)) };
  },
  "taobao.logistics.companies.get": listCarriers,
  "taobao.rdc.aligenius.account.validate": validateAccount,
  "taobao.rdc.aligenius.sendgoods.cancel": cancelShipment,
  "taobao.rdc.aligenius.warehouse.reverse.uploading": uploadReturnSlip,
  "taobao.trade.fullinfo.get": getTrade,
  "taobao.tmc.user.permit": permitUser,
  "taobao.tmc.user.cancel": cancelUser,
};

/** Calls of the app itself. */
export const appCalls: Readonly<Record<string, AppCall>> = {
  "taobao.tmc.messages.consume": (_platform, queue, params) => consumeMessages(queue, params),
  "taobao.tmc.messages.confirm": (_platform, queue, params) => confirmMessages(queue, params),
  "taobao.tmc.user.get": (platform, _queue, params) => getUser(platform, params),
  "taobao.tmc.group.add": addGroup,
  "taobao.top.auth.token.create": (platform, _queue, params) => {
    const shop = redeemCode(platform, need(params, "code"));
    if (!shop) throw new Refusal(15, "isv.code-invalid", "authorize code expire");
    return { token_result: JSON.stringify(tokenAnswer(platform, shop)) };
  },
  "taobao.top.auth.token.refresh": (platform, _queue, params) => {
    const shop = redeemRefresh(platform, need(params, "refresh_token"));
    if (!shop) throw new Refusal(15, "isv.refresh-token-invalid", "refresh_token is invalid");
    return { token_result: JSON.stringify(tokenAnswer(platform, shop)) };
  },
};

function getTrade(platform: Platform, shop: TaobaoShop, params: Params): Record<string, unknown> {
  need(params, "fields");
  const tid = need(params, "tid");
  const cases = platform.casesOf(shop).filter(({ order }) => order.tid === tid);
  const last = cases.at(-1);
  if (!last) throw new Refusal(15, "isv.trade-not-exist", "交易不存在");
  const { order } = last;
  const row = {
    oid: int64(order.oid),
    title: order.title,
    num: order.num,
    payment: yuan(order.paidFen),
    status: orderStatus(last),
    refund_status: refundStatus(last),
    refund_id: last.id,
    seller_type: shop.kind === "tmall" ? "B" : "C",
  };
  return {
    trade: {
      tid: int64(order.tid),
      status: orderStatus(last),
      type: order.tradeType,
      seller_nick: shop.nick,
      buyer_nick: "t**8",
      payment: yuan(order.paidFen),
      total_fee: yuan(order.paidFen),
      created: chinaTime(last.createdMs),
      receiver_name: "模**",
      receiver_mobile: "139****0000",
      orders: new List("order", [row]),
    },
  };
}
