import { type Item, prices } from "./prices.ts";

/** How much of each item was used. */
export type Usage = Readonly<Record<Item, number>>;

export interface BillLine {
  item: Item;
  units: number;
  dollars: number;
}

export const items = Object.keys(prices.perUnit) as Item[];

/** What came in between: `later` minus `earlier`, less what runs by itself in that time, and never below zero. */
export function between(earlier: Usage, later: Usage, idle: Usage): Usage {
  return usageOf((item) => Math.max(0, later[item] - earlier[item] - idle[item]));
}

export function times(usage: Usage, factor: number): Usage {
  return usageOf((item) => usage[item] * factor);
}

/** The bill of a usage, dearest line first. */
export function billOf(usage: Usage): BillLine[] {
  return items
    .map((item) => ({ item, units: usage[item], dollars: usage[item] * prices.perUnit[item] }))
    .sort((one, other) => other.dollars - one.dollars);
}

export function totalOf(lines: readonly BillLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

export function usageOf(of: (item: Item) => number): Usage {
  return Object.fromEntries(items.map((item) => [item, of(item)])) as Record<Item, number>;
}
