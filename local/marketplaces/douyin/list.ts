import { badParameter } from "./answers.ts";
import { listRow } from "./list-view.ts";
import type { DouyinCase, DouyinShop } from "./model.ts";
import { integer, integers, optionalInteger, optionalText, type Params, texts } from "./params.ts";
import type { Platform } from "./platform.ts";

const sizeAtMost = 100;
const rowsAtMost = 50_000;
const sixMonthsSeconds = 183 * 86_400;
const knownStatuses = [3, 6, 7, 8, 11, 12, 13, 14, 27, 28, 29, 51, 53];

type Keep = (case_: DouyinCase) => boolean;

/** `/afterSale/List`: filters, order, and pages counted from 0. */
export function listCases(platform: Platform, shop: DouyinShop, params: Params): unknown {
  const page = integer(params, "page");
  const size = integer(params, "size");
  if (page < 0) throw badParameter("page 从 0 开始");
  if (size < 1 || size > sizeAtMost) throw badParameter(`size 应为 1 到 ${sizeAtMost}`);
  if (page * size > rowsAtMost) throw badParameter(`page*size 不能超过 ${rowsAtMost}，请缩小时间范围`);
  const keeps = [...timeFilters(params, platform.nowSeconds()), ...idFilters(params), ...stateFilters(params)];
  const found = [...platform.cases.values()].filter(
    (case_) => case_.shopId === shop.id && keeps.every((keep) => keep(case_)),
  );
  found.sort(orderOf(texts(params, "order_by") ?? []));
  const rows = found.slice(page * size, (page + 1) * size);
  return {
    items: rows.map(listRow),
    has_more: (page + 1) * size < found.length,
    total: found.length,
    page,
    // The rows in this answer, not the size that was asked for.
    size: rows.length,
  };
}

function timeFilters(params: Params, now: number): Keep[] {
  const [start, end] = [optionalInteger(params, "start_time"), optionalInteger(params, "end_time")];
  const [updateStart, updateEnd] = [
    optionalInteger(params, "update_start_time"),
    optionalInteger(params, "update_end_time"),
  ];
  const [finalStart, finalEnd] = [
    optionalInteger(params, "aftersale_status_to_final_start_time"),
    optionalInteger(params, "aftersale_status_to_final_end_time"),
  ];
  const keeps: Keep[] = [];
  if (start !== undefined) keeps.push(({ applyTime }) => applyTime >= start);
  if (end !== undefined) keeps.push(({ applyTime }) => applyTime < end);
  if (updateStart !== undefined) keeps.push(({ updateTime }) => updateTime >= updateStart);
  if (updateEnd !== undefined) keeps.push(({ updateTime }) => updateTime <= updateEnd);
  if (finalStart !== undefined || finalEnd !== undefined) {
    const from = Math.max(finalStart ?? 0, now - sixMonthsSeconds);
    keeps.push(({ finalTime }) => finalTime > 0 && finalTime >= from && finalTime <= (finalEnd ?? now));
  }
  const hasTimes = [start, end, updateStart, updateEnd].some((time) => time !== undefined);
  if (!hasTimes) keeps.push(({ applyTime }) => applyTime >= now - sixMonthsSeconds);
  return keeps;
}

function idFilters(params: Params): Keep[] {
  const keeps: Keep[] = [];
  const caseId = optionalText(params, "aftersale_id");
  const orderId = optionalText(params, "order_id");
  const waybills = texts(params, "order_logistics_tracking_no");
  if (caseId !== "") keeps.push(({ id }) => id === caseId);
  if (orderId !== "") keeps.push(({ order }) => order.orderId === orderId);
  if (waybills?.length) keeps.push(({ order }) => waybills.includes(order.parcel?.trackingNo ?? ""));
  return keeps;
}

function stateFilters(params: Params): Keep[] {
  const keeps: Keep[] = [];
  const exact = (name: string, read: (case_: DouyinCase) => number) => {
    const wanted = optionalInteger(params, name);
    if (wanted !== undefined) keeps.push((case_) => read(case_) === wanted);
  };
  const oneOf = (name: string, read: (case_: DouyinCase) => number) => {
    const wanted = integers(params, name);
    if (wanted?.length) keeps.push((case_) => wanted.includes(read(case_)));
  };
  exact("aftersale_type", ({ type }) => type);
  exact("aftersale_sub_type", ({ repairType }) => (repairType === 2 ? 8001 : 0));
  exact("aftersale_status", ({ status }) => status);
  exact("reason", ({ reasonCode }) => (reasonCode === 1 || reasonCode === 6 ? 1 : 2));
  exact("refund_type", () => 0);
  exact("risk_flag", () => -1);
  oneOf("order_flag", () => 0);
  oneOf("arbitrate_status", ({ arbitration }) => arbitration?.status ?? 0);
  oneOf("agree_refuse_sign", ({ agreeRefuseSign }) => agreeRefuseSign);
  oneOf("order_logistics_state", ({ order }) => order.parcel?.state ?? 0);
  // Numbers outside the list of statuses are ignored; only such numbers is no filter at all.
  const statuses = integers(params, "standard_aftersale_status")?.filter((status) => knownStatuses.includes(status));
  if (statuses?.length) keeps.push(({ status }) => statuses.includes(status));
  const logistics = optionalInteger(params, "logistics_status") ?? 1;
  if (logistics !== 1) keeps.push(({ returnParcel }) => (returnParcel !== undefined) === (logistics === 2));
  if (optionalInteger(params, "pay_type") === 2) keeps.push(() => false);
  const [least, below] = [optionalInteger(params, "amount_start"), optionalInteger(params, "amount_end")];
  if (least !== undefined) keeps.push(({ refundAmount }) => refundAmount >= least);
  if (below !== undefined) keeps.push(({ refundAmount }) => refundAmount < below);
  return keeps;
}

const sortable: Readonly<Record<string, (case_: DouyinCase) => number>> = {
  status_deadline: ({ statusDeadline }) => statusDeadline,
  apply_time: ({ applyTime }) => applyTime,
  update_time: ({ updateTime }) => updateTime,
};

/** Earlier entries win. Without an order rows come newest application first, so paging by update time misses rows. */
function orderOf(orderBy: string[]): (a: DouyinCase, b: DouyinCase) => number {
  const keys = (orderBy.length > 0 ? orderBy : ["apply_time desc"]).map((entry) => {
    const [field = "", direction = ""] = entry.split(" ");
    const read = sortable[field];
    if (read === undefined || (direction !== "asc" && direction !== "desc")) throw badParameter(`order_by ${entry}`);
    return { read, sign: direction === "asc" ? 1 : -1 };
  });
  return (a, b) => {
    for (const { read, sign } of keys) if (read(a) !== read(b)) return sign * (read(a) - read(b));
    return a.id < b.id ? -1 : 1;
  };
}
