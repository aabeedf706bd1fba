import type { Payment } from "../contract.ts";
import { auditStatuses, type JdTicket, type Mover, moneyExpects, processStatuses } from "./model.ts";
import { endOfClock } from "./pauses.ts";
import type { Platform } from "./platform.ts";

/** Every change of a ticket goes through here: its version counts up and its clock starts anew. */
export function enter(platform: Platform, ticket: JdTicket, status: number, by: Mover, text: string): void {
  const now = platform.nowMs();
  ticket.status = status;
  ticket.sysVersion += 1;
  ticket.updateMs = now;
  ticket.clockStartMs = now;
  ticket.clockStopped = false;
  ticket.log.push({ by, atMs: now, text });
  platform.saveCase(ticket);
}

/** What `approveResult` says for each way back. */
const resultOfWay: Readonly<Record<number, number>> = { 40: 33, 4: 31, 7: 32 };

/** What goes to the buyer in place of the goods. */
type Parcel = NonNullable<JdTicket["replacement"]>;

export interface Audit {
  notes: string;
  reasonCid1: number;
  by: string;
}

/** The goods are to come back, by the way of the call. */
export function approveReturn(platform: Platform, ticket: JdTicket, way: number, audit: Audit, mover: Mover): void {
  ticket.pickware = way;
  stampAudit(platform, ticket, resultOfWay[way] ?? 33, audit);
  enter(platform, ticket, 10005, mover, "审核通过");
}

export function approveReissue(platform: Platform, ticket: JdTicket, parcel: Parcel, audit: Audit, mover: Mover): void {
  stampAudit(platform, ticket, 87, audit);
  sendReplacement(platform, ticket, parcel, mover, "补发商品");
}

/** Old for new at the door, in one. */
export function approveSwap(platform: Platform, ticket: JdTicket, parcel: Parcel, audit: Audit, mover: Mover): void {
  ticket.pickware = 5;
  stampAudit(platform, ticket, 22, audit);
  sendReplacement(platform, ticket, parcel, mover, "上门换新");
}

function sendReplacement(platform: Platform, ticket: JdTicket, parcel: Parcel, mover: Mover, text: string): void {
  ticket.replacement = parcel;
  enter(platform, ticket, 10009, mover, text);
}

export function refuseAudit(platform: Platform, ticket: JdTicket, audit: Audit, mover: Mover): void {
  stampAudit(platform, ticket, 0, audit);
  enter(platform, ticket, 10004, mover, "审核关闭");
}

export function askBuyer(platform: Platform, ticket: JdTicket, audit: Audit, mover: Mover): void {
  stampAudit(platform, ticket, 0, audit);
  enter(platform, ticket, 10002, mover, "待客户反馈");
}

function stampAudit(platform: Platform, ticket: JdTicket, result: number, { notes, reasonCid1, by }: Audit): void {
  ticket.approve = { result, by, notes, reasonCid1, atMs: platform.nowMs() };
}

/** The waybill is a change of its own: it counts up the version. */
export function handOver(platform: Platform, ticket: JdTicket, expressCode: string, by: Mover): void {
  ticket.parcel = { expressCode, company: "顺丰速运", shipWayId: 467, atMs: platform.nowMs() };
  enter(platform, ticket, 10005, by, "填写运单");
}

/** The carrier's word starts the merchant's clock; the ticket itself does not change. */
export function arrive(platform: Platform, ticket: JdTicket): void {
  if (ticket.parcel === undefined) return;
  ticket.parcel.arrivedMs = platform.nowMs();
  ticket.clockStartMs = platform.nowMs();
  platform.saveCase(ticket);
}

export function register(platform: Platform, ticket: JdTicket, by: Mover, remark: string): void {
  ticket.receivedMs = platform.nowMs();
  enter(platform, ticket, 10007, by, `拆包登记：${remark}`);
}

/** Accepts a refund. It shows a little later, and every acceptance is paid: the call knows no idempotency key. */
export function acceptRefund(platform: Platform, ticket: JdTicket, by: Payment["executedBy"]): void {
  const { refundShowsMs, refundArrivesMs } = platform.settings;
  const showsAtMs = platform.nowMs() + refundShowsMs;
  ticket.refunds.push({
    afsRefundId: platform.makeId("87", ticket.serviceId, ticket.refunds.length),
    amountFen: ticket.pricePaidFen,
    by,
    showsAtMs,
    paysAtMs: showsAtMs + refundArrivesMs,
    isShown: false,
  });
  platform.saveCase(ticket);
}

/** The next step of the money that is due. */
export function moveMoney(platform: Platform, ticket: JdTicket): void {
  const now = platform.nowMs();
  for (const refund of ticket.refunds) {
    if (!refund.isShown && refund.showsAtMs <= now) {
      refund.isShown = true;
      enter(platform, ticket, 10041, refund.by, "提交退款申请");
    }
    if (refund.paidMs === undefined && refund.paysAtMs <= now) {
      refund.paidMs = now;
      const { shopId, key: channelCaseId } = ticket;
      const { amountFen: amountMinor, by: executedBy } = refund;
      const at = new Date(now).toISOString();
      platform.pay({ at, shopId, channelCaseId, amountMinor, currency: "CNY", executedBy });
      ticket.process = { result: 40, name: "退货", by: "seller", atMs: now };
      enter(platform, ticket, 10010, refund.by, "退款完成");
    }
  }
}

export function nextMoneyMs({ refunds }: JdTicket): number | undefined {
  const times = refunds.flatMap(({ isShown, showsAtMs, paidMs, paysAtMs }) =>
    isShown ? (paidMs === undefined ? [paysAtMs] : []) : [showsAtMs],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Money under way keeps every other hand off the ticket. */
export const isPaying = (ticket: JdTicket): boolean => nextMoneyMs(ticket) !== undefined;

/** When the present status ends by itself; undefined where nobody is on the clock. */
export function clockEndMs(platform: Platform, ticket: JdTicket): number | undefined {
  const lengthMs = clockLength(platform, ticket);
  if (lengthMs === undefined || ticket.clockStopped || isPaying(ticket) || ticket.isDisputed) return undefined;
  return endOfClock(ticket.clockStartMs, lengthMs, platform.pauses);
}

function clockLength({ settings }: Platform, { status, parcel }: JdTicket): number | undefined {
  if (auditStatuses.includes(status)) return settings.auditMs;
  if (status === 10002) return settings.feedbackMs;
  if (status === 10009) return settings.buyerConfirmsMs;
  if (processStatuses.includes(status)) return settings.processMs;
  if (status !== 10005) return undefined;
  if (parcel === undefined) return settings.buyerShipsMs;
  return parcel.arrivedMs === undefined ? undefined : settings.receiveMs;
}

const automatic: Audit = { notes: "超时自动审核", reasonCid1: 0, by: "system" };

/** What happens when nobody acted in time. That these automatic acts exist is known; some of what they grant is not. */
export function expire(platform: Platform, ticket: JdTicket): void {
  const { status } = ticket;
  const isAudit = auditStatuses.includes(status);
  const isProcess = processStatuses.includes(status);
  if (isAudit || isProcess || (status === 10005 && ticket.parcel !== undefined)) ticket.missedDeadlines += 1;
  if (isAudit) expireAudit(platform, ticket);
  else if (status === 10002) enter(platform, ticket, 10011, "platform_timer", "客户超时未反馈");
  else if (status === 10009) enter(platform, ticket, 10010, "platform_timer", "超时自动确认");
  else if (status === 10005 && ticket.parcel === undefined)
    enter(platform, ticket, 10011, "platform_timer", "客户超时未发货");
  else if (status === 10005) register(platform, ticket, "platform_timer", "自动收货");
  else if (isProcess && moneyExpects.includes(ticket.expect)) acceptRefund(platform, ticket, "platform_timer");
  else stopClock(platform, ticket);
}

function expireAudit(platform: Platform, ticket: JdTicket): void {
  const { expect, expectPickware: way } = ticket;
  if (expect === 11) refundWithoutGoods(platform, ticket, "platform_timer");
  else if (resultOfWay[way] === undefined || expect === 80) stopClock(platform, ticket);
  else approveReturn(platform, ticket, way, automatic, "platform_timer");
}

/** The platform's console and its timers can do what no call can: refund and leave the goods with the buyer. */
export function refundWithoutGoods(platform: Platform, ticket: JdTicket, by: Payment["executedBy"]): void {
  stampAudit(platform, ticket, 91, automatic);
  acceptRefund(platform, ticket, by);
}

function stopClock(platform: Platform, ticket: JdTicket): void {
  ticket.clockStopped = true;
  platform.saveCase(ticket);
}
