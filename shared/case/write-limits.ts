import * as z from "zod";
import type { Channel } from "./channel.ts";
import type { Instant } from "./instant.ts";
import { instant } from "./instant-of.ts";
import { dayAfter, instantOfWall, isTimeZone, wallOf } from "./zoned.ts";

const currency = z.string().regex(/^[A-Z]{3}$/);
const minorByCurrency = z.record(currency, z.int().nonnegative());
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const count = z.int().nonnegative();

const fields = {
  /** The shop's time zone: days of the daily cap and quiet hours are its days and hours. */
  zone: z.string().refine(isTimeZone, "an IANA time zone").optional(),
  /** Refunds sent in one day: how many, and how much by currency in minor units; a currency not named has no cap. */
  dailyRefunds: count,
  dailyAmountMinor: minorByCurrency,
  /** Amounts above need two people, by currency in minor units. */
  twoPeopleAboveMinor: minorByCurrency,
  partialNeedsTwoPeople: z.boolean(),
  /** No rule pays between these times of day, unless a deadline is nearer than the limit. */
  quiet: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  quietUnlessDueWithinMinutes: count,
  /** Writes to the channel: a steady rate, and how many may come at once. */
  writesPerMinute: z.int().positive().max(6000),
  writesAtOnce: z.int().positive().max(600),
};

/** How much, how fast and when the suite may write in one shop. */
export const writeLimitsSchema = z.strictObject({
  ...fields,
  dailyRefunds: fields.dailyRefunds.default(1000),
  dailyAmountMinor: fields.dailyAmountMinor.default({}),
  twoPeopleAboveMinor: fields.twoPeopleAboveMinor.default({}),
  partialNeedsTwoPeople: fields.partialNeedsTwoPeople.default(true),
  quietUnlessDueWithinMinutes: fields.quietUnlessDueWithinMinutes.default(60),
  writesPerMinute: fields.writesPerMinute.default(60),
  writesAtOnce: fields.writesAtOnce.default(10),
});
export type WriteLimits = z.infer<typeof writeLimitsSchema>;

/** A tenant's limits: for all its shops, and what differs in some, by `channel:shop`. */
export const tenantLimitsSchema = z.strictObject({
  all: writeLimitsSchema.prefault({}),
  shops: z.record(z.string().max(200), z.strictObject(fields).partial()).default({}),
});
export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

export const defaultLimits: WriteLimits = writeLimitsSchema.parse({});

/** The limits of one shop. */
export function limitsOf(tenant: TenantLimits | undefined, shop: { channel: Channel; shopId: string }): WriteLimits {
  const { all, shops } = tenant ?? { all: defaultLimits, shops: {} };
  const own = shops[`${shop.channel}:${shop.shopId}`] ?? {};
  return { ...all, ...own };
}

const chinese: readonly string[] = ["douyin", "taobao", "jd"];

export function zoneOf(limits: WriteLimits, channel: string): string {
  return limits.zone ?? (chinese.includes(channel) ? "Asia/Shanghai" : "UTC");
}

/** The shop's own date at an instant, `YYYY-MM-DD`. */
export function dayOf(now: Instant, limits: WriteLimits, channel: string): string {
  return wallOf(Date.parse(now), zoneOf(limits, channel)).date;
}

/** The end of the quiet hours that `now` lies in; undefined when it lies in none. Hours may run over midnight. */
export function quietUntil(now: Instant, limits: WriteLimits, channel: string): Instant | undefined {
  if (!limits.quiet) return undefined;
  const zone = zoneOf(limits, channel);
  const { date, msOfDay } = wallOf(Date.parse(now), zone);
  const [from, to] = [msOf(limits.quiet.from), msOf(limits.quiet.to)];
  const overMidnight = from > to;
  const isQuiet = overMidnight ? msOfDay >= from || msOfDay < to : msOfDay >= from && msOfDay < to;
  if (!isQuiet) return undefined;
  const endsOn = overMidnight && msOfDay >= from ? dayAfter(date) : date;
  return instant(new Date(instantOfWall({ date: endsOn, msOfDay: to }, zone)));
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}
