import { clockEndMs } from "./lifecycle.ts";
import { auditStatuses, type JdRefund, type JdTicket } from "./model.ts";
import type { Platform } from "./platform.ts";
import { chinaText, double, long } from "./wire.ts";

// What the platform answers about a case. Names are as the SDK classes spell them, slips included; buyers are masked.

const statusNames: Readonly<Record<number, string>> = {
  10000: "待审核申领",
  10001: "待审核",
  10002: "待客户反馈",
  10004: "审核关闭",
  10005: "待收货",
  10006: "待处理申领",
  10007: "待处理",
  10009: "待客户确认",
  10010: "完成",
  10011: "取消",
  10012: "客户已反馈",
  10041: "提交退款申请",
};
const buyer = { pin: "jd_sim**********", name: "柳**", phone: "136****5521" };
const place = {
  provinceCode: 1,
  cityCode: 72,
  countyCode: 2799,
  villageCode: 0,
  detailAddress: "****",
  extJsonStr: null,
};
const contact = {
  contactName: buyer.name,
  contactTel: buyer.phone,
  contactMobile: buyer.phone,
  contactZipcode: "100000",
  ...place,
};
const yuan = (fen: number | undefined) => double(fen === undefined ? undefined : fen / 100);

/** Row A, of the increment: no names of statuses, no amounts. */
export function syncRow(ticket: JdTicket) {
  return {
    serviceId: long(ticket.serviceId),
    customerExpect: ticket.expect,
    orderId: long(ticket.orderId),
    serviceStatus: ticket.status,
    applyTime: ticket.applyMs,
    orderType: 22,
    customerPin: buyer.pin,
    customerName: buyer.name,
    customerMobile: buyer.phone,
    skuId: long(ticket.skuId),
    pickwareType: ticket.pickware ?? null,
    questionTypeCid1: ticket.reason.cid1,
    questionTypeCid1Name: ticket.reason.name1,
    questionTypeCid2: ticket.reason.cid2,
    questionTypeCid2Name: ticket.reason.name2,
    platformSrc: 28,
    platformSrcName: "APP",
    updateTime: ticket.updateMs,
    sysVersion: ticket.sysVersion,
    expressCode: ticket.parcel?.expressCode ?? null,
    freightUpdateDate: ticket.parcel?.atMs ?? null,
    serviceCount: 1,
    parentService: null,
  };
}

/** Row B, of the search. */
export function listRow(ticket: JdTicket) {
  return {
    ...syncRow(ticket),
    applyId: long(ticket.applyId),
    serviceStatusName: statusNames[ticket.status] ?? null,
    actualPayPrice: yuan(ticket.pricePaidFen),
    wareType: 10,
    wareName: ticket.wareName,
    approveResult: ticket.approve?.result ?? null,
    approveTime: ticket.approve?.atMs ?? null,
    processResult: ticket.process?.result ?? 0,
    updateDate: ticket.updateMs,
    remindRespList: [],
    oaid: `oaid-${ticket.serviceId}`,
    extJsonStr: null,
  };
}

/** Row C, one per application: the only place that states the clock. */
export function auditRow(platform: Platform, tickets: readonly [JdTicket, ...JdTicket[]]) {
  const [first] = tickets;
  const endMs = clockEndMs(platform, first);
  return {
    applyId: long(first.applyId),
    serviceIdList: tickets.map(({ serviceId }) => long(serviceId)),
    customerExpect: first.expect,
    serviceStatus: first.status,
    serviceStatusName: statusNames[first.status] ?? null,
    applyTime: first.applyMs,
    auditOvertime: endMs ?? null,
    timeoutFlag: endMs === undefined || endMs < platform.nowMs(),
    customerPin: buyer.pin,
    customerName: buyer.name,
    customerMobile: buyer.phone,
    orderId: long(first.orderId),
    skuId: long(first.skuId),
    wareName: first.wareName,
    serviceCount: tickets.length,
    oaid: `oaid-${first.serviceId}`,
  };
}

/** ServiceBill: the whole ticket. There is no waybill in it. */
export function bill({ settings }: Platform, ticket: JdTicket) {
  const { approve, process } = ticket;
  const isAudited = approve !== undefined && !auditStatuses.includes(ticket.status);
  const shown = ticket.refunds.find(({ isShown }) => isShown);
  return {
    serviceId: long(ticket.serviceId),
    applyId: long(ticket.applyId),
    applyTime: ticket.applyMs,
    serviceStatus: ticket.status,
    serviceStatusName: statusNames[ticket.status] ?? null,
    questionTypeCid1: ticket.reason.cid1,
    questionTypeCid1Name: ticket.reason.name1,
    questionTypeCid2: ticket.reason.cid2,
    questionTypeCid2Name: ticket.reason.name2,
    questionDesc: "打开后发现的，请帮忙看看",
    questionPic: "jfs/t1/sim/a.jpg,jfs/t1/sim/b.jpg",
    orderId: long(ticket.orderId),
    orderType: 22,
    updateName: "system",
    updateDate: ticket.updateMs,
    sysVersion: ticket.sysVersion,
    customerExpect: ticket.expect,
    pickwareType: ticket.pickware ?? null,
    expectPickwareType: ticket.expectPickware,
    approvePin: approve?.by ?? null,
    approveResult: isAudited && approve.result > 0 ? approve.result : null,
    approveNotes: approve?.notes ?? null,
    approveDate: approve?.atMs ?? null,
    approveReasonCid1: approve?.reasonCid1 ?? null,
    processPin: process?.by ?? null,
    processResult: process?.result ?? 0,
    processResultName: process?.name ?? null,
    processDate: process?.atMs ?? null,
    receiveDate: ticket.receivedMs ?? null,
    newOrderId: null,
    serviceIdList: [long(ticket.serviceId)],
    customerInfo: { jdPin: buyer.pin, name: buyer.name, grade: 61, contactInfo: contact, extJsonStr: null },
    pickwareAddress: place,
    returnWareAddress: place,
    serviceBillDetailList: [
      {
        ...lineId(ticket, settings.vintage),
        skuId: long(ticket.skuId),
        wareName: ticket.wareName,
        wareType: 10,
        payPrice: yuan(ticket.pricePaidFen + 1000),
        actualPayPrice: yuan(ticket.pricePaidFen),
        skuType: 1,
        skuUuid: `10_${ticket.skuId}_1_0`,
        wareNum: 1,
        extJsonStr: "",
      },
    ],
    afsContactInfo: { ...contact, contactName: "模拟店售后", contactTel: "010-00000000", detailAddress: "模拟仓 1 号" },
    applyDetailList: [
      { applyDetailId: long(ticket.applyDetailId), skuId: long(ticket.skuId), wareName: ticket.wareName, wareType: 10 },
    ],
    appointment: "",
    wareChangeWithApplyDTO: null,
    serviceCount: 1,
    refundAmt: yuan(shown?.amountFen),
    extJsonStr: null,
  };
}

function lineId({ lineId: id }: JdTicket, vintage: "recent" | "older") {
  return vintage === "older"
    ? { serviceDetailId: long(id) }
    : { serviceDetailId: Number(id.slice(-9)), serviceDetailIdLong: long(id) };
}

export function freight({ serviceId, parcel }: JdTicket) {
  return {
    serviceId: long(serviceId),
    expressCode: parcel?.expressCode ?? null,
    expressCompany: parcel?.company ?? null,
    freightMoney: double(12),
    finalFreightMoney: 0,
    deliveryDate: parcel?.atMs ?? null,
    firstUploadDate: parcel?.atMs ?? null,
    shipWayId: parcel?.shipWayId ?? null,
    freightLogList: [],
  };
}

/** One row per refund of a ticket; the spellings differ from the ticket's own. */
export function refundRows(ticket: JdTicket) {
  return ticket.refunds
    .filter(({ isShown }) => isShown)
    .map(({ afsRefundId, amountFen, paidMs }) => ({
      sameOrderServiceBill: {
        serviceId: long(ticket.serviceId),
        serviceState: ticket.status,
        orderId: long(ticket.orderId),
        wareId: long(ticket.skuId),
        wareName: ticket.wareName,
        customerPin: buyer.pin,
        customerName: buyer.name,
        approvedResult: ticket.approve?.result ?? null,
        approvedDate: ticket.approve?.atMs ?? null,
        processedDate: ticket.process?.atMs ?? null,
      },
      afsRefundId: long(afsRefundId),
      refoundAmount: yuan(amountFen),
      completeTime: paidMs ?? null,
      status: paidMs === undefined ? 1 : 3,
    }));
}

/** RefundApplyVo: the order's id is text, the sum is a double of fen. */
export function refundRow(refund: JdRefund, withSku: boolean) {
  return {
    id: long(refund.id),
    buyerId: buyer.pin,
    buyerName: buyer.name,
    checkTime: refund.checkMs === undefined ? null : chinaText(refund.checkMs),
    applyTime: chinaText(refund.applyMs),
    applyRefundSum: double(refund.amountFen),
    status: refund.status,
    checkUserName: refund.checkUserName ?? null,
    orderId: refund.orderId,
    checkRemark: refund.checkRemark ?? null,
    reason: refund.reason,
    systemId: refund.systemId,
    storeId: 0,
    skuVoList: withSku
      ? [
          {
            skuId: long(refund.skuId),
            skuUuid: `10_${refund.skuId}_1_0`,
            skuName: refund.skuName,
            skuCount: refund.quantity,
          },
        ]
      : null,
    partRefundType: 0,
    open_id_buyer: "sim-open-id",
    xid_buyer: "o*sim-buyer",
  };
}
