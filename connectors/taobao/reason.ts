import type { Facts } from "#shared/case/observation.ts";
import type { ReasonCode } from "#shared/case/reason.ts";

/** Words of the fixed reason texts, most telling first. The channel gives no code, and its texts vary by category. */
const reasonWords: readonly (readonly [words: RegExp, code: ReasonCode])[] = [
  [/价保|保价|价格保护|退差价/, "price.protection"],
  [/运费|邮费/, "price.freight"],
  [/假冒|假货|盗版/, "description.counterfeit"],
  [/少件|漏发|少发|缺件/, "fulfilment.missing_item"],
  [/错发|发错/, "fulfilment.wrong_item"],
  [/缺货|无货/, "fulfilment.out_of_stock"],
  [/未按约定时间|发货慢/, "fulfilment.late"],
  [/拒收|拒签/, "transit.delivery_refused"],
  [/未收到|未送到|未送达|无跟踪|丢件|物流/, "transit.lost"],
  [/包装破损|运输破损|包裹破损/, "transit.damaged"],
  [/过敏|异味|气味/, "quality.smell_or_allergy"],
  [/功能故障|功能异常|无法使用/, "quality.not_working"],
  [/不符|不一致/, "description.not_as_described"],
  [/质量|破损|瑕疵|污渍|变质|过期|做工/, "quality.defect"],
  [/偏小/, "fit.too_small"],
  [/偏大/, "fit.too_large"],
  [/发票/, "invoice"],
  [/多拍|拍错|错拍/, "no_reason.ordered_by_mistake"],
  [/不喜欢|不想要|七天无理由|7天无理由/, "no_reason.changed_mind"],
];

/** The channel's category text and what it means; what the buyer wrote (`desc`) is not read. */
export function reasonOf(reason: string | null | undefined): Facts["reason"] {
  const text = reason?.trim().slice(0, 200);
  const code = text ? reasonWords.find(([words]) => words.test(text))?.[1] : undefined;
  return { code: code ?? "unknown", rawCode: "", ...(text && { rawText: text }) };
}

/** Cases that the channel does not let the seller refuse. */
export function isNoReasonReturn({ rawText }: Facts["reason"]): boolean {
  return /[七7]天无理由/.test(rawText ?? "");
}
