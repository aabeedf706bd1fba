import type { CaseTruth, Payment } from "../contract.ts";
import { refundsOf, refundTransactions, sumOf, unprocessedUnits } from "./model/sums.ts";
import type { Dispute, DisputeStatus, Order, Refund, Return, Transaction } from "./model/types.ts";

export interface ShopifyTruth extends CaseTruth {
  type: "return_refund" | "exchange" | "refund_only";
  /** Statuses of the order's open disputes; they lie over the state and do not change it. */
  overlay: DisputeStatus[];
}

const isFinal = (state: string) => state === "refunded" || state === "closed";

/** Every case of the platform: each return, each refund without a return, each dispute. */
export function truthOf(orders: readonly Order[]): ShopifyTruth[] {
  return orders.flatMap((order) => [
    ...order.returns.map((one) => returnTruth(order, one)),
    ...order.refunds.filter(({ returnId }) => returnId === undefined).map((refund) => refundTruth(order, refund)),
    ...order.disputes.map((dispute) => disputeTruth(order, dispute)),
  ]);
}

function returnTruth(order: Order, one: Return): ShopifyTruth {
  const transactions = refundsOf(order, one).flatMap((refund) => refundTransactions(order, refund));
  return {
    ...common(order, transactions),
    channelCaseId: `Return/${one.id}`,
    ...stated(returnState(one, transactions, order)),
    rawStatus: one.status,
    type: one.exchanges.length > 0 ? "exchange" : "return_refund",
  };
}

/** First match wins. */
export function returnState(
  one: Return,
  transactions: readonly Transaction[],
  { cancelledAt }: Pick<Order, "cancelledAt">,
): string {
  const isPaid = transactions.some(({ status }) => status === "SUCCESS");
  const reverseOrders = one.reverseOrders;
  const dispositions = reverseOrders.flatMap(({ lines }) => lines.flatMap((line) => line.dispositions));
  // Nothing of a cancelled order can be asked for again.
  if (one.status === "DECLINED") return cancelledAt === undefined ? "rejected" : "closed";
  if (one.status === "CANCELED") return "closed";
  if (one.status === "REQUESTED") return "requested";
  if (transactions.some(({ status }) => status === "PENDING" || status === "AWAITING_RESPONSE")) return "refunding";
  if (isPaid && (one.status === "CLOSED" || unprocessedUnits(one) === 0)) return "refunded";
  if (isPaid) return "refunding";
  if (one.status === "CLOSED") return "closed";
  if (dispositions.some(({ type }) => type !== "MISSING")) return "received";
  const isTracked = reverseOrders.some(({ deliveries }) => deliveries.some(({ tracking }) => tracking?.number));
  return isTracked ? "return_in_transit" : "approved";
}

/** Pending is refunding, all successful is refunded, only failures stay refunding until someone looks. */
function refundTruth(order: Order, refund: Refund): ShopifyTruth {
  const transactions = refundTransactions(order, refund);
  const isPaid = transactions.length > 0 && transactions.every(({ status }) => status === "SUCCESS");
  return {
    ...common(order, transactions),
    channelCaseId: `Refund/${refund.id}`,
    ...stated(isPaid ? "refunded" : "refunding"),
    rawStatus: transactions.map(({ status }) => status).join(" ") || "NO_TRANSACTION",
    type: "refund_only",
  };
}

/** On a return a dispute is only an overlay; as a case of their own they wait for an answer until the bank decides. */
const disputeStates = {
  NEEDS_RESPONSE: "requested",
  UNDER_REVIEW: "requested",
  ACCEPTED: "closed",
  WON: "closed",
  LOST: "closed",
  PREVENTED: "closed",
  CHARGE_REFUNDED: "closed",
} as const satisfies Record<DisputeStatus, string>;

function disputeTruth(order: Order, dispute: Dispute): ShopifyTruth {
  return {
    ...common(order, []),
    channelCaseId: `ShopifyPaymentsDispute/${dispute.id}`,
    ...stated(disputeStates[dispute.status]),
    dueAt: dispute.status === "NEEDS_RESPONSE" ? dispute.evidenceDueBy : undefined,
    missedDeadlines: dispute.hasMissedDueDate ? 1 : 0,
    rawStatus: dispute.status,
    type: "refund_only",
  };
}

function common(order: Order, transactions: readonly Transaction[]) {
  const openDisputes = order.disputes.filter(({ status }) => status === "NEEDS_RESPONSE" || status === "UNDER_REVIEW");
  const isPending = order.transactions.some(({ status }) => status === "PENDING");
  return {
    shopId: order.shop,
    plan: order.script.plan,
    settledMinor: sumOf(transactions.filter(({ status }) => status === "SUCCESS")),
    currency: order.presentmentCurrency,
    missedDeadlines: 0,
    settled: order.script.isDone && !isPending && openDisputes.length === 0,
    overlay: openDisputes.map(({ status }) => status),
  };
}

function stated(state: string) {
  return { state, final: isFinal(state) };
}

const executors = {
  api: "merchant_api",
  staff: "merchant_console",
  platform: "platform_robot",
  buyer: "platform_robot",
} as const;

/** Every refund transaction that succeeded, by the instant it did. */
export function ledgerOf(orders: readonly Order[]): Payment[] {
  const payments = orders.flatMap((order) =>
    order.refunds.flatMap((refund) =>
      refundTransactions(order, refund)
        .filter(({ status }) => status === "SUCCESS")
        .map(
          (transaction): Payment => ({
            at: transaction.processedAt ?? transaction.createdAt,
            shopId: order.shop,
            channelCaseId: refund.returnId === undefined ? `Refund/${refund.id}` : `Return/${refund.returnId}`,
            amountMinor: transaction.amountMinor,
            currency: order.presentmentCurrency,
            executedBy: executors[transaction.by],
          }),
        ),
    ),
  );
  return payments.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}
