import { invalid, noSuchRefund, Refusal } from "./answers.ts";
import { agreeRefund, agreeReturn, enter, refuse, touch } from "./lifecycle.ts";
import type { TaobaoCase, TaobaoShop } from "./model.ts";
import { digits, fieldsOf, flag, need, optional, type Params, pick, picture, whole } from "./params.ts";
import type { Platform } from "./platform.ts";
import { checkLock, checkReason, onlyTmall, openCase, refuseReasons, sellerAddress, text } from "./seller.ts";
import { refundView } from "./views.ts";
import { int64, List } from "./wire.ts";
import { chinaTime, phaseOf, refundStatus } from "./wording.ts";

type ShopCall = (platform: Platform, shop: TaobaoShop, params: Params) => Record<string, unknown>;

/** Knows everything but price protection and freight disputes. */
export const getRefund: ShopCall = (platform, shop, params) => {
  const fields = fieldsOf(params);
  const case_ = platform.caseOf(shop, digits(params, "refund_id"));
  if (case_.kind === "price" || case_.kind === "freight") throw noSuchRefund();
  return { refund: pick(refundView(case_, shop), fields) };
};

export const getSpecialRefund: ShopCall = (platform, shop, params) => {
  const fields = fieldsOf(params);
  const case_ = platform.caseOf(shop, digits(params, "refund_id"));
  if (case_.kind !== "price") throw noSuchRefund();
  return { refund: pick(refundView(case_, shop), fields) };
};

export const getRefuseReasons: ShopCall = (platform, shop, params) => {
  fieldsOf(params);
  need(params, "refund_phase");
  platform.caseOf(shop, digits(params, "refund_id"));
  const rows = refuseReasons.map(({ id, text: reason, tips }) => ({
    reason_id: id,
    reason_text: reason,
    reason_tips: tips,
  }));
  return { has_next: false, total_results: rows.length, reasons: new List("reason", rows) };
};

const mostAtOnce = 20;

/** Refunds several at once; each succeeds or fails alone. */
export const agreeRefunds: ShopCall = (platform, shop, params) => {
  const infos = need(params, "refund_infos").split(",");
  if (infos.length > mostAtOnce) throw invalid("refund_infos", `一次最多 ${mostAtOnce} 笔`);
  if (!shop.tokens?.isSubAccount) throw new Refusal(12, "isv.permission-user-limit", "仅支持子账号操作");
  const needsCode = shop.wantsSmsCode && !flag(params, "ignore_code") && optional(params, "code") === undefined;
  const results = infos.map((info) => {
    const failure = needsCode ? "需要短信验证码" : agreeOne(platform, shop, info);
    return { refund_id: info.split("|")[0] ?? "", succ: failure === undefined, message: failure ?? "succ" };
  });
  const done = results.filter(({ succ }) => succ).length;
  const [msg_code, message] =
    done === results.length
      ? ["OP_SUCC", ""]
      : done > 0
        ? ["SOME_OP_SUCC", "部分退款成功"]
        : ["OP_FAILURE_UE", results[0]?.message ?? ""];
  return { succ: done > 0, msg_code, message, results: new List("refund_mapping_result", results) };
};

/** Why it was not refunded; undefined when it was. */
function agreeOne(platform: Platform, shop: TaobaoShop, info: string): string | undefined {
  const [id = "", amount = "", version = "", phase, ...more] = info.split("|");
  const isWhole = more.length === 0 && /^\d+$/.test(amount) && (shop.kind === "tmall") === (phase !== undefined);
  if (!isWhole) return "参数格式错误";
  let case_: TaobaoCase;
  try {
    case_ = openCase(platform, shop, id, ["pending", "returned"]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.subMessage;
  }
  const fits =
    (case_.kind === "refund" && case_.node === "pending") || (case_.kind === "return" && case_.node === "returned");
  if (!fits) return "当前状态不允许该操作";
  if (shop.kind === "tmall" && phase !== phaseOf(case_)) return "退款阶段不一致";
  if (Number(version) !== case_.version) return "退款版本已变更，请刷新后重试";
  if (Number(amount) < 1 || Number(amount) > case_.refundFee) return "退款金额不合法";
  case_.refundFee = Number(amount);
  agreeRefund(platform, case_, "merchant_api");
  return undefined;
}

export const reviewRefund: ShopCall = (platform, shop, params) => {
  onlyTmall(shop);
  for (const name of ["operator", "message", "result"]) need(params, name);
  const case_ = openCase(platform, shop, digits(params, "refund_id"), ["pending", "returned"]);
  checkLock(params, case_, shop);
  return { is_success: true };
};

/** Also gives the address that an earlier agreement left open. */
export const agreeReturnGoods: ShopCall = (platform, shop, params) => {
  const case_ = openCase(platform, shop, digits(params, "refund_id"), ["pending", "address_owed"]);
  const address = sellerAddress(shop, params, "seller_address_id");
  if (shop.kind === "tmall") {
    need(params, "remark");
    checkLock(params, case_, shop);
  } else for (const name of ["name", "address", "post", "tel", "mobile"]) need(params, name);
  if (case_.kind !== "return") throw invalid("refund_id", "该退款不需要退货");
  agreeReturn(platform, case_, address, "merchant_api");
  return { is_success: true };
};

export const refuseReturnGoods: ShopCall = (platform, shop, params) => {
  onlyTmall(shop);
  const case_ = openCase(platform, shop, digits(params, "refund_id"), ["returned"]);
  checkLock(params, case_, shop);
  checkReason(refuseReasons, params, "refuse_reason_id");
  picture(params, "refuse_proof", { mostBytes: 5 * 1024 * 1024, isNeeded: true });
  checkRefusable(case_);
  refuse(platform, case_, "merchant_api");
  return { result: true };
};

/** The waybill that the buyer has not entered. */
export const refillReturn: ShopCall = (platform, shop, params) => {
  onlyTmall(shop);
  need(params, "refund_phase");
  const number = need(params, "logistics_waybill_no");
  const company = need(params, "logistics_company_code");
  const case_ = openCase(platform, shop, digits(params, "refund_id"), ["buyer_returns"]);
  case_.returnParcel = { company, number, atMs: platform.nowMs() };
  enter(platform, case_, "returned", "merchant_api");
  platform.announce(case_, "sent_back");
  return { is_success: true };
};

export const refuseRefund: ShopCall = (platform, shop, params) => {
  text(params, "refuse_message", { least: 2, most: 200 });
  const case_ = openCase(platform, shop, digits(params, "refund_id"), ["pending", "returned"]);
  checkLock(params, case_, shop);
  checkReason(refuseReasons, params, "refuse_reason_id");
  picture(params, "refuse_proof", { mostBytes: 130_000, isNeeded: shop.kind === "tmall" });
  if (!case_.order.isShipped) throw new Refusal(15, "isv.refund-cannot-refuse", "未发货订单不能拒绝退款");
  if (/[七7]天无理由/.test(case_.reason)) throw new Refusal(15, "isv.refund-cannot-refuse", "七天无理由不能拒绝");
  checkRefusable(case_);
  refuse(platform, case_, "merchant_api");
  const refund = { refund_id: case_.id, status: refundStatus(case_), modified: chinaTime(case_.modifiedMs) };
  return { is_success: true, refund };
};

function checkRefusable({ constraint }: TaobaoCase): void {
  if (constraint.includes("cannot_refuse")) throw new Refusal(15, "isv.refund-cannot-refuse", "不允许拒绝");
}

export const addRefundMessage: ShopCall = (platform, shop, params) => {
  const content = need(params, "content");
  if (Buffer.byteLength(content) > 400) throw invalid("content", "留言过长");
  picture(params, "image", { mostBytes: 500 * 1024, isNeeded: true });
  const case_ = platform.caseOf(shop, digits(params, "refund_id"));
  const id = `6${String(platform.nowMs()).slice(-9)}${case_.messages.length}`;
  case_.messages.push({ id, role: "2", content, atMs: platform.nowMs() });
  touch(platform, case_);
  platform.announce(case_, "message");
  return { refund_message: { id: int64(id), created: chinaTime(platform.nowMs()) } };
};

export const getRefundMessages: ShopCall = (platform, shop, params) => {
  fieldsOf(params);
  const case_ = platform.caseOf(shop, digits(params, "refund_id"));
  const number = whole(params, "page_no", { least: 1, most: 1000, otherwise: 1 });
  const size = whole(params, "page_size", { least: 1, most: 100, otherwise: 40 });
  const rows = case_.messages.map(({ id, role, content, atMs }) => ({
    id: int64(id),
    refund_id: case_.id,
    refund_phase: phaseOf(case_),
    owner_nick: role === "1" ? "t**8" : shop.nick,
    owner_role: role,
    message_type: "NORMAL",
    content,
    created: chinaTime(atMs),
  }));
  const page = rows.slice((number - 1) * size, number * size);
  return { total_results: rows.length, refund_messages: new List("refund_message", page) };
};
