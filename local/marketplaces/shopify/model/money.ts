import type { Order } from "./types.ts";

const exponents: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, KWD: 3, BHD: 3 };

export function exponentOf(currency: string): number {
  return exponents[currency] ?? 2;
}

/** Decimal text as GraphQL writes it: no superfluous zeros, but at least one decimal ("89.9", "120.0", "1200.0" yen). */
export function decimalText(minor: number, currency: string): string {
  const [whole = "0", fraction = ""] = fixedText(minor, currency).split(".");
  return `${whole}.${fraction.replace(/0+$/, "") || "0"}`;
}

/** Decimal text as webhook bodies write it: all decimals of the currency ("89.90", "1200" yen). */
export function fixedText(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0");
  const sign = minor < 0 ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Minor units of a decimal text, or undefined when it is no amount this currency can have. */
export function minorOf(text: string, currency: string): number | undefined {
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(text);
  if (match === null) return undefined;
  const exponent = exponentOf(currency);
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > exponent) return undefined;
  return Number((match[1] ?? "") + fraction.padEnd(exponent, "0"));
}

/** The amount in the shop's currency of an amount the buyer sees. */
export function shopMinor(order: Order, presentmentMinor: number): number {
  if (order.currency === order.presentmentCurrency) return presentmentMinor;
  const scale = 10 ** (exponentOf(order.currency) - exponentOf(order.presentmentCurrency));
  return Math.round(presentmentMinor * order.rate * scale);
}

/** GraphQL's `MoneyBag`. */
export function moneyBag(order: Order, presentmentMinor: number) {
  return {
    shopMoney: money(shopMinor(order, presentmentMinor), order.currency),
    presentmentMoney: money(presentmentMinor, order.presentmentCurrency),
  };
}

/** GraphQL's `MoneyV2`. */
export function money(minor: number, currency: string) {
  return { amount: decimalText(minor, currency), currencyCode: currency };
}

/** The `*_set` members of webhook bodies. */
export function moneySet(order: Order, presentmentMinor: number) {
  return {
    shop_money: {
      amount: fixedText(shopMinor(order, presentmentMinor), order.currency),
      currency_code: order.currency,
    },
    presentment_money: {
      amount: fixedText(presentmentMinor, order.presentmentCurrency),
      currency_code: order.presentmentCurrency,
    },
  };
}
