import type { Case, Task } from "./case.ts";
import { type Instant, msBetween } from "./instant.ts";
import { decimalOf, type Money } from "./money.ts";
import type { News } from "./news.ts";
import type { Facts } from "./observation.ts";
import { joined, revise } from "./revise.ts";
import { openTask } from "./tasks.ts";

/** News of a change younger than this may still be on its way. */
const onItsWayMs = 30 * 60_000;

type MoneyFacts = Facts["money"];
interface MoneyFact {
  status: MoneyFacts["status"];
  settled?: Money | undefined;
}

/**
 * Where what we hold of a case's money is not what the channel holds, though the channel's word is old enough to have
 * reached us. Undefined when both agree.
 */
export function mismatchOf(
  held: Case,
  theirs: Partial<Facts>,
  now: Instant,
): { ours: MoneyFact; theirs: MoneyFact } | undefined {
  const { money } = theirs;
  if (!money) return undefined;
  const since = money.settledAt ?? theirs.changedAt ?? held.facts.changedAt;
  if (since !== undefined && msBetween(since, now) < onItsWayMs) return undefined;
  const [ours, their] = [factOf(held.facts.money), factOf(money)];
  const isSame = ours.status === their.status && ours.settled?.amountMinor === their.settled?.amountMinor;
  return isSame && ours.settled?.currency === their.settled?.currency ? undefined : { ours, theirs: their };
}

function factOf({ status, settled }: MoneyFacts): MoneyFact {
  return { status, ...(settled && { settled }) };
}

/** Tells of a mismatch, and asks a person where the channel shows another amount than we took for paid. */
export function recordMismatch(
  current: Case,
  { ours, theirs }: { ours: MoneyFact; theirs: MoneyFact },
  now: Instant,
): Case {
  const news: News = { name: "refund.mismatched", at: now, data: { ours, theirs } };
  const told = revise(current, now, {}, [news]);
  if (ours.status !== "paid") return told;
  const what = `We held ${textOf(ours)}, and the channel shows ${textOf(theirs)}. See in its console which is right.`;
  const task: Task = { taskId: "refund_mismatched", what, openedAt: now, doneWhen: [], onlyByPerson: true };
  const asked = openTask(told, task, now);
  return asked ? joined(told, asked) : told;
}

function textOf({ status, settled }: MoneyFact): string {
  return settled ? `${status} ${decimalOf(settled)} ${settled.currency}` : status;
}

/**
 * Whether the parts of a refund sum up, in integers, to what the buyer gets: the settled sum once it is paid, the claim
 * before. What somebody else gets or pays (`ledger` insurance, platform) is beside it; what the buyer pays is taken off.
 * True where no parts are stated, or where they are in several currencies, which cannot be added.
 */
export function partsAddUp({ parts = [], settled, claimed, status }: MoneyFacts): boolean {
  const counted = parts.filter((part) => part.status !== "failed" && ["merchant", "buyer"].includes(part.ledger));
  const total = status === "paid" ? settled : claimed;
  if (counted.length === 0 || !total) return true;
  if (counted.some(({ amount }) => amount.currency !== total.currency)) return true;
  return sumOfParts(counted) === total.amountMinor;
}

export function sumOfParts(parts: NonNullable<MoneyFacts["parts"]>): number {
  return parts.reduce((sum, { ledger, amount }) => sum + (ledger === "buyer" ? -1 : 1) * amount.amountMinor, 0);
}
