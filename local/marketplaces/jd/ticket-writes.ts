import { badParam, staleVersion, wrongStatus } from "./answers.ts";
import { type Base, baseOf, type ShopCall } from "./call.ts";
import * as lifecycle from "./lifecycle.ts";
import { auditStatuses, type JdShop, type JdTicket, processStatuses } from "./model.ts";
import { int, longId, longs, optionalFlag, optionalInt, optionalText, type Params, text } from "./params.ts";
import type { Platform } from "./platform.ts";
import { auditReasons } from "./ticket-reads.ts";

const done = { result: { success: true, code: "0", msg: "成功", data: true } };
const ticketOf = (platform: Platform, shop: JdShop, params: Params) =>
  platform.ticket(shop, longId(params, "serviceId"), longId(params, "orderId"));

/** Version before status: whoever decided on an old reading must read again. */
function checkVersion(ticket: JdTicket, params: Params): void {
  if (int(params, "sysVersion") !== ticket.sysVersion) throw staleVersion();
}

/** What every audit carries. */
function auditOf(platform: Platform, shop: JdShop, params: Params): { ticket: JdTicket; audit: lifecycle.Audit } {
  const { pin } = baseOf(shop, params);
  const ticket = ticketOf(platform, shop, params);
  const notes = text(params, "approveNotes", 500);
  const reasonCid1 = int(params, "approveReasonCid1");
  optionalInt(params, "approveReasonCid2");
  checkVersion(ticket, params);
  if (!auditStatuses.includes(ticket.status) || lifecycle.isPaying(ticket)) throw wrongStatus();
  if (!auditReasons.some(({ code }) => code === reasonCid1)) throw badParam("approveReasonCid1");
  return { ticket, audit: { notes, reasonCid1, by: pin } };
}

/** Whose address this is was never found out; it must be whole, whoever's it is. */
function checkBlock(params: Params, prefix: "customer" | "pickup" | "return"): void {
  for (const name of ["ContactName", "ContactTel", "Zipcode", "DetailAddress"]) text(params, prefix + name);
  for (const name of ["Province", "City", "County"]) int(params, prefix + name);
  optionalInt(params, `${prefix}Village`);
  optionalText(params, `${prefix}ContactMobile`);
}

/** Approves that the goods come back in one of three ways; only for what was asked for that way. */
function approving(way: number): ShopCall {
  return (platform, shop, params) => {
    const { ticket, audit } = auditOf(platform, shop, params);
    checkBlock(params, "return");
    if (way === 4) checkBlock(params, "pickup");
    if (way !== 7) int(params, "returnAddressType");
    if (![10, 20, 30, 100].includes(ticket.expect)) throw wrongStatus();
    if (!longs(params, "applyDetailIdList").includes(ticket.applyDetailId)) throw badParam("applyDetailIdList");
    lifecycle.approveReturn(platform, ticket, way, audit, "merchant_api");
    return done;
  };
}

const reissue: ShopCall = (platform, shop, params) => {
  const { ticket, audit } = auditOf(platform, shop, params);
  if (![20, 80].includes(ticket.expect)) throw wrongStatus();
  lifecycle.approveReissue(platform, ticket, waybillOf(params), audit, "merchant_api");
  return done;
};

/** A warehouse of the platform's, and what goes out from it. */
function checkStock(params: Params): void {
  int(params, "deliveryCenterId");
  int(params, "storeId");
  optionalText(params, "deliveryCenterName");
  if (longs(params, "skuId").length === 0) throw badParam("skuId");
}

/** The platform's own parcel: its waybill is not the merchant's to know. */
const ownParcel = { expressCode: "JDVA00000000001", company: "京东快递" };

/** New goods, and the old ones stay with the buyer. */
const compensate: ShopCall = (platform, shop, params) => {
  const { ticket, audit } = auditOf(platform, shop, params);
  checkStock(params);
  checkBlock(params, "customer");
  if (![20, 80].includes(ticket.expect)) throw wrongStatus();
  lifecycle.approveReissue(platform, ticket, ownParcel, audit, "merchant_api");
  return done;
};

/** The courier brings the new unit and takes the old one along. */
const doorRenew: ShopCall = (platform, shop, params) => {
  const { ticket, audit } = auditOf(platform, shop, params);
  for (const prefix of ["return", "pickup"] as const) checkBlock(params, prefix);
  checkStock(params);
  int(params, "returnAddressType");
  if (ticket.expect !== 20 || ticket.expectPickware !== 5) throw wrongStatus();
  if (!longs(params, "applyDetailIdList").includes(ticket.applyDetailId)) throw badParam("applyDetailIdList");
  lifecycle.approveSwap(platform, ticket, ownParcel, audit, "merchant_api");
  return done;
};

/** Ends a ticket whose goods are not on their way. At which statuses it is taken was never found out. */
const cancelTicket: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const ticket = ticketOf(platform, shop, params);
  const notes = text(params, "approveNotes", 500);
  checkVersion(ticket, params);
  const isOpen = [...auditStatuses, 10002, 10005].includes(ticket.status) && ticket.parcel === undefined;
  if (!isOpen) throw wrongStatus();
  lifecycle.enter(platform, ticket, 10011, "merchant_api", `取消服务单：${notes}`);
  return done;
};

function waybillOf(params: Params): { expressCode: string; company: string } {
  int(params, "shipWayId");
  return { expressCode: text(params, "expressCode", 50), company: text(params, "shipWayName", 50) };
}

const refuse: ShopCall = (platform, shop, params) => {
  const { ticket, audit } = auditOf(platform, shop, params);
  optionalText(params, "operateRemark");
  lifecycle.refuseAudit(platform, ticket, audit, "merchant_api");
  return done;
};

const waitFeedback: ShopCall = (platform, shop, params) => {
  const { ticket, audit } = auditOf(platform, shop, params);
  lifecycle.askBuyer(platform, ticket, audit, "merchant_api");
  return done;
};

const receiveFields = [
  "packingState",
  "qualityState",
  "invoiceRecord",
  "judgmentReason",
  "accessoryOrGift",
  "appearanceState",
];

/** No version here: what guards it is the status. */
const registerReceipt: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const ticket = ticketOf(platform, shop, params);
  text(params, "receivePin", 50);
  text(params, "receiveName", 50);
  const codes = receiveFields.map((name) => int(params, name));
  const remark = text(params, "receiveRemark", 500);
  if (ticket.status !== 10005) throw wrongStatus();
  lifecycle.register(platform, ticket, "merchant_api", `${codes.join("/")} ${remark}`);
  return done;
};

function processing(work: (platform: Platform, ticket: JdTicket, params: Params, base: Base) => void): ShopCall {
  return (platform, shop, params) => {
    const base = baseOf(shop, params);
    const ticket = ticketOf(platform, shop, params);
    checkVersion(ticket, params);
    if (!processStatuses.includes(ticket.status) || lifecycle.isPaying(ticket)) throw wrongStatus();
    work(platform, ticket, params, base);
    return done;
  };
}

/** A replacement sent outside the platform; the buyer then has time to object. */
const offlineChange = processing((platform, ticket, params, { pin }) => {
  int(params, "opFlag");
  int(params, "wareType");
  if (ticket.expect !== 20) throw wrongStatus();
  ticket.replacement = waybillOf(params);
  ticket.process = { result: 80, name: "换新", by: pin, atMs: platform.nowMs() };
  lifecycle.enter(platform, ticket, 10009, "merchant_api", "换新发货");
});

/** A replacement by an order of the platform's own. */
const renew = processing((platform, ticket, params, { pin }) => {
  for (const name of ["consigneeName", "consigneeTel", "detailAddress", "applyDescription"]) text(params, name);
  checkStock(params);
  if (optionalFlag(params, "collectFreightFlag") === undefined) throw badParam("collectFreightFlag");
  if (ticket.expect !== 20) throw wrongStatus();
  ticket.replacement = ownParcel;
  ticket.process = { result: 80, name: "换新", by: pin, atMs: platform.nowMs() };
  lifecycle.enter(platform, ticket, 10009, "merchant_api", "换新单");
});

/** The same unit goes back, repaired or refused; nobody is paid. */
const back = processing((platform, ticket, params, { pin }) => {
  for (const name of ["consigneeName", "consigneeTel", "detailAddress"]) text(params, name);
  for (const name of ["provinceCode", "cityCode", "countyCode"]) int(params, name);
  ticket.replacement = waybillOf(params);
  const isRepair = ticket.expect === 30;
  const [result, name] = isRepair ? [2, "已维修"] : [70, "原返"];
  ticket.process = { result, name, by: pin, atMs: platform.nowMs() };
  lifecycle.enter(platform, ticket, isRepair ? 10009 : 10010, "merchant_api", name);
});

const close = processing((platform, ticket, _params, { pin }) => {
  ticket.process = { result: 6, name: "取消", by: pin, atMs: platform.nowMs() };
  lifecycle.enter(platform, ticket, 10011, "merchant_api", "处理关闭");
});

const intervene = processing((platform, ticket, params) => {
  int(params, "interveneReasonCid1");
  int(params, "interveneReasonCid2");
  text(params, "contactTel", 50);
  ticket.isDisputed = true;
  lifecycle.enter(platform, ticket, ticket.status, "merchant_api", "申请京东介入");
});

/** A note in the log; no order here, and no new version. */
const trackSave: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const ticket = platform.ticket(shop, longId(params, "serviceId"));
  ticket.log.push({ by: "merchant_api", atMs: platform.nowMs(), text: text(params, "operateRemark", 500) });
  platform.saveCase(ticket);
  return done;
};

const remind: ShopCall = (platform, shop, params) => {
  baseOf(shop, params);
  const ticket = ticketOf(platform, shop, params);
  text(params, "customerMobile", 50);
  const told = text(params, "afsAddress", 500);
  if (ticket.status !== 10005 || ticket.parcel !== undefined) throw wrongStatus();
  ticket.log.push({ by: "merchant_api", atMs: platform.nowMs(), text: `提醒发货：${told}` });
  platform.saveCase(ticket);
  return done;
};

/**
 * Pays for a received return. Flags are text, there is no Base and no version, and the answer means accepted: until the
 * status shows it, a second call is accepted like the first.
 */
const afsRefundApply: ShopCall = (platform, shop, params) => {
  const serviceId = text(params, "afsServiceId", 19);
  for (const name of ["processType", "source", "isFreight", "returnPackFeeFlag"]) text(params, name, 2);
  text(params, "country", 2);
  const ticket = platform.cases.get(`ticket-${serviceId}`);
  if (ticket?.family !== "ticket" || ticket.shopId !== shop.id) return notPaid("E-NONE", "服务单不存在");
  if (!processStatuses.includes(ticket.status) || ticket.expect !== 10)
    return notPaid("E-STATUS", "当前状态不允许退款");
  lifecycle.acceptRefund(platform, ticket, "merchant_api");
  return { returnType: { result: true, errorCode: "1", errorMsg: null } };
};

const notPaid = (errorCode: string, errorMsg: string) => ({ returnType: { result: false, errorCode, errorMsg } });

export const ticketWrites: Readonly<Record<string, ShopCall>> = {
  "jingdong.asc.audit.send": approving(40),
  "jingdong.asc.audit.homepick": approving(4),
  "jingdong.asc.audit.delivery": approving(7),
  "jingdong.asc.audit.doorRenew": doorRenew,
  "jingdong.asc.audit.reissue": reissue,
  "jingdong.asc.audit.compensate": compensate,
  "jingdong.asc.audit.refuse": refuse,
  "jingdong.asc.audit.waitFeedback": waitFeedback,
  "jingdong.asc.common.cancel": cancelTicket,
  "jingdong.asc.receive.register": registerReceipt,
  "jingdong.asc.receive.delivery.remind": remind,
  "jingdong.asc.process.renew": renew,
  "jingdong.asc.process.offline.change": offlineChange,
  "jingdong.asc.process.back": back,
  "jingdong.asc.process.close": close,
  "jingdong.asc.process.JdIntervene": intervene,
  "jingdong.asc.track.save": trackSave,
  "jingdong.pop.afs.soa.afsRefundApply": afsRefundApply,
};
