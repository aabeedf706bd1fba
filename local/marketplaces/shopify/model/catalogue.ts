export interface Product {
  sku: string;
  title: string;
  variantTitle: string;
  productId: string;
  variantId: string;
  /** Price per currency in minor units, tax included. */
  priceMinor: Readonly<Record<string, number>>;
}

const list: [sku: string, title: string, variant: string, cents: number, yen: number][] = [
  ["JKT-RED-M", "Trail jacket", "Red / M", 8990, 14_200],
  ["JKT-RED-L", "Trail jacket", "Red / L", 8990, 14_200],
  ["SHOE-42", "Trail shoe", "42", 12_000, 18_900],
  ["SHOE-43", "Trail shoe", "43", 12_000, 18_900],
  ["SOCK-3", "Merino socks", "3 pairs", 2450, 3860],
  ["PACK-20", "Day pack", "20 l", 7495, 11_800],
];

/** What every shop sells. */
export const catalogue: readonly Product[] = list.map(([sku, title, variantTitle, cents, yen], index) => ({
  sku,
  title,
  variantTitle,
  productId: String(7_300_000_000_000 + index),
  variantId: String(41_000_000_000_000 + index),
  priceMinor: { EUR: cents, USD: Math.round(cents * 1.1), GBP: Math.round(cents * 0.86), CNY: cents * 8, JPY: yen },
}));

/** Shop currency per unit of the buyer's, where they differ. */
export const rates: Readonly<Record<string, number>> = { "USD>EUR": 0.9091, "JPY>EUR": 0.0063, "EUR>USD": 1.1 };

export const shippingMinor: Readonly<Record<string, number>> = { EUR: 490, USD: 540, GBP: 420, CNY: 3900, JPY: 800 };
