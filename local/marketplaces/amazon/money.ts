/** Minor units as the decimal text of a file; yen have none. */
export function decimal(amountMinor: number, currency: string): string {
  return currency === "JPY" ? String(amountMinor) : (amountMinor / 100).toFixed(2);
}

/** A decimal text in minor units; undefined when it is none, or finer than that. */
export function minor(text: string, currency: string): number | undefined {
  if (!/^-?\d{1,9}(\.\d{1,2})?$/.test(text)) return undefined;
  const scaled = Number(text) * (currency === "JPY" ? 1 : 100);
  return Math.abs(scaled - Math.round(scaled)) < 1e-6 ? Math.round(scaled) : undefined;
}
