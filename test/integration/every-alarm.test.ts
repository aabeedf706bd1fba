import { describe, expect, inject, it } from "vitest";
import { channels } from "#shared/case/channel.ts";
import { createWorld, type Driven, drivenIn, pass, raisedIn, resourcesIn } from "./alarm-drive.ts";

// Every alarm of the template is raised and cleared by nothing but its own metric; what is combined follows.

const resources = resourcesIn(inject("assemblyDir"));
const all = drivenIn(resources);
const combined = resources.filter(({ type }) => type === "AWS::CloudWatch::CompositeAlarm").map(({ ref }) => ref);
const named = (name: string): Driven => {
  const found = all.find((each) => each.name === `casebridge-dev-${name}`);
  if (!found) throw new Error(`the template has no alarm ${name}`);
  return found;
};

describe("every alarm of the template", () => {
  it("is in the table", () => {
    const inTemplate = resources.filter(({ type }) => type === "AWS::CloudWatch::Alarm").map(({ ref }) => ref);
    expect(all.map(({ name }) => name)).toEqual(inTemplate);
    expect(all.length).toBeGreaterThan(80);
  });

  it.each(
    all.map((each) => [each.name, each] as const),
  )("%s is raised by its metric, alone, and cleared", async (name, driven) => {
    const world = createWorld(resources);
    const longest = Math.max(...all.map(({ periods }) => periods));
    await pass(world, longest, all, []);
    expect(raisedIn(world)).toEqual([]);

    await pass(world, driven.periods - 1, all, [driven]);
    expect(raisedIn(world)).toEqual([]);
    await pass(world, 1, all, [driven]);
    expect(raisedIn(world)).toContain(name);
    expect(raisedIn(world).filter((each) => each !== name && !combined.includes(each))).toEqual([]);

    await pass(world, 1, all, []);
    expect(raisedIn(world)).toEqual([]);
  });
});

describe("combined alarms", () => {
  const raisedBy = async (...names: string[]): Promise<string[]> => {
    const world = createWorld(resources);
    const bad = names.map(named);
    await pass(world, Math.max(...bad.map(({ periods }) => periods)), all, bad);
    const raised = raisedIn(world).filter((each) => combined.includes(each));
    await pass(world, 1, all, []);
    expect(raisedIn(world)).toEqual([]);
    return raised.map((each) => each.slice("casebridge-dev-".length));
  };

  it("are all in this file", () => {
    const known = channels.flatMap((channel) => [`deadlines-at-risk-${channel}`, `channel-down-${channel}`]);
    expect(combined).toEqual(known.map((name) => `casebridge-dev-${name}`));
  });

  it.each(channels)("say that deadlines of %s are at risk, and of no other", async (channel) => {
    for (const part of ["deadline-missed", "cases-late", "cases-due-within-hour"]) {
      expect(await raisedBy(`${part}-${channel}`)).toEqual([`deadlines-at-risk-${channel}`]);
    }
  });

  it.each(channels)("say that %s is down, and no other", async (channel) => {
    for (const part of ["channel-unavailable", "feed-lag-seconds"]) {
      expect(await raisedBy(`${part}-${channel}`)).toEqual([`channel-down-${channel}`]);
    }
    expect(await raisedBy(`channel-rate-limited-${channel}`, "intake.fifo-too-old")).toEqual([
      `channel-down-${channel}`,
    ]);
  });

  it("call no channel down because it says slow down, or because the intake is slow for another reason", async () => {
    expect(await raisedBy("channel-rate-limited-douyin")).toEqual([]);
    expect(await raisedBy("intake.fifo-too-old")).toEqual([]);
  });
});
