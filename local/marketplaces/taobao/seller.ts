import { invalid, missing, Refusal, versionMoved, wrongStatus } from "./answers.ts";
import type { Node, SellerAddress, TaobaoCase, TaobaoShop } from "./model.ts";
import { digits, need, optional, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { phaseOf } from "./wording.ts";

// What every write of a seller is checked for.

export function onlyTmall(shop: TaobaoShop): void {
  if (shop.kind !== "tmall") throw new Refusal(12, "isv.permission-api-package-limit", "仅支持天猫店铺");
}

/** A case that takes this write now: at this node, not on its way to money, not in the platform's hands. */
export function openCase(platform: Platform, shop: TaobaoShop, id: string, nodes: readonly Node[]): TaobaoCase {
  const case_ = platform.caseOf(shop, id);
  if (case_.constraint.includes("refund_onweb")) throw wrongStatus("该退款需到网页版操作");
  if (!nodes.includes(case_.node) || case_.moneyAtMs !== undefined || case_.strangeStatus) throw wrongStatus();
  return case_;
}

/** Tmall wants phase and version back, and refuses when the case has changed since. */
export function checkLock(params: Params, case_: TaobaoCase, shop: TaobaoShop): void {
  const version = optional(params, "refund_version");
  const phase = optional(params, "refund_phase");
  if (shop.kind === "tmall" && version === undefined) throw missing("refund_version");
  if (shop.kind === "tmall" && phase === undefined) throw missing("refund_phase");
  if (phase !== undefined && phase !== phaseOf(case_)) throw invalid("refund_phase");
  if (version !== undefined && Number(version) !== case_.version) throw versionMoved();
}

export function sellerAddress(shop: TaobaoShop, params: Params, name: string): SellerAddress {
  const id = digits(params, name);
  const found = shop.addresses.find(({ contactId }) => contactId === id);
  if (!found) throw invalid(name, "地址不存在");
  return found;
}

interface Reason {
  id: number;
  text: string;
  tips: string;
}

export const refuseReasons: readonly Reason[] = [
  { id: 15, text: "商品影响二次销售", tips: "请上传商品现状照片" },
  { id: 16, text: "买家未举证/举证无效", tips: "" },
];
export const exchangeReasons: readonly Reason[] = [{ id: 27, text: "商品没问题，买家未举证", tips: "" }];

export function checkReason(reasons: readonly Reason[], params: Params, name: string): void {
  const id = optional(params, name);
  if (id !== undefined && !reasons.some((reason) => String(reason.id) === id)) throw invalid(name);
}

/** Text with a length in characters. */
export function text(params: Params, name: string, { least, most }: { least: number; most: number }): string {
  const value = need(params, name);
  if (value.length < least || value.length > most) throw invalid(name, "长度不合法");
  return value;
}
