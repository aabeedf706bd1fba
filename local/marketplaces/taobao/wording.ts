import type { Kind, Node, TaobaoCase } from "./model.ts";

// How the platform spells things, slips included.

export const typeWords: Readonly<Record<Kind, string>> = {
  refund: "REFUND",
  return: "REFUND_AND_RETURN",
  exchange: "TMALL_EXCHANGE",
  reissue: "RESHIPPING",
  repair: "REPAIR",
  freight: "OTHERS",
  price: "REFUND",
};

const refundWords: Readonly<Record<Node, string>> = {
  pending: "WAIT_SELLER_AGREE",
  address_owed: "WAIT_SELLER_CONFIRM_RETURN_ADDRESS",
  buyer_returns: "WAIT_BUYER_RETURN_GOODS",
  returned: "WAIT_SELLER_CONFIRM_GOODS",
  to_ship: "WAIT_SELLER_CONSIGN_GOOGDS",
  shipped: "WAIT_BUYER_CONFIRM_REDO_SEND_GOODS",
  refused: "SELLER_REFUSE_BUYER",
  done: "SUCCESS",
  closed: "CLOSED",
  converted: "EXCHANGE_TRANSFORM_TO_REFUND",
};

const exchangeTexts: Readonly<Record<Node, string>> = {
  pending: "换货待处理",
  address_owed: "换货待处理",
  buyer_returns: "待买家退货",
  returned: "买家已退货，待收货",
  to_ship: "待发出换货商品",
  shipped: "待买家收货",
  refused: "待买家修改",
  done: "换货成功",
  closed: "换货关闭",
  converted: "请退款",
};

/** Exchanges are filtered by these, disputes are listed with them. */
export const numbers: Readonly<Record<Node, number>> = {
  pending: 1,
  address_owed: 8,
  buyer_returns: 2,
  returned: 3,
  closed: 4,
  done: 5,
  refused: 6,
  to_ship: 12,
  shipped: 13,
  converted: 14,
};

export function refundStatus({ kind, node, strangeStatus }: TaobaoCase): string {
  if (strangeStatus) return strangeStatus;
  // The trade of an exchange says so with a word of its own.
  if (kind === "exchange" && node === "shipped") return "WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS";
  if (kind === "freight" && node === "pending") return "POST_FEE_DISPUTE_WAIT_ACTIVATE";
  return refundWords[node];
}

export function exchangeStatus({ node, strangeStatus }: TaobaoCase): string {
  return strangeStatus ?? exchangeTexts[node];
}

export function orderStatus({ order, node, kind }: TaobaoCase): string {
  if (node === "done" && kind !== "exchange" && kind !== "reissue") return "TRADE_CLOSED";
  if (order.isFinished) return "TRADE_FINISHED";
  return order.isShipped ? "WAIT_BUYER_CONFIRM_GOODS" : "WAIT_SELLER_SEND_GOODS";
}

export function goodStatus({ returnParcel, hasReceived }: TaobaoCase): string {
  if (returnParcel) return "BUYER_RETURNED_GOODS";
  return hasReceived ? "BUYER_RECEIVED" : "BUYER_NOT_RECEIVED";
}

const goodTexts: Readonly<Record<string, string>> = {
  BUYER_RETURNED_GOODS: "买家已退货",
  BUYER_RECEIVED: "买家已收到货",
  BUYER_NOT_RECEIVED: "买家未收到货",
};
export const goodText = (case_: TaobaoCase): string => goodTexts[goodStatus(case_)] ?? "";

export const phaseOf = ({ order }: TaobaoCase): string => (order.isFinished ? "aftersale" : "onsale");
export const yuan = (fen: number): string => (fen / 100).toFixed(2);

const chinaOffsetMs = 8 * 3_600_000;
/** Wall-clock text of China, as everywhere on this platform. */
export const chinaTime = (ms: number): string =>
  new Date(ms + chinaOffsetMs).toISOString().slice(0, 19).replace("T", " ");

/** Epoch milliseconds of such a text; undefined when it is none. */
export function msOfChinaTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(" ", "T")}+08:00`);
  return Number.isNaN(ms) || chinaTime(ms) !== text ? undefined : ms;
}
