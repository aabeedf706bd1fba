import { ApiRefusal } from "./answers.ts";
import { baseOf, type ShopCall } from "./call.ts";
import { auditStatuses, type JdTicket, processStatuses } from "./model.ts";
import {
  longId,
  optionalFlag,
  optionalInt,
  optionalLong,
  optionalText,
  type Params,
  pageOf,
  windowOf,
} from "./params.ts";
import type { Platform } from "./platform.ts";
import { auditRow, bill, freight, listRow, refundRows, syncRow } from "./views.ts";

const page = (params: Params, rows: readonly unknown[]) => {
  const { number, size } = pageOf(params, "pageNumber");
  const data = rows.slice((number - 1) * size, number * size);
  return {
    pageResult: {
      success: true,
      code: "0",
      msg: null,
      pageSize: size,
      pageNumber: number,
      totalCount: rows.length,
      data,
    },
  };
};
const single = (data: unknown) => ({ result: { success: true, code: "0", msg: null, data } });

/** Newest first, so that rows which change while pages are turned push the others back and forth. */
const newestFirst = (tickets: JdTicket[]) =>
  tickets.sort((a, b) => b.updateMs - a.updateMs || (a.key < b.key ? -1 : 1));

function filtered(tickets: JdTicket[], params: Params): JdTicket[] {
  const serviceId = optionalLong(params, "serviceId");
  const orderId = optionalLong(params, "orderId");
  const status = optionalInt(params, "serviceStatus");
  const expressCode = optionalText(params, "expressCode");
  return tickets.filter(
    (ticket) =>
      (serviceId === undefined || ticket.serviceId === serviceId) &&
      (orderId === undefined || ticket.orderId === orderId) &&
      (status === undefined || ticket.status === status) &&
      (expressCode === undefined || ticket.parcel?.expressCode === expressCode),
  );
}

function inWindows(
  platform: Platform,
  tickets: JdTicket[],
  params: Params,
  names: Readonly<Record<string, keyof Times>>,
) {
  let left = tickets;
  for (const [name, time] of Object.entries(names)) {
    const window = windowOf(params, `${name}Begin`, `${name}End`, platform.settings.longestWindowMs);
    if (!window) continue;
    left = left.filter((ticket) => {
      const at = timesOf(ticket)[time];
      return at !== undefined && at >= window.fromMs && at <= window.toMs;
    });
  }
  return left;
}

interface Times {
  update: number;
  freight: number | undefined;
  apply: number;
}
const timesOf = ({ updateMs, parcel, applyMs }: JdTicket): Times => ({
  update: updateMs,
  freight: parcel?.atMs,
  apply: applyMs,
});

export const syncList: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const found = filtered(platform.tickets(shop.id), params);
  const rows = inWindows(platform, found, params, { updateTime: "update", freightUpdateDate: "freight" });
  return page(params, newestFirst(rows).map(syncRow));
};

export const queryList: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const found = filtered(platform.tickets(shop.id), params);
  return page(
    params,
    newestFirst(inWindows(platform, found, params, { applyTime: "apply", updateTime: "update" })).map(listRow),
  );
};

export const queryView: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  return single(bill(platform, platform.ticket(shop, longId(params, "serviceId"), longId(params, "orderId"))));
};

/** One row per application, with those of its tickets that still wait. */
export const auditList: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const byApply = new Map<string, [JdTicket, ...JdTicket[]]>();
  for (const ticket of platform.tickets(shop.id)) {
    if (!auditStatuses.includes(ticket.status)) continue;
    const others = byApply.get(ticket.applyId);
    if (others) others.push(ticket);
    else byApply.set(ticket.applyId, [ticket]);
  }
  const serviceId = optionalLong(params, "serviceId");
  const late = optionalFlag(params, "timeoutFlag");
  const rows = [...byApply.values()]
    .filter((tickets) => serviceId === undefined || tickets.some((ticket) => ticket.serviceId === serviceId))
    .map((tickets) => auditRow(platform, tickets))
    .filter((row) => late === undefined || row.timeoutFlag === late);
  return page(params, rows);
};

export const processList: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const disputed = optionalFlag(params, "jdInterveneFlag");
  const rows = filtered(platform.tickets(shop.id), params)
    .filter(({ status }) => processStatuses.includes(status))
    .filter(({ isDisputed }) => disputed === undefined || isDisputed === disputed);
  return page(params, newestFirst(rows).map(listRow));
};

export const freightView: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const ticket = platform.ticket(shop, longId(params, "serviceId"), longId(params, "orderId"));
  if (ticket.parcel === undefined) throw new ApiRefusal("E-NONE", "没有运单信息");
  return single(freight(ticket));
};

/** No Base here, only the merchant's id. */
export const serviceAndRefundView: ShopCall = (platform, shop, params) => {
  if (params.buId !== shop.id) throw new ApiRefusal("E-BU", "商家不匹配");
  const orderId = optionalLong(params, "orderId");
  const tickets = platform.tickets(shop.id).filter((ticket) => orderId === undefined || ticket.orderId === orderId);
  return page(params, tickets.flatMap(refundRows));
};

/** Reasons of the audit; agreements name one too. */
export const auditReasons: readonly { code: number; name: string }[] = [
  { code: 101, name: "七天无理由" },
  { code: 102, name: "质量问题" },
  { code: 120, name: "资料不全" },
  { code: 130, name: "超出售后期" },
  { code: 140, name: "商品人为损坏" },
];

export const auditReasonList: ShopCall = (_platform, shop, params) => {
  baseOf(shop, params);
  return single(
    auditReasons.map(({ code, name }) => ({ code: String(code), parentCode: "0", name, extJsonStr: null })),
  );
};
