import type { Money } from "#shared/case/money.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { RefundMessage } from "./refund-xml.ts";

/** Stores whose prices are without tax. Elsewhere an amount split into price and tax has been refused. */
const withoutTax = ["US", "CA"];

/**
 * The amount, split as the order was paid: goods and tax first, then postage. Less than the goods is split in proportion.
 * Source: thread 1372 of amzn/selling-partner-api-docs for prices with tax, read 2026-11-25.
 */
export function componentsOf(
  amount: Money,
  { money, market }: Pick<Facts, "money" | "market">,
): RefundMessage["components"] {
  const paid = (kind: string) => money.parts?.find((part) => part.kind === kind)?.amount.amountMinor ?? 0;
  const [goods, tax] = [paid("goods"), paid("tax")];
  const of = (amountMinor: number): Money => ({ amountMinor, currency: amount.currency });
  const price = goods + tax > 0 ? Math.min(amount.amountMinor, goods + tax) : amount.amountMinor;
  const isSplit = tax > 0 && market !== undefined && withoutTax.includes(market);
  const principal = isSplit ? Math.round((price * goods) / (goods + tax)) : price;
  const components: RefundMessage["components"] = [
    { type: "Principal", amount: of(principal) },
    { type: "Tax", amount: of(price - principal) },
    { type: "Shipping", amount: of(amount.amountMinor - price) },
  ];
  return components.filter((each) => each.amount.amountMinor > 0);
}
