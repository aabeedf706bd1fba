import { caseTypes } from "./model.ts";

export type OperateEffect =
  | "agree_return"
  | "agree_refund"
  | "agree_if_delivery_refused"
  | "agree_to_send"
  | "send_replacement"
  | "refuse_application"
  | "refuse_goods";

export type OperateNeed = "address" | "parcel" | "refusal" | "nothing";

export interface OperateRow {
  does: OperateEffect;
  caseType: number;
  at: readonly number[];
  needs: OperateNeed;
}

const { returnAndRefund, refundShipped, refundUnshipped, exchange, reissue, repair } = caseTypes;

function row(does: OperateEffect, caseType: number, at: readonly number[], needs: OperateNeed): OperateRow {
  return { does, caseType, at, needs };
}

/** `type` of `/afterSale/operate`: what it does to which kind of case, at which statuses, and what must come with it. */
export const operateTable: Readonly<Record<number, OperateRow>> = {
  101: row("agree_return", returnAndRefund, [6, 27], "address"),
  102: row("refuse_application", returnAndRefund, [6], "refusal"),
  111: row("agree_refund", returnAndRefund, [7, 11, 29], "nothing"),
  112: row("refuse_goods", returnAndRefund, [11], "refusal"),
  121: row("agree_refund", returnAndRefund, [6, 27], "nothing"),
  201: row("agree_refund", refundShipped, [6, 27], "nothing"),
  202: row("refuse_application", refundShipped, [6], "refusal"),
  203: row("agree_if_delivery_refused", refundShipped, [6], "nothing"),
  301: row("agree_return", exchange, [6, 27], "address"),
  302: row("refuse_application", exchange, [6], "refusal"),
  311: row("send_replacement", exchange, [7, 11, 29], "parcel"),
  312: row("refuse_goods", exchange, [11], "refusal"),
  321: row("agree_refund", exchange, [6, 7, 11, 29], "nothing"),
  401: row("agree_refund", refundUnshipped, [6], "nothing"),
  501: row("agree_to_send", reissue, [6, 27], "nothing"),
  502: row("refuse_application", reissue, [6], "refusal"),
  601: row("agree_return", repair, [6, 27], "address"),
  602: row("agree_to_send", repair, [6, 27], "nothing"),
  603: row("refuse_application", repair, [6], "refusal"),
  611: row("send_replacement", repair, [7, 8, 11], "parcel"),
  612: row("refuse_goods", repair, [11], "refusal"),
  621: row("agree_refund", repair, [6, 7, 8, 11, 27, 29], "nothing"),
};
