import type { Case } from "#shared/case/case.ts";
import { openTask } from "#shared/case/commands.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { decimalOf } from "#shared/case/money.ts";
import type { Clock } from "#shared/clock.ts";
import type { Cases } from "#shared/store/index.ts";

export interface Deps {
  cases: Cases;
  clock: Clock;
}

/**
 * Follows a refund that the channel reports to its end: a refund that failed, or that paid another amount than was asked
 * for, becomes a task for a person. Money that arrived as asked needs nobody. Safe to repeat.
 * @throws SuiteError `case_not_found`, `case_changed`.
 */
export async function syncRefund(news: { tenantId: TenantId; caseId: CaseId }, { cases, clock }: Deps): Promise<void> {
  await cases.change(news.tenantId, news.caseId, (current) => follow(current, instant(clock.now())));
}

function follow(current: Case, now: Instant): Case | undefined {
  const { status, claimed, settled } = current.facts.money;
  const dueAt = current.deadlines.find(({ kind }) => kind === "refund")?.dueAt;
  if (status === "failed") {
    const what = "The channel could not pay this refund. See why in its console and pay it another way.";
    return openTask(
      current,
      { taskId: "refund_failed", what, openedAt: now, dueAt, doneWhen: ["refunded", "closed"] },
      now,
    );
  }
  if (status !== "paid" || !claimed || !settled || current.facts.outcome === "partially_refunded") return undefined;
  const asAsked = settled.currency === claimed.currency && settled.amountMinor === claimed.amountMinor;
  if (asAsked) return undefined;
  const what =
    `Paid ${decimalOf(settled)} ${settled.currency}, asked for ${decimalOf(claimed)} ${claimed.currency}. ` +
    "Check that this is what was agreed with the buyer.";
  // Never done by a state: the case is final, and a person must look.
  return openTask(current, { taskId: "refund_differs", what, openedAt: now, dueAt, doneWhen: [] }, now);
}
