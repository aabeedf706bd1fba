import Table from "cli-table3";
import { isHot, type Spread } from "./spread.ts";

export function spreadTable(spreads: readonly Spread[]): string {
  const table = new Table({
    head: ["keys", "how many", "each, a second", "the busiest", "bears", ""],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right", "left"],
  });
  for (const spread of spreads) {
    const { what, unit, keys, meanPerSecond, busiestPerSecond, limitPerSecond } = spread;
    const figures = [meanPerSecond, busiestPerSecond, limitPerSecond].map((value) => value.toPrecision(3));
    table.push([what, keys.toLocaleString("en-US"), ...figures, isHot(spread) ? `HOT (${unit})` : unit]);
  }
  return table.toString();
}
