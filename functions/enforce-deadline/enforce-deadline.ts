import { type ObserveDeps, observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import { attentionAt, type Case } from "#shared/case/case.ts";
import { revise } from "#shared/case/commands.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { ringClocks } from "#shared/case/ledger.ts";
import { faultFields, log } from "#shared/log.ts";

export type Deps = SessionDeps & ObserveDeps;

/**
 * Lets the clocks of a case ring: announces the rungs of the ladder that are due, and reports what has run out. The case
 * is read from the channel first, because it may have been answered while nobody told us. When the channel does not
 * answer, the clock rings all the same: a warning too many is better than a silent miss. Safe to repeat.
 * @throws SuiteError `case_changed` (retryable).
 */
export async function enforceDeadline(
  { tenantId, caseId }: { tenantId: TenantId; caseId: CaseId },
  deps: Deps,
): Promise<void> {
  const now = instant(deps.clock.now());
  const held = await deps.cases.get(tenantId, caseId);
  if (!held || !isDue(held, now)) return;
  await readAgain(held, now, deps);
  await deps.cases.change(tenantId, caseId, (current) => {
    if (!isDue(current, now)) return undefined;
    const { deadlines, news } = ringClocks(current.deadlines, now);
    return revise(current, now, { deadlines }, news);
  });
}

function isDue(subject: Case, now: string): boolean {
  const at = attentionAt(subject);
  return at !== undefined && at <= now;
}

async function readAgain(held: Case, now: string, deps: Deps): Promise<void> {
  try {
    await observeCases(rereadNotice(held, `deadline ${now}`), await openSession(held, deps), deps);
  } catch (fault) {
    // Told, not hidden: the clock is about to ring on what we hold.
    log.warn("deadline rings without a fresh reading", { caseId: held.caseId, ...faultFields(fault) });
  }
}
