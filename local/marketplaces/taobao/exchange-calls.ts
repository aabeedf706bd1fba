import { invalid, Refusal } from "./answers.ts";
import { agreeReturn, confirmReceipt, refuse, shipReplacement, touch } from "./lifecycle.ts";
import type { Node, TaobaoCase, TaobaoShop } from "./model.ts";
import { digits, fieldsOf, need, type Params, pick, picture } from "./params.ts";
import type { Platform } from "./platform.ts";
import { checkReason, exchangeReasons, onlyTmall, openCase, sellerAddress } from "./seller.ts";
import { exchangeFields, exchangeView } from "./views.ts";
import { List } from "./wire.ts";

type ShopCall = (platform: Platform, shop: TaobaoShop, params: Params) => Record<string, unknown>;

const failure = (message: string) => ({ result: { success: false, msg_code: "10000", message } });

export const getExchange: ShopCall = (platform, shop, params) => {
  onlyTmall(shop);
  const fields = exchangeFields(fieldsOf(params));
  const case_ = platform.cases.get(digits(params, "dispute_id"));
  if (case_?.kind !== "exchange" || case_.shopId !== shop.id) return failure("换货单不存在");
  return succeeded(pick(exchangeView(case_, shop), fields));
};

export const getExchangeReasons: ShopCall = (_platform, shop, params) => {
  onlyTmall(shop);
  fieldsOf(params);
  need(params, "dispute_id");
  const rows = exchangeReasons.map(({ id, text }) => ({ reason_id: id, reason_text: text }));
  return { result: { success: true, results: new List("reason", rows) } };
};

export const agreeExchange = change(["pending"], (platform, case_, { shop, params }) => {
  agreeReturn(platform, case_, sellerAddress(shop, params, "address_id"), "merchant_api");
});

export const refuseExchange = change(["pending"], (platform, case_, { params }) => refuseWith(platform, case_, params));
export const refuseExchangeGoods = change(["returned"], (platform, case_, { params }) =>
  refuseWith(platform, case_, params),
);

export const agreeExchangeGoods = change(["returned"], (platform, case_) => {
  confirmReceipt(platform, case_, "merchant_api");
});

export const consignExchange = change(["to_ship"], (platform, case_, { params }) => {
  shipReplacement(platform, case_, parcelOf(platform, params), "merchant_api");
});

/** Confirms what came back and ships the replacement, in one. */
export const confirmAndConsign = change(["returned"], (platform, case_, { params }) => {
  const parcel = parcelOf(platform, params);
  confirmReceipt(platform, case_, "merchant_api");
  shipReplacement(platform, case_, parcel, "merchant_api");
});

const anyOpenNode: readonly Node[] = ["pending", "buyer_returns", "returned", "to_ship", "shipped", "refused"];

export const addExchangeMessage = change(anyOpenNode, (platform, case_, { params }) => {
  const content = need(params, "content");
  case_.messages.push({ id: `7${String(platform.nowMs()).slice(-9)}`, role: "2", content, atMs: platform.nowMs() });
  touch(platform, case_);
});

interface Given {
  shop: TaobaoShop;
  params: Params;
}

/** A write on an exchange. That it does not fit the case is said inside a success, as these calls do. */
function change(
  nodes: readonly Node[],
  carryOut: (platform: Platform, case_: TaobaoCase, given: Given) => void,
): ShopCall {
  return (platform, shop, params) => {
    onlyTmall(shop);
    const fields = exchangeFields(fieldsOf(params));
    const id = digits(params, "dispute_id");
    let case_: TaobaoCase;
    try {
      case_ = openCase(platform, shop, id, nodes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return failure(error.subMessage ?? "当前状态不允许该操作");
    }
    if (case_.kind !== "exchange") return failure("换货单不存在");
    carryOut(platform, case_, { shop, params });
    return succeeded(pick(exchangeView(case_, shop), fields));
  };
}

const succeeded = (exchange: Record<string, unknown>) => ({
  result: { success: true, msg_code: "", message: "", exchange },
});

function refuseWith(platform: Platform, case_: TaobaoCase, params: Params): void {
  need(params, "seller_refuse_reason_id");
  checkReason(exchangeReasons, params, "seller_refuse_reason_id");
  picture(params, "leave_message_pics", { mostBytes: 500 * 1024, isNeeded: false });
  refuse(platform, case_, "merchant_api");
}

function parcelOf(platform: Platform, params: Params) {
  const kind = need(params, "logistics_type");
  if (kind !== "100" && kind !== "200") throw invalid("logistics_type");
  const company = need(params, "logistics_company_name");
  return { company, number: need(params, "logistics_no"), atMs: platform.nowMs() };
}
