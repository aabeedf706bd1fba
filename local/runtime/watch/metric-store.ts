import type { LocalClock } from "../../clock.ts";

export type Dimensions = Record<string, string>;

export interface MetricKey {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

export interface MetricStore {
  record(namespace: string, name: string, dimensions: Dimensions, value: number, count?: number): void;
  /** One value per period that has data, by the period's start; `from` inclusive, `to` exclusive. */
  query(query: MetricKey & { statistic: string; periodSeconds: number; from: Date; to: Date }): Map<number, number>;
  /** Every metric seen so far. */
  list(): MetricKey[];
}

interface Minute {
  sum: number;
  count: number;
  min: number;
  max: number;
  values: number[];
}

const minuteMs = 60_000;
const keptMinutes = 8 * 24 * 60;

/** Keeps a week of metrics by simulated minute. Statistics: Sum, Average, Minimum, Maximum, SampleCount, pNN. */
export function createMetricStore(clock: LocalClock): MetricStore {
  const series = new Map<string, MetricKey & { minutes: Map<number, Minute> }>();
  const keyOf = (namespace: string, name: string, dimensions: Dimensions) =>
    JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1))]);

  return {
    record(namespace, name, dimensions, value, count = 1) {
      const key = keyOf(namespace, name, dimensions);
      let found = series.get(key);
      if (!found) {
        found = { namespace, name, dimensions, minutes: new Map() };
        series.set(key, found);
      }
      const start = Math.floor(clock.now().getTime() / minuteMs) * minuteMs;
      let minute = found.minutes.get(start);
      if (!minute) {
        minute = { sum: 0, count: 0, min: value, max: value, values: [] };
        found.minutes.set(start, minute);
        const oldest = found.minutes.keys().next().value;
        if (found.minutes.size > keptMinutes && oldest !== undefined) found.minutes.delete(oldest);
      }
      minute.sum += value * count;
      minute.count += count;
      minute.min = Math.min(minute.min, value);
      minute.max = Math.max(minute.max, value);
      if (minute.values.length < 1000) minute.values.push(value);
    },
    query({ namespace, name, dimensions, statistic, periodSeconds, from, to }) {
      const minutes = series.get(keyOf(namespace, name, dimensions))?.minutes;
      const result = new Map<number, number>();
      const periodMs = Math.max(periodSeconds, 60) * 1000;
      for (let start = from.getTime(); start < to.getTime(); start += periodMs) {
        const within: Minute[] = [];
        for (let at = Math.ceil(start / minuteMs) * minuteMs; at < start + periodMs; at += minuteMs) {
          const minute = minutes?.get(at);
          if (minute) within.push(minute);
        }
        if (within.length > 0) result.set(start, summarize(within, statistic));
      }
      return result;
    },
    list: () => [...series.values()].map(({ namespace, name, dimensions }) => ({ namespace, name, dimensions })),
  };
}

function summarize(minutes: Minute[], statistic: string): number {
  const sum = minutes.reduce((total, minute) => total + minute.sum, 0);
  const count = minutes.reduce((total, minute) => total + minute.count, 0);
  switch (statistic) {
    case "Sum":
      return sum;
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Minimum":
      return Math.min(...minutes.map(({ min }) => min));
    case "Maximum":
      return Math.max(...minutes.map(({ max }) => max));
  }
  const percentile = /^p(\d+(?:\.\d+)?)$/i.exec(statistic)?.[1];
  if (!percentile) throw new Error(`The statistic ${statistic} is not known to the local runtime.`);
  const values = minutes.flatMap((minute) => minute.values).sort((one, other) => one - other);
  return values[Math.min(values.length - 1, Math.ceil((Number(percentile) / 100) * values.length) - 1)] ?? 0;
}
