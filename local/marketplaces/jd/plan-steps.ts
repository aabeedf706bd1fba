import type { CasePlan } from "../contract.ts";
import type { Random } from "../kit/random.ts";
import * as buyer from "./buyer.ts";
import * as lifecycle from "./lifecycle.ts";
import type { JdCase, JdRefund, JdTicket } from "./model.ts";
import type { Platform } from "./platform.ts";
import { type Reply, reply, withdraw } from "./refund-lifecycle.ts";

export interface PlanStep {
  /** Holds while this step is the next thing somebody will do. Each step is taken once. */
  when: (case_: JdCase) => boolean;
  /** Hours from the moment it holds, drawn between the two. */
  afterHours: readonly [number, number];
  take: (platform: Platform, case_: JdCase, random: Random) => void;
}

export interface JdPlan extends CasePlan {
  opens:
    | Pick<buyer.TicketApplication, "expect" | "way" | "units" | "reason">
    | Pick<buyer.RefundApplication, "isShipped" | "interceptFails">;
  steps: readonly PlanStep[];
}

type Hours = readonly [number, number];

/** A step on a ticket at a status, while no money is on its way. */
function onTicket(
  fits: (ticket: JdTicket) => boolean,
  afterHours: Hours,
  take: (platform: Platform, ticket: JdTicket, random: Random) => void,
): PlanStep {
  return {
    when: (case_) => case_.family === "ticket" && !lifecycle.isPaying(case_) && fits(case_),
    afterHours,
    take: (platform, case_, random) => {
      if (case_.family === "ticket") take(platform, case_, random);
    },
  };
}

const staffAudit: lifecycle.Audit = { notes: "同意，请寄回", reasonCid1: 101, by: "console" };
const staffParcel = ({ seed }: JdTicket) => ({
  expressCode: `YT9${String(seed).padStart(12, "0")}`,
  company: "圆通速递",
});

export const shipsBack = onTicket(
  ({ status, parcel }) => status === 10005 && parcel === undefined,
  [12, 48],
  (platform, ticket, random) => lifecycle.handOver(platform, ticket, `SF${random.digits(13)}`, "buyer"),
);
export const arrives = onTicket(
  ({ status, parcel }) => status === 10005 && parcel !== undefined && parcel.arrivedMs === undefined,
  [24, 60],
  (platform, ticket) => lifecycle.arrive(platform, ticket),
);
export const staffRegisters = onTicket(
  ({ status, parcel }) => status === 10005 && parcel?.arrivedMs !== undefined,
  [4, 20],
  (platform, ticket) => lifecycle.register(platform, ticket, "merchant_console", "完好"),
);
export const staffRefunds = onTicket(
  ({ status }) => status === 10007,
  [4, 20],
  (platform, ticket) => lifecycle.acceptRefund(platform, ticket, "merchant_console"),
);
export const staffAgrees = onTicket(
  ({ status }) => status === 10001 || status === 10012,
  [8, 16],
  (platform, ticket) =>
    lifecycle.approveReturn(platform, ticket, ticket.expectPickware, staffAudit, "merchant_console"),
);
export const staffAsks = onTicket(
  ({ status }) => status === 10001,
  [2, 6],
  (platform, ticket) =>
    lifecycle.askBuyer(platform, ticket, { ...staffAudit, notes: "请补充照片", reasonCid1: 120 }, "merchant_console"),
);
export const buyerAnswers = onTicket(
  ({ status }) => status === 10002,
  [3, 20],
  (platform, ticket) => buyer.answerMerchant(platform, ticket),
);
export const buyerCancels = onTicket(
  ({ status }) => status === 10001 || status === 10005,
  [3, 20],
  (platform, ticket) => buyer.cancel(platform, ticket),
);
export const staffReissues = onTicket(
  ({ status }) => status === 10001,
  [10, 30],
  (platform, ticket) => lifecycle.approveReissue(platform, ticket, staffParcel(ticket), staffAudit, "merchant_console"),
);
export const staffRefundsOnly = onTicket(
  ({ status }) => status === 10001,
  [6, 18],
  (platform, ticket) => lifecycle.refundWithoutGoods(platform, ticket, "merchant_console"),
);
/** A replacement, or the repaired unit. */
export const staffSends = onTicket(
  ({ status }) => status === 10007,
  [10, 60],
  (platform, ticket) => {
    ticket.replacement = staffParcel(ticket);
    const isRepair = ticket.expect === 30;
    ticket.process = {
      result: isRepair ? 2 : 80,
      name: isRepair ? "已维修" : "换新",
      by: "console",
      atMs: platform.nowMs(),
    };
    lifecycle.enter(platform, ticket, 10009, "merchant_console", "已寄出");
  },
);
export const staffSendsBack = onTicket(
  ({ status }) => status === 10007,
  [10, 30],
  (platform, ticket) => {
    ticket.replacement = staffParcel(ticket);
    ticket.process = { result: 70, name: "原返", by: "console", atMs: platform.nowMs() };
    lifecycle.enter(platform, ticket, 10010, "merchant_console", "原返");
  },
);
export const confirms = onTicket(
  ({ status }) => status === 10009,
  [30, 90],
  (platform, ticket) => buyer.confirm(platform, ticket),
);
export const comesBack = [shipsBack, arrives, staffRegisters] as const;

function onRefund(status: number, afterHours: Hours, take: (platform: Platform, refund: JdRefund) => void): PlanStep {
  return {
    when: (case_) => case_.family === "refund" && case_.status === status,
    afterHours,
    take: (platform, case_) => {
      if (case_.family === "refund") take(platform, case_);
    },
  };
}

const staffReply = (status: number): Reply => ({
  status,
  by: "merchant_console",
  checkUserName: "console",
  remark: "已核实",
});

export const staffReplies = (status: number, afterHours: Hours) =>
  onRefund(0, afterHours, (platform, refund) => reply(platform, refund, staffReply(status)));
export const buyerWithdraws = onRefund(0, [3, 12], withdraw);
/** After a parcel that could not be stopped, somebody pays anyway. */
export const staffForces = onRefund(8, [5, 30], (platform, refund) => reply(platform, refund, staffReply(9)));
