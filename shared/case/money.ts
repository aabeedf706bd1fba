import * as z from "zod";

/** Money is an integer in the currency's minor unit (ISO 4217 exponent): 1 CNY = 100, 1 JPY = 1, 1 KWD = 1000. */
export const moneySchema = z.strictObject({
  amountMinor: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof moneySchema>;

// ISO 4217 exponents that are not 2. Source: ISO 4217 list one, as published by SIX, read 2026-11-25.
const exponents: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimal digits of the currency's minor unit. */
export function exponentOf(currency: string): number {
  return exponents[currency] ?? 2;
}

/**
 * Reads a decimal text exactly, without floating point. Zeros beyond the minor unit are allowed ("1200.0" JPY).
 * @throws RangeError for anything else: exponents, other digits beyond the minor unit, more than 15 digits.
 */
export function moneyOfDecimal(decimal: string, currency: string): Money {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?$/.exec(decimal);
  if (!match) throw new RangeError("not a decimal amount");
  const exponent = exponentOf(currency);
  const fraction = (match[3] ?? "").padEnd(exponent, "0");
  if (/[1-9]/.test(fraction.slice(exponent))) throw new RangeError(`finer than the minor unit of ${currency}`);
  const amountMinor = Number(`${match[1]}${match[2]}${fraction.slice(0, exponent)}`);
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError("amount is too large");
  return { amountMinor: amountMinor === 0 ? 0 : amountMinor, currency };
}

/** The decimal text with all digits of the minor unit: 15900 CNY gives "159.00". */
export function decimalOf({ amountMinor, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, "0");
  const sign = amountMinor < 0 ? "-" : "";
  return exponent === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** The sum; undefined for none. @throws RangeError when currencies differ. */
export function sumOf(amounts: readonly Money[]): Money | undefined {
  const [first, ...rest] = amounts;
  if (!first) return undefined;
  return rest.reduce((sum, each) => {
    if (each.currency !== sum.currency) throw new RangeError(`cannot add ${each.currency} to ${sum.currency}`);
    return { amountMinor: sum.amountMinor + each.amountMinor, currency: sum.currency };
  }, first);
}
