import type { CaseTruth } from "../contract.ts";
import { clockEndMs, isPaying } from "./lifecycle.ts";
import { auditStatuses, type JdCase, type JdRefund, type JdTicket, moneyExpects } from "./model.ts";
import type { Platform } from "./platform.ts";
import { clockEndOf } from "./refund-lifecycle.ts";

const byStatus: Readonly<Record<number, string>> = {
  10000: "requested",
  10001: "requested",
  10002: "requested",
  10004: "rejected",
  10006: "received",
  10007: "received",
  10011: "closed",
  10012: "requested",
  10013: "requested",
  10041: "refunding",
};

/** The state of our case model this ticket is in, by the fact sheet's mapping; one that was sent back was not refunded. */
function ticketState({ status, expect, approve, parcel, process, refunds }: JdTicket): string {
  const isMoney = moneyExpects.includes(expect) && ![21, 87].includes(approve?.result ?? 0);
  if (status === 10005) return parcel === undefined ? "approved" : "return_in_transit";
  if (status === 10009) return isMoney ? "refunding" : "received";
  if (status !== 10010) return byStatus[status] ?? "unknown";
  const isSentBack = process?.result === 70 && refunds.length === 0;
  return isMoney && !isSentBack ? "refunded" : "closed";
}

const refundStates: Readonly<Record<number, string>> = {
  0: "requested",
  1: "refunding",
  2: "rejected",
  3: "refunded",
  4: "refunding",
  5: "refunding",
  6: "return_in_transit",
  7: "refunding",
  8: "approved",
  9: "refunding",
  10: "approved",
  11: "closed",
  16: "refunding",
  17: "approved",
  18: "closed",
  19: "rejected",
  27: "approved",
};

export function truthOf(platform: Platform, case_: JdCase): CaseTruth {
  const state = case_.family === "ticket" ? ticketState(case_) : (refundStates[case_.status] ?? "unknown");
  const dueAt = case_.family === "ticket" ? statedDue(platform, case_) : undefined;
  return {
    shopId: case_.shopId,
    channelCaseId: case_.key,
    plan: case_.plan,
    state,
    final: state === "refunded" || state === "closed",
    settledMinor: settledOf(case_),
    currency: "CNY",
    ...(dueAt !== undefined && { dueAt }),
    missedDeadlines: case_.missedDeadlines,
    settled: isSettled(platform, case_),
    rawStatus: case_.family === "ticket" ? `${case_.status} v${case_.sysVersion}` : String(case_.status),
  };
}

/** Only the audit's clock is stated; the others run all the same. */
function statedDue(platform: Platform, ticket: JdTicket): string | undefined {
  const endMs = auditStatuses.includes(ticket.status) ? clockEndMs(platform, ticket) : undefined;
  return endMs === undefined ? undefined : new Date(endMs).toISOString();
}

/** What one refund row shows as paid; a second payment is in the ledger only. */
function settledOf(case_: JdTicket | JdRefund): number {
  if (case_.family === "refund") return case_.status === 3 ? case_.amountFen : 0;
  return case_.refunds.find(({ paidMs }) => paidMs !== undefined)?.amountFen ?? 0;
}

/** Nothing more will happen by itself: no step, no money on its way, no clock. */
function isSettled(platform: Platform, case_: JdCase): boolean {
  if (case_.step !== undefined) return false;
  if (case_.family === "ticket") return !isPaying(case_) && clockEndMs(platform, case_) === undefined;
  return case_.interceptAtMs === undefined && case_.paysAtMs === undefined && clockEndOf(platform, case_) === undefined;
}
