import { type Deadline, isMerchants, nextAttentionAt, type Rung, rungDueAt, rungs, runs } from "./deadline.ts";
import { type Instant, msBetween } from "./instant.ts";
import type { News } from "./news.ts";
import type { Facts } from "./observation.ts";
import { isFinal } from "./states.ts";

interface Ledger {
  deadlines: Deadline[];
  news: News[];
}

/**
 * Brings the clocks of a case in line with what the channel now states: a new due time replaces the old (`moved`), a
 * clock whose state has been left is `met` or, if that came too late, `missed`, and one that the channel took away while
 * its state lasts is `cancelled`. A clock already reported missed is not reported again.
 */
export function followClocks(held: readonly Deadline[], facts: Facts, observedAt: Instant): Ledger {
  const state = facts.state.known ? facts.state.value : "unknown";
  const dispute = facts.dispute.status.known ? facts.dispute.status.value : "unknown";
  // A final case has no clocks, whatever fields the channel leaves behind.
  const stated = isFinal(state) ? [] : facts.deadlines;
  const news: News[] = [];
  const say = (piece: News) => news.push(piece);
  const at = observedAt;

  const kept = stated.map((next): Deadline => {
    const before = held.find(({ kind }) => kind === next.kind);
    if (before?.dueAt === next.dueAt) return { ...before, ...next };
    if (before) say({ name: "deadline.moved", at, data: { kind: next.kind, from: before.dueAt, to: next.dueAt } });
    else say({ name: "deadline.set", at, data: { ...next } });
    return { ...next, startedAt: observedAt, status: "running", announced: [] };
  });

  const leftAt = facts.changedAt ?? observedAt;
  for (const { kind, dueAt, onExpiry, status, ...rest } of held) {
    if (stated.some((next) => next.kind === kind)) continue;
    if (state === "unknown") {
      // Nobody knows whether the state was left, so the clock goes on.
      kept.push({ kind, dueAt, onExpiry, status, ...rest });
    } else if (runs(kind, state, dispute)) {
      say({ name: "deadline.cancelled", at, data: { kind, dueAt } });
    } else if (leftAt <= dueAt) {
      say({ name: "deadline.met", at, data: { kind, dueAt, marginMs: msBetween(leftAt, dueAt) } });
    } else if (status === "running" && isMerchants(kind)) {
      say({ name: "deadline.missed", at, data: { kind, dueAt, onExpiry } });
    }
  }
  return { deadlines: kept.sort((a, b) => (a.kind < b.kind ? -1 : 1)), news };
}

/**
 * What the clocks have to say at `now`: rungs of the ladder that are due, and expiry. Saying it marks it as said, so a
 * timer that fires twice says nothing the second time. A buyer's clock expires in silence.
 */
export function ringClocks(held: readonly Deadline[], now: Instant): Ledger {
  const news: News[] = [];
  const deadlines = held.map((deadline): Deadline => {
    const { kind, dueAt, onExpiry } = deadline;
    const attentionAt = nextAttentionAt(deadline);
    if (attentionAt === undefined || attentionAt > now) return deadline;
    if (dueAt <= now) {
      if (isMerchants(kind)) news.push({ name: "deadline.missed", at: now, data: { kind, dueAt, onExpiry } });
      return { ...deadline, status: "missed" };
    }
    const due: Rung[] = rungs.filter((rung) => !deadline.announced.includes(rung) && rungDueAt(deadline, rung) <= now);
    // Only the latest is worth saying when several fell due while nobody looked.
    const latest = due.at(-1);
    if (latest) news.push({ name: "deadline.approaching", at: now, data: { kind, dueAt, onExpiry, rung: latest } });
    return { ...deadline, announced: [...deadline.announced, ...due] };
  });
  return { deadlines, news };
}
