import * as z from "zod";
import { calendarWishSchema, makeCalendar } from "#shared/calendars/make-calendar.ts";
import type { Calendar } from "#shared/case/calendar.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { defaultRules, tenantRulePartsSchema } from "#shared/case/tenant-rules.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import type { Rules, SavedRules } from "#shared/store/index.ts";

export const setRulesRequestSchema = z.strictObject({
  tenantId: tenantIdSchema,
  personId: z.string().regex(/^[\w.@-]{1,100}$/),
  /** The version that the person has seen; 0 when there was none. */
  onVersion: z.int().nonnegative(),
  /** The parts to replace, each whole; those that are left out stay. */
  rules: tenantRulePartsSchema.default({}),
  /** Calendars to make or make anew. */
  calendars: z.array(calendarWishSchema).max(20).default([]),
});
export type SetRulesRequest = z.infer<typeof setRulesRequestSchema>;

export type SetRulesAnswer = { ok: true; version: number } | { ok: false; reason: "version_moved"; version: number };

export interface Deps {
  rules: Rules;
  clock: Clock;
}

/**
 * Changes what a merchant decides about clocks: promises, ladders, pauses, rules that may answer before the end,
 * calendars. Every version is kept. In force within five minutes; running clocks follow when their case is next read or their
 * timer next rings. Safe to repeat. @throws SuiteError `store_unavailable` (retryable), `payload_invalid`.
 */
export async function setRules(request: SetRulesRequest, { rules, clock }: Deps): Promise<SetRulesAnswer> {
  const { tenantId, personId, onVersion } = request;
  const held = await rules.get(tenantId);
  const heldVersion = held?.version ?? 0;
  if (heldVersion !== onVersion) return { ok: false, reason: "version_moved", version: heldVersion };
  const calendars = merge(held?.calendars ?? [], request.calendars.map(made));
  const stated = Object.fromEntries(Object.entries(request.rules).filter(([, value]) => value !== undefined));
  const next: SavedRules = {
    version: heldVersion + 1,
    savedAt: instant(clock.now()),
    rules: { ...(held?.rules ?? defaultRules), ...stated, calendars: calendars.map(({ market }) => market) },
    calendars,
  };
  if (!(await rules.put(tenantId, next))) {
    return { ok: false, reason: "version_moved", version: (await rules.get(tenantId))?.version ?? 0 };
  }
  log.info("rules saved", { tenantId, personId, version: next.version });
  return { ok: true, version: next.version };
}

function made(wish: SetRulesRequest["calendars"][number]): Calendar {
  try {
    return makeCalendar(wish);
  } catch (cause) {
    throw new SuiteError("payload_invalid", `there is no calendar of ${wish.market} with these hours and days`, {
      cause,
    });
  }
}

function merge(held: readonly Calendar[], next: readonly Calendar[]): Calendar[] {
  const byMarket = new Map([...held, ...next].map((calendar) => [calendar.market, calendar]));
  return [...byMarket.values()].sort((a, b) => (a.market < b.market ? -1 : 1));
}
