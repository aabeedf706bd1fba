import { badParameter, failed, missingParameter, stateChanged } from "./answers.ts";
import { parcelOf } from "./carriers.ts";
import {
  agreeRefund,
  agreeReturn,
  agreeToSend,
  enter,
  type Mover,
  moveDeadline,
  refuse,
  sendReplacement,
} from "./lifecycle.ts";
import type { DouyinCase, DouyinShop, Parcel } from "./model.ts";
import { type OperateRow, operateTable } from "./operate-table.ts";
import { id64, integer, isParams, optionalInteger, optionalList, optionalObject, type Params, text } from "./params.ts";
import type { Platform } from "./platform.ts";
import { rejectReasonsFor } from "./reject-reasons.ts";
import { int64 } from "./wire.ts";

const itemsAtMost = 20;

interface Operation {
  case_: DouyinCase;
  row: OperateRow;
  addressId: string;
  parcel?: Parcel;
  reason: string;
  repairType: number;
}

/** `/afterSale/operate`: every item is examined before the first is carried out, so one bad item fails them all. */
export function operate(platform: Platform, shop: DouyinShop, params: Params, by: Mover): unknown {
  const type = integer(params, "type");
  const row = operateTable[type];
  if (row === undefined) throw badParameter(`type ${type} 不存在`);
  const items = optionalList(params, "items");
  if (items === undefined || items.length === 0) throw missingParameter("items");
  if (items.length > itemsAtMost) throw badParameter(`items 最多 ${itemsAtMost} 条`);
  const operations = items.map((item) => {
    if (!isParams(item)) throw badParameter("items 应为对象数组");
    return examine(platform, shop, { row, item, by });
  });
  if (new Set(operations.map(({ case_ }) => case_.id)).size < operations.length) throw badParameter("售后单重复");
  for (const operation of operations) carryOut(platform, operation, by);
  return {
    items: operations.map(({ case_ }) => ({ aftersale_id: int64(case_.id), status_code: 0, status_msg: "success" })),
  };
}

function examine(
  platform: Platform,
  shop: DouyinShop,
  { row, item, by }: { row: OperateRow; item: Params; by: Mover },
): Operation {
  const case_ = platform.caseOf(shop, text(item, "aftersale_id"));
  const seenUpdateTime = optionalInteger(item, "update_time");
  if (case_.isManualOnly && by === "merchant_api") throw failed(11001, "该售后单仅支持在商家后台人工处理");
  if (case_.type !== row.caseType) throw failed(11005, "该售后类型不支持此操作");
  if (seenUpdateTime !== undefined && seenUpdateTime !== case_.updateTime) throw stateChanged();
  if (case_.finalTime > 0 || !row.at.includes(case_.status)) throw stateChanged();
  const repairType = optionalInteger(item, "repair_type") ?? 0;
  const operation: Operation = { case_, row, addressId: "", reason: "", repairType };
  const logistics = optionalObject(item, "logistics");
  if (row.needs === "address") {
    if (logistics === undefined) throw missingParameter("logistics");
    operation.addressId = id64(logistics, "receiver_address_id");
    if (!shop.addresses.some(({ id }) => id === operation.addressId)) throw badParameter("退货地址不存在");
  }
  if (row.needs === "parcel") {
    if (logistics === undefined) throw missingParameter("logistics");
    const [company, waybill] = [text(logistics, "company_code"), text(logistics, "logistics_code")];
    operation.parcel = parcelOf(company, waybill, platform.nowSeconds());
  }
  if (row.needs === "refusal") operation.reason = examineRefusal(case_, item);
  return operation;
}

function examineRefusal(case_: DouyinCase, item: Params): string {
  const reason = text(item, "reason");
  text(item, "remark");
  const code = integer(item, "reject_reason_code");
  const known = rejectReasonsFor(case_).find((candidate) => candidate.code === code);
  if (known === undefined) throw failed(11005, "拒绝原因不适用于该售后单");
  const evidence = optionalList(item, "evidence") ?? [];
  if (known.needsEvidence && evidence.length === 0) throw missingParameter("evidence");
  for (const piece of evidence) {
    if (!isParams(piece)) throw badParameter("evidence 应为对象数组");
    const kind = integer(piece, "type");
    if (kind < 1 || kind > 4) throw badParameter("evidence.type 不存在");
    if (!/^https?:\/\//.test(text(piece, "url"))) throw badParameter("evidence.url 不合法");
  }
  return reason;
}

function carryOut(
  platform: Platform,
  { case_, row, addressId, parcel, reason, repairType }: Operation,
  by: Mover,
): void {
  if (repairType !== 0) case_.repairType = repairType;
  const effects: Record<OperateRow["does"], () => void> = {
    agree_return: () => agreeReturn(platform, case_, addressId, by),
    agree_refund: () => agreeRefund(platform, case_, by),
    agree_to_send: () => agreeToSend(platform, case_, by),
    agree_if_delivery_refused: () => agreeIfDeliveryRefused(platform, case_, by),
    send_replacement: () => parcel && sendReplacement(platform, case_, parcel, by),
    refuse_application: () => refuse(platform, case_, 27, by, reason),
    refuse_goods: () => refuse(platform, case_, 29, by, reason),
  };
  effects[row.does]();
}

/** The refund waits for the parcel to turn round: the case stays at 6 with a longer clock. */
function agreeIfDeliveryRefused(platform: Platform, case_: DouyinCase, by: Mover): void {
  case_.agreeRefuseSign = 1;
  enter(platform, case_, 6, by, "同意拒收后退款");
  const deadline = platform.nowSeconds() + Math.round((platform.settings.nodeMs[7] ?? 0) / 1000);
  moveDeadline(platform, case_, deadline, by);
}
