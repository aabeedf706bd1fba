import Table from "cli-table3";

/** One figure of the load benchmark. `most` and `least` are what it aims at. */
export interface LoadFigure {
  name: string;
  value: number;
  unit: string;
  most?: number;
  least?: number;
}

/** The value that `share` of them do not exceed, by the nearest rank; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function isMet({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: LoadFigure) {
  return value <= most && value >= least;
}

const short = (value: number) => Number(value.toPrecision(4));
const aimOf = ({ most, least }: LoadFigure) =>
  [most !== undefined && `≤ ${most}`, least !== undefined && `≥ ${least}`].filter(Boolean).join(", ");

/** A table for people on stderr, one line of JSON for each figure on stdout. */
export function tell(figures: readonly LoadFigure[]): void {
  const table = new Table({
    head: ["figure", "value", "unit", "aim", ""],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "left", "left", "left"],
  });
  for (const figure of figures) {
    const aim = aimOf(figure);
    table.push([figure.name, String(short(figure.value)), figure.unit, aim, aim && (isMet(figure) ? "met" : "MISSED")]);
    const { name, value, unit, most, least } = figure;
    const verdict = aim ? { met: isMet(figure) } : {};
    console.log(JSON.stringify({ name: `load.${name}`, value: short(value), unit, most, least, ...verdict }));
  }
  console.error(table.toString());
}
