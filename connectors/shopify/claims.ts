import { type Money, sumOf } from "#shared/case/money.ts";
import type { Facts, Line } from "#shared/case/observation.ts";
import type { ReturnLine, ShopifyReturn } from "./schema.ts";

/** The price of a whole line, after discounts. */
export function totalOf({
  withCodeDiscountedTotalPriceSet: total,
  unitPrice,
  quantity,
}: ReturnLine): Money | undefined {
  return total ?? (unitPrice ? { ...unitPrice, amountMinor: unitPrice.amountMinor * quantity } : undefined);
}

export interface Claims {
  /** Goods less fees; what the buyer may expect. */
  net?: Money;
  fees: number;
  parts: NonNullable<Facts["money"]["parts"]>;
  /** Some price could not be read or is in another currency, so that the sum would be wrong. */
  unreadable: boolean;
}

/** What a return is worth, line by line, and the fees that come off. */
export function claimsOf(lines: readonly ReturnLine[], { returnShippingFees }: ShopifyReturn): Claims {
  const prices = lines.map(totalOf);
  const fees = [
    ...lines.flatMap(({ restockingFee }) => (restockingFee ? [restockingFee.amountSet] : [])),
    ...(returnShippingFees ?? []).map(({ amountSet }) => amountSet),
  ];
  const amounts = [...prices, ...fees].flatMap((amount) => amount ?? []);
  const isReadable =
    amounts.length === prices.length + fees.length && new Set(amounts.map(({ currency }) => currency)).size <= 1;
  const goods = isReadable ? sumOf(prices.flatMap((amount) => amount ?? [])) : undefined;
  if (!goods) return { fees: 0, parts: [], unreadable: !isReadable };
  const charged = fees.flatMap((amount) => amount ?? []);
  const feeMinor = charged.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const part = (kind: "goods" | "fee", ledger: "merchant" | "buyer", amount: Money) =>
    ({ kind, ledger, amount, status: "expected" }) as const;
  return {
    net: { ...goods, amountMinor: Math.max(0, goods.amountMinor - feeMinor) },
    fees: feeMinor,
    parts: [part("goods", "merchant", goods), ...charged.map((amount) => part("fee", "buyer", amount))],
    unreadable: false,
  };
}

/** What may be paid at most once units have been looked at: what came back at its price, less the fees. */
export function ceilingOf(lines: readonly Line[], given: readonly ReturnLine[], feeMinor: number): Money | undefined {
  // Units that cannot be put down to a line have no price.
  if (lines.some(({ received }) => received === undefined)) return undefined;
  const amounts = given.flatMap((line, index) => {
    const total = totalOf(line);
    const received = Math.min(lines[index]?.received ?? 0, line.quantity);
    return total && line.quantity > 0
      ? [{ ...total, amountMinor: Math.floor((total.amountMinor * received) / line.quantity) }]
      : [];
  });
  if (new Set(amounts.map(({ currency }) => currency)).size > 1) return undefined;
  const sum = sumOf(amounts);
  return sum && { ...sum, amountMinor: Math.max(0, sum.amountMinor - feeMinor) };
}
