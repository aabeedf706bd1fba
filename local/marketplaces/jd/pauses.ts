/** A stretch in which the platform's clocks stand still, e.g. Spring Festival. Epoch milliseconds, the end excluded. */
export interface Pause {
  fromMs: number;
  toMs: number;
}

/** The calendar with one more pause; overlapping ones become one, so that adding one twice changes nothing. */
export function withPause(pauses: readonly Pause[], added: Pause): Pause[] {
  const sorted = [...pauses, added].sort((a, b) => a.fromMs - b.fromMs);
  const merged: Pause[] = [];
  for (const pause of sorted) {
    const last = merged.at(-1);
    if (last && pause.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, pause.toMs);
    else merged.push({ ...pause });
  }
  return merged;
}

/** The end of a clock of this length that starts then: it does not run during pauses. */
export function endOfClock(startMs: number, lengthMs: number, pauses: readonly Pause[]): number {
  let end = startMs + lengthMs;
  for (const { fromMs, toMs } of pauses) {
    if (toMs <= startMs || fromMs >= end) continue;
    end += toMs - Math.max(fromMs, startMs);
  }
  return end;
}
