import { type Calendar, plainCalendar } from "./calendar.ts";
import type { PolicyRow } from "./deadline-policy.ts";
import { channelMarkets, policyRows } from "./deadline-policy.ts";
import type { Facts } from "./observation.ts";
import { defaultRules, type TenantRules } from "./tenant-rules.ts";

/** What the clocks of a tenant's cases follow beside the channel's own word: its rules, its calendars, published rules. */
export interface ClockRules {
  /** Names the tenant's rules in decisions made by them. */
  version: string;
  rules: TenantRules;
  calendars: readonly Calendar[];
  rows: readonly PolicyRow[];
  /** False where only what the channel states is wanted. */
  fallback: boolean;
}

/** Where a case belongs, as far as its clocks care. */
export interface ClockPlace {
  channel: string;
  shopId: string;
}

/** Whose case it is, and what its clocks follow beside the channel's word. */
export interface ClockSetting extends ClockPlace {
  clockRules: ClockRules;
}

/** Only what the channel states, as a test of a connector wants it. */
export const statedClocksOnly: ClockRules = {
  version: "none",
  rules: { ...defaultRules, levels: [] },
  calendars: [],
  rows: [],
  fallback: false,
};

/** For a tenant that has set nothing. */
export const defaultClockRules: ClockRules = {
  version: "default-2026-11-26",
  rules: defaultRules,
  calendars: [],
  rows: policyRows,
  fallback: true,
};

/** The case's own market, else the tenant's word on the shop or channel, else the channel's only one. */
export function marketOf(facts: Facts, { channel, shopId }: ClockPlace, { markets }: TenantRules): string | undefined {
  return facts.market ?? markets[`${channel}:${shopId}`] ?? markets[channel] ?? channelMarkets[channel];
}

/** The tenant's calendar of a market, else one that knows no holidays. */
export function calendarOf(market: string | undefined, calendars: readonly Calendar[]): Calendar {
  return calendars.find((each) => each.market === market) ?? plainCalendar(market ?? "");
}
