import * as z from "zod";
import { deadlineKindSchema } from "./deadline.ts";
import { type Instant, instantSchema } from "./instant.ts";

const longestPauseDays = 120;

/** A time during which a platform's clocks stand still, because it said so: a festival, a flood, a strike. */
export const pauseSchema = z
  .strictObject({
    channel: z.string().regex(/^[a-z]+$/),
    /** The clocks that stand still; all of them when left out. */
    kinds: z.array(deadlineKindSchema).optional(),
    from: instantSchema,
    until: instantSchema,
    /** The announcement and when it was read. */
    link: z.url(),
    readOn: z.iso.date(),
  })
  .refine(({ from, until }) => from < until, "a pause ends after it begins")
  .refine(
    ({ from, until }) => Date.parse(until) - Date.parse(from) <= longestPauseDays * 86_400_000,
    `a pause lasts at most ${longestPauseDays} days`,
  );
export type Pause = z.infer<typeof pauseSchema>;

/** From and until, in epoch milliseconds. */
export type Window = readonly [from: number, until: number];

/** The windows in which this clock stands still, in order and without overlap: the same pause twice is one. */
export function windowsOf(pauses: readonly Pause[], { channel, kind }: { channel: string; kind: string }): Window[] {
  const own = pauses
    .filter((pause) => pause.channel === channel && (pause.kinds?.some((each) => each === kind) ?? true))
    .map(({ from, until }): Window => [Date.parse(from), Date.parse(until)])
    .sort(([a], [b]) => a - b);
  const merged: Window[] = [];
  for (const [from, until] of own) {
    const last = merged.at(-1);
    if (last && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], until)];
    else merged.push([from, until]);
  }
  return merged;
}

/** `ms` after `start`, counting only the time outside the windows. Another window never makes the result earlier. */
export function addOutside(start: number, ms: number, windows: readonly Window[]): number {
  let end = start + ms;
  for (const [from, until] of windows) {
    if (until <= start) continue;
    if (from >= end) break;
    end += until - Math.max(from, start);
  }
  return end;
}

/** The instant itself, or the end of the window it lies in. */
export function outOf(at: number, windows: readonly Window[]): number {
  return windows.find(([from, until]) => from <= at && at < until)?.[1] ?? at;
}

/** Whether this clock stands still at `now`. */
export function isPaused(pauses: readonly Pause[], clock: { channel: string; kind: string }, now: Instant): boolean {
  const at = Date.parse(now);
  return outOf(at, windowsOf(pauses, clock)) !== at;
}
