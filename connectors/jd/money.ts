import { type Money, moneyOfDecimal, sumOf } from "#shared/case/money.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Bill, RawTicket, RefundApply } from "./schema.ts";
import { lightningRefund, mainWare } from "./status.ts";
import { instantOf } from "./time.ts";

type MoneyAxis = Facts["money"];

/** Tickets are in yuan. @throws SuiteError `payload_invalid` for an amount finer than a fen. */
export function yuan(decimal: string): Money {
  try {
    return moneyOfDecimal(decimal, "CNY");
  } catch {
    throw new SuiteError("payload_invalid", "an amount is no amount in yuan");
  }
}

/** Refund applications are in fen, but as a double. */
export function fen(decimal: string): Money {
  return { amountMinor: Math.round(Number(decimal)), currency: "CNY" };
}

export function asksForMoney(type: CaseType | undefined): boolean {
  return type === "return_refund" || type === "refund_only";
}

/**
 * The ticket's money. The channel proves a refund with an amount; "finished" alone proves none. What was paid for the
 * main lines is the ceiling; whether a line's price covers its quantity is not documented, so it is taken as it stands.
 */
export function ticketMoney(raw: RawTicket, type: CaseType | undefined, state: CaseState | undefined): MoneyAxis {
  const { bill, proof } = raw;
  if (!asksForMoney(type)) return { status: "none" };
  const paid = paidOf(raw, state);
  const claimed = bill.refundAmt && Number(bill.refundAmt) > 0 ? yuan(bill.refundAmt) : paidFor(bill);
  const ceiling = paidFor(bill);
  const settledAt = paid && instantOf(proof?.completeTime);
  return {
    status: statusOf(raw, state, paid !== undefined),
    ...(claimed && { claimed }),
    ...(ceiling && { ceiling }),
    ...(paid && { settled: paid }),
    ...(settledAt && { settledAt }),
    ...(bill.approveResult === lightningRefund && { executedBy: "platform_advance" }),
  };
}

/** `status` of the refund row, as on refund applications: the channel's finance has paid, or has refused. */
const financePaid = 3;
export const financeRefused = 4;

function paidOf({ bill, proof }: RawTicket, state: CaseState | undefined): Money | undefined {
  if (proof?.refoundAmount && proof.completeTime !== undefined && proof.status !== financeRefused)
    return yuan(proof.refoundAmount);
  if (proof?.refoundAmount && proof.status === financePaid) return yuan(proof.refoundAmount);
  return state === "refunded" && bill.refundAmt && Number(bill.refundAmt) > 0 ? yuan(bill.refundAmt) : undefined;
}

function statusOf({ proof }: RawTicket, state: CaseState | undefined, isPaid: boolean): MoneyAxis["status"] {
  if (isPaid) return "paid";
  if (proof?.status === financeRefused) return "failed";
  if (state === "refunding" || state === "refunded") return "moving";
  return state === "rejected" || state === "closed" ? "none" : "pending";
}

function paidFor({ serviceBillDetailList: lines }: Bill): Money | undefined {
  const prices = lines
    .filter(({ wareType }) => wareType === undefined || wareType === mainWare)
    .map(({ actualPayPrice }) => actualPayPrice);
  return sumOf(prices.filter((price) => price !== undefined).map(yuan));
}

export function refundMoney({ applyRefundSum }: RefundApply, state: CaseState | undefined, failed: boolean): MoneyAxis {
  const claimed = applyRefundSum === undefined ? undefined : fen(applyRefundSum);
  const statuses = {
    requested: "pending",
    approved: "pending",
    return_in_transit: "pending",
    received: "pending",
    refunding: "moving",
    refunded: "paid",
    rejected: "none",
    closed: "none",
  } as const;
  const status = failed ? "failed" : state ? statuses[state] : "pending";
  return {
    status,
    ...(claimed && { claimed, ceiling: claimed }),
    ...(claimed && status === "paid" && { settled: claimed }),
  };
}
