import { type ClockSetting, statedClocksOnly } from "./clock-rules.ts";
import { canBeMissed, type Deadline, isMerchants, nextAttentionAt, runs } from "./deadline.ts";
import { clocksOf, isAnswered } from "./derive-clocks.ts";
import { type Instant, msBetween } from "./instant.ts";
import { keepTime } from "./keep-time.ts";
import type { News } from "./news.ts";
import type { Facts } from "./observation.ts";
import { ladderOf } from "./rung.ts";

interface Ledger {
  deadlines: Deadline[];
  news: News[];
}

const nowhere: ClockSetting = { channel: "", shopId: "", clockRules: statedClocksOnly };

/**
 * Brings the clocks of a case in line with what the channel now states and the rules make of it: a new due time replaces
 * the old (`moved`), a clock whose state has been left is `met` or, if that came too late, `missed`, and one that was
 * taken away while its state lasts is `cancelled`. A clock already reported missed is not reported again, unless it moved.
 */
export function followClocks(
  held: readonly Deadline[],
  facts: Facts,
  observedAt: Instant,
  setting: ClockSetting = nowhere,
): Ledger {
  const state = facts.state.known ? facts.state.value : "unknown";
  const dispute = facts.dispute.status.known ? facts.dispute.status.value : "unknown";
  const now = clocksOf(facts, setting, setting.clockRules);
  // Nobody knows whether the state was left, so what ran goes on, and no clock of ours takes its place.
  const known = new Set(state === "unknown" ? held.map(({ kind }) => kind) : []);
  const next = now.filter(({ kind, source }) => source.from === "channel" || !known.has(kind));
  const news: News[] = [];
  const say = (piece: News) => news.push(piece);
  const at = observedAt;

  const kept = next.map((clock): Deadline => {
    const before = held.find(({ kind }) => kind === clock.kind);
    const { kind, dueAt } = clock;
    if (before?.dueAt === dueAt) return keepTime({ ...before, ...clock }, facts, setting);
    if (before && ranOut(before, clock.source.from, facts.changedAt ?? observedAt)) say(missed(before, at));
    if (before) say({ name: "deadline.moved", at, data: { kind, from: before.dueAt, to: dueAt } });
    else say({ name: "deadline.set", at, data: { ...clock } });
    return keepTime({ ...clock, startedAt: observedAt, status: "running", announced: [] }, facts, setting);
  });

  // A state that is left at the very second is left by the platform, which does then what it does when nobody answers.
  const leftAt = facts.changedAt ?? observedAt;
  for (const clock of held) {
    // The merchant's own clocks are met, too, when it is no longer the merchant who is waited for.
    const { kind, dueAt, status } = clock;
    if (next.some((each) => each.kind === kind)) continue;
    const source = clock.source.from;
    const isDone = isAnswered(kind, facts);
    const doneAt = (isDone && facts.reclaim?.filedAt) || leftAt;
    if (state === "unknown") {
      kept.push(clock);
    } else if (!isDone && runs(kind, state, dispute) && !(source === "tenant" && facts.waitingOn !== "merchant")) {
      say({ name: "deadline.cancelled", at, data: { kind, dueAt } });
    } else if (doneAt < dueAt) {
      say({ name: "deadline.met", at, data: { kind, dueAt, source, marginMs: msBetween(doneAt, dueAt) } });
    } else if (status === "running" && canBeMissed(kind)) {
      say(missed(clock, at));
    }
  }
  return { deadlines: kept.sort((a, b) => (a.kind < b.kind ? -1 : 1)), news };
}

/** A platform that gives more time only after the end has seen nobody answer. What rules move has not run out anywhere. */
function ranOut({ kind, dueAt, status }: Deadline, source: string, changedAt: Instant): boolean {
  return source === "channel" && status === "running" && isMerchants(kind) && dueAt <= changedAt;
}

function missed({ kind, dueAt, source, onExpiry }: Deadline, at: Instant): News {
  return { name: "deadline.missed", at, data: { kind, dueAt, source: source.from, onExpiry } };
}

/**
 * What the clocks have to say at `now`: rungs of the ladder that are due, and expiry. Saying it marks it as said, so a
 * timer that fires twice says nothing the second time. A buyer's clock expires in silence.
 */
export function ringClocks(held: readonly Deadline[], now: Instant): Ledger {
  const news: News[] = [];
  const deadlines = held.map((deadline): Deadline => {
    const { kind, dueAt, onExpiry, announced } = deadline;
    const attentionAt = nextAttentionAt(deadline);
    if (attentionAt === undefined || attentionAt > now) return deadline;
    const source = deadline.source.from;
    if (dueAt <= now) {
      if (canBeMissed(kind)) news.push(missed(deadline, now));
      return { ...deadline, status: "missed" };
    }
    const due = ladderOf(deadline)
      .filter((step) => !announced.includes(step.rung) && step.at <= now)
      .map(({ rung }) => rung);
    // Only the latest is worth saying when several fell due while nobody looked.
    const rung = due.at(-1);
    if (rung) news.push({ name: "deadline.approaching", at: now, data: { kind, dueAt, source, onExpiry, rung } });
    return { ...deadline, announced: [...announced, ...due] };
  });
  return { deadlines, news };
}
