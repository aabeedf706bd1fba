import { failed } from "./answers.ts";
import type { Parcel } from "./model.ts";

const names: Readonly<Record<string, string>> = {
  yuantong: "圆通速递",
  shunfeng: "顺丰速运",
  zhongtong: "中通快递",
  yunda: "韵达快递",
  shentong: "申通快递",
  jitu: "极兔速递",
  ems: "EMS",
  youzhengguonei: "邮政快递包裹",
  jd: "京东物流",
};

/** @throws the gateway's refusal for an unknown carrier or a waybill no carrier would print */
export function parcelOf(companyCode: string, trackingNo: string, time: number): Parcel {
  const companyName = names[companyCode];
  if (companyName === undefined) throw failed(12001, "物流公司不存在");
  if (!/^[A-Za-z0-9-]{6,40}$/.test(trackingNo)) throw failed(602001, "运单号不合法");
  return { trackingNo, companyCode, companyName, time };
}
