import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { channels } from "#shared/case/channel.ts";
import { metrics } from "#shared/metrics.ts";
import { type Resource, synthesize } from "./synthesize.ts";

const root = join(import.meta.dirname, "../..");
const pages = globSync("docs/runbooks/*.md", { cwd: root })
  .map((path) => path.slice("docs/runbooks/".length))
  .filter((name) => name !== "README.md");
const textOf = (name: string) => readFileSync(join(root, "docs/runbooks", name), "utf8");
const index = textOf("README.md");

const alarmsOf = ({ all }: ReturnType<typeof synthesize>) => [
  ...all("CloudWatch::Alarm"),
  ...all("CloudWatch::CompositeAlarm"),
];
const linkIn = ({ properties }: Resource) => / Runbook: (\S+)$/.exec(String(properties.AlarmDescription))?.[1] ?? "";

const synthesis = synthesize();
const alarms = alarmsOf(synthesis);

describe("runbooks", () => {
  it("are where every alarm says its own is", () => {
    expect(alarms.length).toBeGreaterThan(80);
    const missing = alarms.filter((each) => {
      const [, page = ""] = /^docs\/runbooks\/([\w-]+\.md)$/.exec(linkIn(each)) ?? [];
      return !pages.includes(page);
    });
    expect(missing.map(({ properties }) => properties.AlarmName)).toEqual([]);
  });

  it("each belong to an alarm", () => {
    const linked = alarms.map(linkIn);
    expect(pages.filter((page) => !linked.includes(`docs/runbooks/${page}`))).toEqual([]);
  });

  it.each(pages)("%s says what it means, what to look at, what to do and when it is over", (page) => {
    const headings = [...textOf(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["What it means", "What to look at", "What to do", "When it is over"]);
    expect(index).toContain(`(${page})`);
  });

  it("are linked on the web where the deployment says so", () => {
    const links = alarmsOf(synthesize({ runbookBaseUrl: "https://wiki.example.com/runbooks/" })).map(linkIn);
    expect(links).toContain("https://wiki.example.com/runbooks/channel-down.md");
    expect(links.every((link) => link.startsWith("https://wiki.example.com/runbooks/"))).toBe(true);
  });

  it("say what watching costs, to about a tenth", () => {
    const stated = (row: string) =>
      Number(new RegExp(`\\| ${row} \\| (?:about |at most )?(\\d+) \\|`).exec(index)?.[1]);
    const simple = synthesis.all("CloudWatch::Alarm").length;
    expect(Math.abs(stated("alarms") / simple - 1)).toBeLessThan(0.12);
    expect(synthesis.all("CloudWatch::CompositeAlarm")).toHaveLength(2 * channels.length);
    const most = Object.keys(metrics).length * (1 + channels.length);
    expect(stated("our own metrics, if every one of them moved every hour")).toBeGreaterThan(most);
  });
});

describe("what the alarms watch", () => {
  it("is counted somewhere, per channel where the alarm wants a channel", () => {
    const code = globSync("{functions,connectors}/**/*.ts", { cwd: root })
      .filter((path) => !path.endsWith(".test.ts"))
      .map((path) => readFileSync(join(root, path), "utf8"))
      .join("\n");
    const own = synthesis
      .all("CloudWatch::Alarm")
      .filter(({ properties }) => /^Casebridge/.test(String(properties.Namespace)));
    const uncounted = own.filter(({ properties }) => {
      const calls = [...code.matchAll(/count\(([^;]*?)\);/g)].map(([, given = ""]) => given);
      const found = calls.filter((given) => given.includes(`"${properties.MetricName}"`));
      const needsChannel = JSON.stringify(properties.Dimensions ?? []).includes("Channel");
      return found.length === 0 || (needsChannel && !found.every((given) => given.includes("channel")));
    });
    expect(uncounted.map(({ properties }) => properties.AlarmName)).toEqual([]);
  });
});
