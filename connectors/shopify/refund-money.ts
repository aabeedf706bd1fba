import type { Instant } from "#shared/case/instant.ts";
import { type Money, sumOf } from "#shared/case/money.ts";
import type { Transaction } from "./schema.ts";
import { otherTransactionKinds, transactionStatuses } from "./status.ts";

/** What the transactions of one case prove. */
export interface RefundMoney {
  settled?: Money;
  settledAt?: Instant;
  /** What all of them together should pay, whatever became of them; undefined for none, or for several currencies. */
  asked?: Money;
  pending: boolean;
  failed: boolean;
  unknownTransaction?: string;
  /** Amounts that cannot be added, or a refund that Shopify only books and that somebody must pay by hand. */
  doubtful: boolean;
}

/** Only a successful refund transaction is money; that a refund exists proves nothing. */
export function refundMoney(transactions: readonly Transaction[]): RefundMoney {
  const refunds = transactions.filter(({ kind }) => kind === "REFUND");
  const strange = transactions.find(({ kind }) => kind !== "REFUND" && !otherTransactionKinds.has(kind));
  const meaning = ({ status }: Transaction) =>
    Object.hasOwn(transactionStatuses, status) ? transactionStatuses[status] : undefined;
  const settled = refunds.filter((each) => meaning(each) === "settled");
  const unclear = refunds.find((each) => meaning(each) === undefined);
  const isOneCurrency = new Set(settled.map(({ amountSet }) => amountSet.currency)).size <= 1;
  return {
    settled: isOneCurrency ? sumOf(settled.map(({ amountSet }) => amountSet)) : undefined,
    settledAt: settled
      .flatMap(({ processedAt }) => processedAt ?? [])
      .sort()
      .at(-1),
    asked:
      new Set(refunds.map(({ amountSet }) => amountSet.currency)).size <= 1
        ? sumOf(refunds.map(({ amountSet }) => amountSet))
        : undefined,
    pending: refunds.some((each) => meaning(each) === "pending"),
    failed: refunds.some((each) => meaning(each) === "failed"),
    unknownTransaction: unclear ? `transaction ${unclear.status}` : strange ? `transaction ${strange.kind}` : undefined,
    doubtful: !isOneCurrency || settled.some(({ manualPaymentGateway }) => manualPaymentGateway === true),
  };
}
