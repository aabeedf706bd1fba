import * as z from "zod";
import type { MetricStore } from "./metric-store.ts";

const emf = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())).default([[]]),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/** Records the metrics a log line carries in CloudWatch's embedded format; any other line is none of its business. */
export function recordEmf(line: string, metrics: MetricStore) {
  if (!line.startsWith("{") || !line.includes('"CloudWatchMetrics"')) return;
  let parsed: z.infer<typeof emf>;
  try {
    parsed = emf.parse(JSON.parse(line));
  } catch {
    return; // CloudWatch, too, takes a malformed line for text.
  }
  for (const { Namespace, Dimensions, Metrics } of parsed._aws.CloudWatchMetrics) {
    for (const { Name } of Metrics) {
      const value = parsed[Name];
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries(names.map((name) => [name, String(parsed[name])]));
        for (const each of Array.isArray(value) ? value : [value]) {
          if (typeof each === "number") metrics.record(Namespace, Name, dimensions, each);
        }
      }
    }
  }
}
