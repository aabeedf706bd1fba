import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hearLines } from "../test/builders/fakes.ts";
import { count, metricNamespaceOf, tellOfKind } from "./metrics.ts";

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  hearLines((line) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
const told = () => lines.map((line) => JSON.parse(line));

it("counts for the whole deployment, for the channel and for the kind of clock within it", () => {
  count("DeadlineMissed", 1, { channel: "douyin", kind: "respond" });
  expect(told()).toMatchObject([
    {
      _aws: {
        CloudWatchMetrics: [
          {
            Dimensions: [[], ["Channel"], ["Channel", "Kind"]],
            Metrics: [{ Name: "DeadlineMissed", Unit: "Count" }],
          },
        ],
      },
      DeadlineMissed: 1,
      Channel: "douyin",
      Kind: "respond",
    },
  ]);
});

it("tells of one kind alone without touching the channel's own value", () => {
  tellOfKind("CasesLate", 3, { channel: "douyin", kind: "respond" });
  const [line] = told();
  expect([line._aws.CloudWatchMetrics[0].Dimensions, line.CasesLate]).toEqual([[["Channel", "Kind"]], 3]);
});

it("has no dimension where none is given", () => {
  count("PublishFailed");
  expect(told()[0]._aws.CloudWatchMetrics[0].Dimensions).toEqual([[]]);
});

it("keeps the counts of two deployments in one account apart", () => {
  vi.stubEnv("METRIC_NAMESPACE", metricNamespaceOf("prod"));
  count("PublishFailed");
  expect(told()[0]._aws.CloudWatchMetrics[0].Namespace).toBe("Casebridge/prod");
  expect(metricNamespaceOf("dev")).not.toBe(metricNamespaceOf("prod"));
});
