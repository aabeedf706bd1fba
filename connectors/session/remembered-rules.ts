import { type ClockRules, defaultClockRules } from "#shared/case/clock-rules.ts";
import type { TenantId } from "#shared/case/ids.ts";
import type { Rules, SavedRules } from "#shared/store/index.ts";

const keptForMs = 300_000;
const limit = 1_000;

export type ClockRulesOf = (tenantId: TenantId) => Promise<ClockRules>;

/**
 * What the clocks of a tenant's cases follow, read every five minutes per worker: a case is read and saved far more often than
 * a merchant changes its mind. A change is in force everywhere after that time; what was derived before it is derived
 * anew when the case is next read or its timer next rings.
 */
export function rememberedRules(rules: Rules, now: () => number = Date.now): ClockRulesOf {
  const kept = new Map<TenantId, { until: number; found: Promise<ClockRules>; saved?: SavedRules | undefined }>();

  async function read(tenantId: TenantId, before: SavedRules | undefined): Promise<ClockRules> {
    const saved = await rules.get(tenantId, before);
    const entry = kept.get(tenantId);
    if (entry) entry.saved = saved;
    if (!saved) return defaultClockRules;
    return { ...defaultClockRules, version: `rules-${saved.version}`, rules: saved.rules, calendars: saved.calendars };
  }

  return (tenantId) => {
    const known = kept.get(tenantId);
    if (known && known.until > now()) return known.found;
    if (kept.size >= limit) kept.clear();
    const found = read(tenantId, known?.saved);
    kept.set(tenantId, { until: now() + keptForMs, found, saved: known?.saved });
    found.catch(() => kept.delete(tenantId));
    return found;
  };
}
