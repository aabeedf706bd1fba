import { describe, expect, it } from "vitest";
import { dayOf, defaultLimits, limitsOf, quietUntil, tenantLimitsSchema, writeLimitsSchema } from "./write-limits.ts";

describe("the shop's own day", () => {
  it.each([
    ["2026-11-25T15:59:59.999Z", "douyin", "2026-11-25"],
    ["2026-11-25T16:00:00.000Z", "douyin", "2026-11-26"],
    ["2026-11-25T16:00:00.000Z", "shopify", "2026-11-25"],
  ])("%s on %s is %s", (now, channel, day) => {
    expect(dayOf(now, defaultLimits, channel)).toBe(day);
  });

  it("follows the zone that the tenant gives", () => {
    expect(dayOf("2026-11-25T02:00:00.000Z", { ...defaultLimits, zone: "America/New_York" }, "shopify")).toBe(
      "2026-11-24",
    );
  });
});

describe("quiet hours", () => {
  const limits = { ...defaultLimits, quiet: { from: "22:00", to: "07:00" }, zone: "Europe/Berlin" };

  it.each([
    ["in the evening, to the next morning", "2026-11-25T21:30:00.000Z", "2026-11-26T06:00:00.000Z"],
    ["after midnight, to the same morning", "2026-11-26T02:00:00.000Z", "2026-11-26T06:00:00.000Z"],
    ["over the night that the clocks go forward", "2027-03-27T22:00:00.000Z", "2027-03-28T05:00:00.000Z"],
  ])("last %s", (_, now, until) => {
    expect(quietUntil(now, limits, "shopify")).toBe(until);
  });

  it("are over by day, and there are none unless they are set", () => {
    expect(quietUntil("2026-11-26T06:00:00.000Z", limits, "shopify")).toBeUndefined();
    expect(quietUntil("2026-11-26T02:00:00.000Z", defaultLimits, "shopify")).toBeUndefined();
    const atNoon = { ...limits, quiet: { from: "12:00", to: "13:00" } };
    expect(quietUntil("2026-11-26T11:30:00.000Z", atNoon, "shopify")).toBe("2026-11-26T12:00:00.000Z");
  });
});

describe("a shop's limits", () => {
  it("are the tenant's but for what is its own", () => {
    const tenant = tenantLimitsSchema.parse({
      all: { dailyRefunds: 9 },
      shops: { "douyin:1": { writesPerMinute: 5 } },
    });
    expect(limitsOf(tenant, { channel: "douyin", shopId: "1" })).toMatchObject({ dailyRefunds: 9, writesPerMinute: 5 });
    expect(limitsOf(tenant, { channel: "douyin", shopId: "2" })).toMatchObject({
      dailyRefunds: 9,
      writesPerMinute: 60,
    });
  });

  it.each([
    { dailyRefunds: -1 },
    { dailyAmountMinor: { CNY: 0.5 } },
    { zone: "Mars/Base" },
    { quiet: { from: "25:00", to: "1" } },
  ])("are not %j", (limits) => {
    expect(writeLimitsSchema.safeParse(limits).success).toBe(false);
  });
});
