import Table from "cli-table3";
import { type BillLine, billOf, times, totalOf, type Usage, usageOf } from "./bill.ts";
import type { Measured } from "./measure.ts";
import { byTime, itemNames, prices } from "./prices.ts";

/** A case of which the channel tells six times; what most returns come to. */
const changesPerCase = 6;
const million = 1e6;
const hoursPerMonth = 730;

/** What a million cases of six changes use, from what the measured changes used. */
export function perMillionCases({ used, changes }: Pick<Measured, "used" | "changes">): Usage {
  if (changes === 0) throw new Error("Nothing changed, so nothing can be told of a change.");
  const scaled = times(used, (changesPerCase / changes) * million);
  return usageOf((item) => (byTime.includes(item) ? 0 : scaled[item]));
}

export function costTable(measured: Measured): string {
  const { channel, cases, changes, outbound, used, idleHour, writers } = measured;
  const table = new Table({
    head: [channel, "measured", "per change", "per million cases", "USD"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right"],
  });
  const perMillion = perMillionCases(measured);
  const lines = billOf(perMillion);
  for (const { item, units, dollars } of lines) {
    const figures = byTime.includes(item)
      ? ["by time", "", ""]
      : [figure(used[item] / changes), figure(units), dollars.toFixed(2)];
    table.push([itemNames[item], figure(used[item]), ...figures]);
  }
  table.push(["total", "", "", "", totalOf(lines).toFixed(2)]);
  const idle = totalOf(billOf(times(idleHour, hoursPerMonth)));
  const written = writers.slice(0, 6).map(({ caller, operation, writeUnits }) => {
    return `  ${figure(writeUnits / changes)} ${caller.replace(/^casebridge-dev-/, "")} ${operation}`;
  });
  return [
    table.toString(),
    "Write units of a change, by who writes:",
    ...written,
    `${cases} cases, ${changes} changes, ${outbound} calls to the channel (${(outbound / changes).toFixed(1)} a change).`,
    `A stack with one such shop and nothing to do: ${idle.toFixed(2)} USD a month, by the same prices.`,
    `Prices of ${prices.region}, read ${prices.readOn}.`,
  ].join("\n");
}

export function summaryOf(all: readonly Measured[]) {
  return Object.fromEntries(
    all.map((measured) => {
      const lines = billOf(perMillionCases(measured));
      const largest = lines
        .slice(0, 3)
        .map(({ item, dollars }: BillLine) => [itemNames[item], Number(dollars.toFixed(2))]);
      return [
        measured.channel,
        { usdPerMillionCases: Number(totalOf(lines).toFixed(2)), largest: Object.fromEntries(largest) },
      ];
    }),
  );
}

function figure(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
