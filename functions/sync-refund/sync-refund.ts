import type { Case, Task } from "#shared/case/case.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { decimalOf, type Money } from "#shared/case/money.ts";
import type { NewsName } from "#shared/case/news.ts";
import { joined } from "#shared/case/revise.ts";
import { openTask } from "#shared/case/tasks.ts";
import type { Clock } from "#shared/clock.ts";
import type { Cases } from "#shared/store/index.ts";

export interface Deps {
  cases: Cases;
  clock: Clock;
}

/**
 * Follows a refund that the channel reports to its end: one that failed, that paid another amount than was asked for, or
 * that was taken back becomes a task for a person; so does what the merchant's finance paid beside the channel. Money that
 * arrived as asked needs nobody. Safe to repeat. @throws SuiteError `case_not_found`, `case_changed`.
 */
export async function syncRefund(
  news: { tenantId: TenantId; caseId: CaseId },
  name: string,
  { cases, clock }: Deps,
): Promise<void> {
  await cases.change(news.tenantId, news.caseId, (current) => follow(current, name as NewsName, instant(clock.now())));
}

function follow(current: Case, name: NewsName, now: Instant): Case | undefined {
  return tasksFor(current, name, now).reduce<Case | undefined>((before, task) => {
    const next = openTask(before ?? current, task, now);
    return before && next ? joined(before, next) : (next ?? before);
  }, undefined);
}

function tasksFor(current: Case, name: NewsName, openedAt: Instant): Task[] {
  const { status, claimed, settled, executedBy } = current.facts.money;
  const dueAt = current.deadlines.find(({ kind }) => kind === "refund")?.dueAt;
  const task = (taskId: string, what: string, rest: Partial<Task> = {}): Task => ({
    ...{ taskId, what, openedAt, dueAt, doneWhen: [] },
    ...rest,
  });
  const tasks: Task[] = [];
  if (status === "failed") {
    const what = "The channel could not pay this refund. See why in its console and pay it another way.";
    tasks.push(task("refund_failed", what, { doneWhen: ["refunded", "closed"] }));
  }
  if (name === "refund.clawed_back") {
    const what =
      "The channel shows less as refunded than before: it, or a payment provider, took money back. Look at its console, " +
      "and tell the buyer if something is still owed.";
    tasks.push(task("refund_clawed_back", what, { onlyByPerson: true }));
  }
  if (name === "refund.paid_outside" && status !== "paid") {
    const what =
      "Your finance paid the buyer outside of the channel, and the channel does not know. Close the case in its console, " +
      "or it may be paid a second time by the platform's own clock.";
    tasks.push(task("paid_outside", what, { doneWhen: ["refunded", "closed"] }));
  }
  if (status === "paid" && claimed && settled && current.facts.outcome !== "partially_refunded") {
    const asAsked = settled.currency === claimed.currency && settled.amountMinor === askedOf(current, claimed);
    const by = executedBy === undefined || executedBy === "merchant" ? "" : ` by the ${executedBy.replace("_", " ")}`;
    const what =
      `Paid ${decimalOf(settled)} ${settled.currency}${by}, asked for ${decimalOf(claimed)} ${claimed.currency}. ` +
      "Check that this is what was agreed with the buyer.";
    // The case is final, so no state can show that somebody has looked.
    if (!asAsked) tasks.push(task("refund_differs", what, { onlyByPerson: true }));
  }
  return tasks;
}

/** What we asked the channel to pay, else what the buyer claims. */
function askedOf({ commands }: Case, claimed: Money): number {
  const paid = commands.findLast(({ action, status }) => action === "agree_refund" && status === "confirmed");
  return paid?.args.amount?.amountMinor ?? claimed.amountMinor;
}
