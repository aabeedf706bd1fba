import { invalid, missing, Refusal } from "./answers.ts";
import { agreeRefund, touch } from "./lifecycle.ts";
import type { TaobaoShop } from "./model.ts";
import { need, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { openCase } from "./seller.ts";
import { List, parseDigits } from "./wire.ts";

// The platform's after-sales assistant, for shops that have joined it.

type ShopCall = (platform: Platform, shop: TaobaoShop, params: Params) => Record<string, unknown>;
type Dto = Readonly<Record<string, unknown>>;

export const validateAccount: ShopCall = (_platform, { hasAliGenius }) => ({
  result: { success: true, result_data: { ag_account: hasAliGenius ? 1 : 0 } },
});

/** The shipment was stopped: the robot pays. That it was not is only written down. */
export const cancelShipment: ShopCall = (platform, shop, params) => {
  const dto = dtoOf(params, "param");
  const [id, tid, status] = ["refund_id", "tid", "status"].map((name) => textOf(dto, name, "param"));
  if (status !== "SUCCESS" && status !== "FAIL") throw invalid("param.status");
  const failed = (code: string, info: string) => ({
    result: { success: false, error_code: code, error_info: info, result_data: {} },
  });
  if (!shop.hasAliGenius) return failed("AG-001", "商家未开通售后小助手");
  try {
    const case_ = openCase(platform, shop, id ?? "", ["pending"]);
    if (case_.kind !== "refund" || case_.order.isShipped || case_.order.tid !== tid)
      return failed("AG-002", "退款单与订单不符或已发货");
    if (status === "SUCCESS") agreeRefund(platform, case_, "platform_robot");
    else touch(platform, case_);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failed("AG-003", error.subMessage ?? "");
  }
  return { result: { success: true, error_code: "", error_info: "", result_data: { refund_id: id } } };
};

const slipNeeds = [
  ...["warehouse_name", "adr", "district_name", "city_name", "province_name", "country_name"],
  ...["create_time", "status", "cp_code", "cp_name", "mail_no", "goods_item_d_t_o_list"],
];
const itemNeeds = ["actual_qty", "qr_code", "status"];
const slipStatuses = ["1", "2", "3", "5"];
const itemStatuses = ["1", "2", "3", "4"];

/** The warehouse's slip is kept beside the case whose parcel it is about: no version moves by it, and no money. */
export const uploadReturnSlip: ShopCall = (platform, shop, params) => {
  const slips = dtoOf(params, "param0").uploading_reverse_d_t_o_list;
  if (!Array.isArray(slips) || slips.length === 0) throw missing("param0.uploading_reverse_d_t_o_list");
  const failed = (code: string, info: string) => ({ success_flag: false, fail_code: code, fail_info: info });
  if (!shop.hasAliGenius) return failed("AG-001", "商家未开通售后小助手");
  for (const slip of slips as Dto[]) {
    for (const name of slipNeeds) if (slip[name] === undefined) throw missing(`param0.${name}`);
    if (!slipStatuses.includes(String(slip.status))) throw invalid("param0.status");
    const items = slip.goods_item_d_t_o_list as Dto[];
    for (const item of items) {
      for (const name of itemNeeds) if (item[name] === undefined) throw missing(`param0.goods_item_d_t_o_list.${name}`);
      if (!itemStatuses.includes(String(item.status))) throw invalid("param0.goods_item_d_t_o_list.status");
    }
    const case_ = platform.casesOf(shop).find(({ returnParcel }) => returnParcel?.number === slip.mail_no);
    if (!case_) return failed("AG-004", "运单号不存在");
    case_.returnSlip = { status: Number(slip.status), conditions: items.map(({ status }) => Number(status)) };
    platform.saveCase(case_);
  }
  return { success_flag: true };
};

/** Names and codes that belong together. Those with a code of their own on this platform. */
const carriers = [
  ["SF", "顺丰速运"],
  ["YTO", "圆通速递"],
  ["ZTO", "中通快递"],
  ["STO", "申通快递"],
  ["YUNDA", "韵达快递"],
  ["EMS", "EMS"],
] as const;

export const listCarriers: ShopCall = (_platform, _shop, params) => {
  need(params, "fields");
  return {
    logistics_companies: new List(
      "logistics_company",
      carriers.map(([code, name]) => ({ code, name })),
    ),
  };
};

function dtoOf(params: Params, name: string): Dto {
  const dto = parseDigits(need(params, name));
  if (typeof dto !== "object" || dto === null || Array.isArray(dto)) throw invalid(name);
  return dto as Dto;
}

function textOf(dto: Dto, member: string, name: string): string {
  if (dto[member] === undefined) throw missing(`${name}.${member}`);
  return String(dto[member]);
}
