import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { pushOf } from "#connectors/push.ts";
import { connectorOf } from "#connectors/registry.ts";
import { channels } from "#shared/case/channel.ts";
import type { ConnectorFixtures } from "./fixtures.ts";

describe.each(channels)("channel %s", (channel) => {
  it("brings fixtures and runs the contract suite on them", async () => {
    const { fixtures } = (await import(`../../connectors/${channel}/fixtures/index.ts`)) as {
      fixtures: ConnectorFixtures;
    };
    expect(fixtures.cases.length).toBeGreaterThan(0);
    const tests = await readFile(new URL(`../../connectors/${channel}/${channel}.test.ts`, import.meta.url), "utf8");
    expect(tests).toMatch(/^describeConnector\(/m);
  });

  it("is registered under its own name, with the same push in both registries", () => {
    const connector = connectorOf(channel);
    expect(connector.id).toBe(channel);
    expect(pushOf(channel)).toBe(connector.push);
  });

  it("offers some way to learn that a case has changed", () => {
    const { push, feeds } = connectorOf(channel);
    expect(push !== undefined || Object.keys(feeds ?? {}).length > 0).toBe(true);
  });
});
