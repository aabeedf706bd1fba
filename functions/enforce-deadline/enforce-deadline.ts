import { type ObserveDeps, observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import type { Moment } from "#shared/case/act-before-expiry.ts";
import type { Case } from "#shared/case/case.ts";
import { type CaseId, partsOf, type TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { isDue, ring } from "#shared/case/ring.ts";
import { faultFields, log } from "#shared/log.ts";

export type Deps = SessionDeps & ObserveDeps;

/**
 * Lets the clocks of a case ring: announces the rungs of the ladder that are due, lets the tenant's rule answer before the
 * end, and reports what has run out. The case is read from the channel first, because it may have been answered, or its
 * clock moved, while nobody told us. When the channel does not answer, the clock rings all the same: a warning too many is
 * better than a silent miss. But nothing is answered then. Safe to repeat.
 * @throws SuiteError `case_changed` (retryable), `shop_unknown`.
 */
export async function enforceDeadline(
  { tenantId, caseId }: { tenantId: TenantId; caseId: CaseId },
  deps: Deps,
): Promise<void> {
  const now = instant(deps.clock.now());
  const held = await deps.cases.get(tenantId, caseId);
  if (!held || !isDue(held, now)) return;
  const read = await readAgain(held, now, deps);
  const isFresh = read !== undefined;
  const moment = { now, isFresh, clockRules: await deps.clockRulesOf(tenantId), ...(await shopOf(held, deps)) };
  await deps.cases.change(tenantId, caseId, (current) => ring(current, moment), read ?? held);
}

/** A shop that is gone only observes. Its mode may be half a minute old; who sends the command looks again. */
async function shopOf(held: Case, { shops, connectorOf }: Deps): Promise<Pick<Moment, "shop" | "needs" | "link">> {
  const found = await shops.find(held.channel, held.shopId);
  const { actions, consoleLink } = connectorOf(held.channel);
  return {
    shop: found?.shop ?? { mode: "observe", addresses: [] },
    link: consoleLink?.(held),
    needs: (action) => actions?.[action]?.needs ?? [],
  };
}

/** The case as the channel shows it now; undefined when it cannot be asked, or knows no such case. */
async function readAgain(held: Case, now: Instant, deps: Deps): Promise<Case | undefined> {
  try {
    const session = await openSession(partsOf(held.caseId), deps); // found by its place, which is remembered for a burst of timers
    const read = await observeCases(rereadNotice(held, `deadline ${now}`), session, { ...deps, held });
    return read.find(({ caseId }) => caseId === held.caseId);
  } catch (fault) {
    // Told, not hidden: the clock is about to ring on what we hold.
    log.warn("deadline rings without a fresh reading", { caseId: held.caseId, ...faultFields(fault) });
    return undefined;
  }
}
