import { lineValueMinor, refundableMinor, restockingFeeMinor, taxInside } from "../model/sums.ts";
import type { Order, Return } from "../model/types.ts";

export interface Units {
  id: string;
  quantity: number;
}

export interface FinancialOutcome {
  goodsMinor: number;
  taxMinor: number;
  shippingMinor: number;
  maximumRefundableMinor: number;
  /** Positive: to be paid back. Negative: the buyer owes it. */
  netMinor: number;
}

/**
 * What processing these units would cost or bring: goods less fees, less what the exchanged goods cost. The return's
 * shipping fee is taken once, with the first units processed.
 */
export function financialOutcome(
  order: Order,
  one: Return,
  { lines, exchanges, shippingMinor }: { lines: readonly Units[]; exchanges: readonly Units[]; shippingMinor: number },
): FinancialOutcome {
  let goodsMinor = 0;
  let feesMinor = 0;
  for (const { id, quantity } of lines) {
    const line = one.lines.find((candidate) => candidate.id === id);
    if (line === undefined) continue;
    goodsMinor += lineValueMinor(order, line, quantity);
    feesMinor += restockingFeeMinor(order, line, quantity);
  }
  const isFirst = [...one.lines, ...one.exchanges].every((line) => line.processed === 0);
  if (isFirst) feesMinor += one.shippingFees.reduce((sum, fee) => sum + fee.amountMinor, 0);
  const exchangedMinor = exchanges.reduce((sum, { id, quantity }) => {
    const line = one.exchanges.find((candidate) => candidate.id === id);
    return sum + (line?.unitMinor ?? 0) * quantity;
  }, 0);
  const netMinor = goodsMinor + shippingMinor - feesMinor - exchangedMinor;
  return {
    goodsMinor,
    taxMinor: taxInside(goodsMinor),
    shippingMinor,
    maximumRefundableMinor: netMinor < 0 ? 0 : refundableMinor(order),
    netMinor: Math.min(netMinor, refundableMinor(order)),
  };
}
