import { createRandom } from "../kit/random.ts";
import { enter, handOver } from "./lifecycle.ts";
import type { JdRefund, JdTicket } from "./model.ts";
import type { Platform } from "./platform.ts";

export interface TicketApplication {
  shopId: string;
  plan: string;
  seed: number;
  /** `customerExpect`, and `expectPickwareType`. */
  expect: number;
  way?: number;
  /** One ticket each. */
  units?: number;
  reason?: keyof typeof reasons;
  pricePaidFen?: number;
}

const reasons = {
  defect: { cid1: 600, name1: "商品问题", cid2: 601, name2: "外观瑕疵" },
  fault: { cid1: 700, name1: "性能故障", cid2: 701, name2: "无法使用" },
  small: { cid1: 620, name1: "尺码问题", cid2: 621, name2: "尺码偏小" },
  missing: { cid1: 640, name1: "商品问题", cid2: 641, name2: "少件漏发" },
  changedMind: { cid1: 610, name1: "个人原因", cid2: 611, name2: "七天无理由" },
} as const;

/** A buyer asks for service for some units of one line: as many tickets, joined by one application. */
export function applyForService(platform: Platform, application: TicketApplication): [JdTicket, ...JdTicket[]] {
  const { shopId, plan, seed, expect, way = 40, units = 1, reason = "changedMind" } = application;
  if (!platform.shops.has(shopId)) throw new Error(`no shop ${shopId}`);
  const now = platform.nowMs();
  const random = createRandom(seed, shopId, plan, "application");
  const id = (leading: string, what: string, ...more: number[]) =>
    platform.makeId(leading, shopId, plan, seed, what, ...more);
  const pricePaidFen = application.pricePaidFen ?? random.int(2000, 90_000);
  const skuId = `1000${random.digits(8)}`;
  const open = (unit: number): JdTicket => {
    const serviceId = id("91", "ticket", unit);
    const key = `ticket-${serviceId}`;
    if (platform.cases.has(key)) throw new Error(`the case of plan ${plan} and seed ${seed} is open already`);
    const ticket: JdTicket = {
      family: "ticket",
      key,
      serviceId,
      shopId,
      plan,
      seed,
      applyId: id("90", "application"),
      applyDetailId: id("86", "application line", unit),
      orderId: id("80", "order"),
      lineId: id("85", "line", unit),
      skuId,
      wareName: "模拟牌 保温壶",
      applyMs: now,
      updateMs: now,
      clockStartMs: now,
      clockStopped: false,
      missedDeadlines: 0,
      stepsTaken: [],
      expect,
      expectPickware: way,
      status: 10001,
      sysVersion: 1,
      pricePaidFen,
      reason: reasons[reason],
      refunds: [],
      isDisputed: false,
      log: [{ by: "buyer", atMs: now, text: "提交申请" }],
    };
    platform.saveCase(ticket);
    return ticket;
  };
  return [open(0), ...Array.from({ length: units - 1 }, (_, index) => open(index + 1))];
}

export interface RefundApplication {
  shopId: string;
  plan: string;
  seed: number;
  isShipped: boolean;
  interceptFails?: boolean;
  amountFen?: number;
}

/** A buyer cancels an order around its shipping. */
export function applyForRefund(platform: Platform, application: RefundApplication): JdRefund {
  const { shopId, plan, seed, isShipped, interceptFails = false } = application;
  if (!platform.shops.has(shopId)) throw new Error(`no shop ${shopId}`);
  const now = platform.nowMs();
  const random = createRandom(seed, shopId, plan, "application");
  const id = platform.makeId("88", shopId, plan, seed, "refund");
  const key = `refund-${id}`;
  if (platform.cases.has(key)) throw new Error(`the case of plan ${plan} and seed ${seed} is open already`);
  const refund: JdRefund = {
    family: "refund",
    key,
    id,
    shopId,
    plan,
    seed,
    orderId: platform.makeId("80", shopId, plan, seed, "order"),
    skuId: `1000${random.digits(8)}`,
    skuName: "模拟牌 运动鞋",
    quantity: 1,
    amountFen: application.amountFen ?? random.int(2000, 90_000),
    isShipped,
    interceptFails,
    systemId: 28,
    reason: random.pick(["不想要了", "信息填写错误", "商品降价", "送货时间过长", "重复下单"]),
    status: 0,
    applyMs: now,
    updateMs: now,
    clockStartMs: now,
    clockStopped: false,
    missedDeadlines: 0,
    stepsTaken: [],
  };
  platform.saveCase(refund);
  return refund;
}

export function ship(platform: Platform, ticket: JdTicket, expressCode: string): void {
  if (ticket.status !== 10005 || ticket.parcel !== undefined) throw new Error("there is nothing to ship");
  handOver(platform, ticket, expressCode, "buyer");
}

export function answerMerchant(platform: Platform, ticket: JdTicket): void {
  if (ticket.status !== 10002) throw new Error("nobody asked");
  enter(platform, ticket, 10012, "buyer", "客户已反馈");
}

export function cancel(platform: Platform, ticket: JdTicket): void {
  if ([10010, 10011].includes(ticket.status)) throw new Error("the ticket is over");
  ticket.process = { result: 6, name: "取消", by: "buyer", atMs: platform.nowMs() };
  enter(platform, ticket, 10011, "buyer", "客户取消");
}

/** The replacement has come and is what it should be. */
export function confirm(platform: Platform, ticket: JdTicket): void {
  if (ticket.status !== 10009) throw new Error("there is nothing to confirm");
  enter(platform, ticket, 10010, "buyer", "客户确认");
}
