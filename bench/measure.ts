/** One line of a benchmark's result. `ratio` is value / floor for times, value / ceiling for rates. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  floor: number;
  ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Prints a figure as one line of JSON; times and ratios to four digits, because no more of them is true. */
export function report({ name, value, unit, floor, ratio }: Figure): void {
  const short = (figure: number) => Number(figure.toPrecision(4));
  console.log(JSON.stringify({ name, value: short(value), unit, floor: short(floor), ratio: short(ratio) }));
}

/**
 * Times candidates in turn, round by round, so that a machine that slows down slows all of them. Returns the median
 * microseconds of each and the median of the ratios to the first, taken round by round.
 */
export function race(
  candidates: Readonly<Record<string, () => void>>,
  { rounds = 15, iterations = 4_000 } = {},
): Record<string, { us: number; ratio: number }> {
  const names = Object.keys(candidates);
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const name of names) {
      const work = candidates[name];
      if (!work) continue;
      const startedAt = process.hrtime.bigint();
      for (let turn = 0; turn < iterations; turn++) work();
      const us = Number(process.hrtime.bigint() - startedAt) / iterations / 1000;
      if (round >= 0) times.get(name)?.push(us); // the first rounds only warm up
    }
  }
  const floor = times.get(names[0] ?? "") ?? [];
  return Object.fromEntries(
    names.map((name) => {
      const own = times.get(name) ?? [];
      return [name, { us: median(own), ratio: median(own.map((us, round) => us / (floor[round] ?? Number.NaN))) }];
    }),
  );
}
