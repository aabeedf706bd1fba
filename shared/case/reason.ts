import * as z from "zod";

type Party = "buyer" | "merchant" | "carrier" | "undecided";
export type FreightPayer = "buyer" | "merchant" | "nobody" | "undecided";
interface Reason {
  zh: string;
  en: string;
  party: Party;
  returnFreight: FreightPayer;
  /** True when a person must look before any automatic answer. */
  review?: true;
}

/** Why the buyer asks, in two levels, with who is usually responsible and who usually pays the way back. */
export const reasons = {
  "no_reason.changed_mind": { zh: "不喜欢/七天无理由", en: "changed mind", party: "buyer", returnFreight: "buyer" },
  "no_reason.ordered_by_mistake": { zh: "多拍/拍错", en: "ordered by mistake", party: "buyer", returnFreight: "buyer" },
  "fit.too_small": { zh: "尺码偏小", en: "too small", party: "buyer", returnFreight: "buyer" },
  "fit.too_large": { zh: "尺码偏大", en: "too large", party: "buyer", returnFreight: "buyer" },
  "fit.color_or_style": { zh: "颜色/款式不合", en: "colour or style", party: "buyer", returnFreight: "buyer" },
  "quality.defect": { zh: "质量问题/瑕疵", en: "defective", party: "merchant", returnFreight: "merchant" },
  "quality.not_working": { zh: "功能异常", en: "does not work", party: "merchant", returnFreight: "merchant" },
  "quality.smell_or_allergy": {
    zh: "气味/过敏",
    en: "smell or allergy",
    party: "merchant",
    returnFreight: "merchant",
    review: true,
  },
  "quality.workmanship": { zh: "工艺瑕疵", en: "workmanship", party: "merchant", returnFreight: "merchant" },
  "description.not_as_described": {
    zh: "描述不符",
    en: "not as described",
    party: "merchant",
    returnFreight: "merchant",
  },
  "description.counterfeit": {
    zh: "假冒",
    en: "counterfeit",
    party: "merchant",
    returnFreight: "merchant",
    review: true,
  },
  "fulfilment.wrong_item": { zh: "错发", en: "wrong item", party: "merchant", returnFreight: "merchant" },
  "fulfilment.missing_item": { zh: "漏发/少件", en: "missing item", party: "merchant", returnFreight: "nobody" },
  "fulfilment.late": { zh: "未按约定时间发货", en: "shipped late", party: "merchant", returnFreight: "merchant" },
  "fulfilment.out_of_stock": { zh: "缺货", en: "out of stock", party: "merchant", returnFreight: "nobody" },
  "transit.damaged": { zh: "运输破损", en: "damaged in transit", party: "carrier", returnFreight: "merchant" },
  "transit.lost": { zh: "丢件/未收到", en: "lost or not received", party: "carrier", returnFreight: "nobody" },
  "transit.delivery_refused": {
    zh: "拒收",
    en: "delivery refused",
    party: "buyer",
    returnFreight: "undecided",
    review: true,
  },
  "price.protection": { zh: "价保", en: "price protection", party: "merchant", returnFreight: "nobody" },
  "price.freight": { zh: "退运费", en: "postage refund", party: "merchant", returnFreight: "nobody" },
  "warranty.wear": { zh: "自然损耗", en: "wear", party: "undecided", returnFreight: "undecided", review: true },
  "warranty.covered": { zh: "质保期内", en: "in warranty", party: "merchant", returnFreight: "merchant" },
  "cross_border.customs": {
    zh: "清关/关税",
    en: "customs",
    party: "undecided",
    returnFreight: "undecided",
    review: true,
  },
  invoice: { zh: "发票问题", en: "invoice", party: "merchant", returnFreight: "nobody" },
  unknown: { zh: "未说明", en: "not given", party: "undecided", returnFreight: "undecided" },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;
export const reasonCodes = Object.keys(reasons) as [ReasonCode, ...ReasonCode[]];
export const reasonCodeSchema = z.enum(reasonCodes);

/** The facts of a reason code: labels, responsible party, who pays the return freight, whether a person must look. */
export function reasonOf(code: ReasonCode): Reason {
  return reasons[code];
}
