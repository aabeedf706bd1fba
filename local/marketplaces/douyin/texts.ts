import { caseTypes } from "./model.ts";

const statusTexts: Readonly<Record<number, string>> = {
  6: "待商家处理",
  7: "待买家退货",
  8: "待商家发货",
  11: "待商家收货",
  12: "售后成功",
  13: "待买家收货",
  14: "售后完成",
  27: "商家拒绝申请",
  28: "售后关闭",
  29: "商家拒绝退回商品",
  51: "订单已取消",
  53: "逆向交易完成",
};

const typeTexts: Readonly<Record<number, string>> = {
  [caseTypes.returnAndRefund]: "退货退款",
  [caseTypes.refundShipped]: "已发货仅退款",
  [caseTypes.refundUnshipped]: "未发货仅退款",
  [caseTypes.exchange]: "换货",
  [caseTypes.priceProtection]: "价保",
  [caseTypes.reissue]: "补寄",
  [caseTypes.repair]: "维修",
};

export const statusText = (status: number): string => statusTexts[status] ?? "";
export const typeText = (type: number): string => typeTexts[type] ?? "";

/** Why a buyer applies, by the code the platform shows. */
export const reasonTexts: Readonly<Record<number, string>> = {
  1: "多拍/错拍/不想要",
  4: "快递无跟踪记录",
  6: "不喜欢/效果不好",
  7: "做工粗糙/有瑕疵",
  8: "功能故障",
  9: "效果与商品描述不符",
  15: "其他",
  22: "商家发错货",
  130: "少件/漏发",
};
