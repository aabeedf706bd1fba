import * as z from "zod";
import type { Instant } from "./instant.ts";

const hourMs = 3_600_000;

/** The steps of the escalation ladder before the end, unless a tenant sets others. */
export const usualRungs: readonly Rung[] = ["half", "four_fifths", "last_hour"];

/** A step of the ladder: a share of the time given (`half`, `share_70`), or time left (`last_hour`, `last_30m`). */
export const rungSchema = z.string().regex(/^(half|four_fifths|last_hour|share_[1-9]\d?|last_[1-9]\d{0,4}m)$/);
export type Rung = z.infer<typeof rungSchema>;

interface Run {
  startedAt: Instant;
  dueAt: Instant;
}
export interface Step {
  rung: Rung;
  at: Instant;
}

/** The instant at which a rung is due. A last hour longer than the whole time given counts from the start. */
export function rungDueAt({ startedAt, dueAt }: Run, rung: Rung): Instant {
  const start = Date.parse(startedAt);
  const end = Date.parse(dueAt);
  const left = leftMs(rung);
  const at = left === undefined ? start + (end - start) * share(rung) : Math.max(start, end - left);
  return new Date(Math.min(Math.round(at), end)).toISOString();
}

/** The steps of a deadline by time: its own, else the usual ones. */
export function ladderOf(deadline: Run & { ladder?: Step[] | undefined }): Step[] {
  return deadline.ladder ?? stepsOf(deadline, usualRungs);
}

/** Each rung with its instant, by time. */
export function stepsOf(run: Run, rungs: readonly Rung[]): Step[] {
  return rungs.map((rung) => ({ rung, at: rungDueAt(run, rung) })).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Undefined for a rung that is a share of the time. */
function leftMs(rung: Rung): number | undefined {
  if (rung === "last_hour") return hourMs;
  const minutes = /^last_(\d+)m$/.exec(rung)?.[1];
  return minutes === undefined ? undefined : Number(minutes) * 60_000;
}

function share(rung: Rung): number {
  if (rung === "half") return 0.5;
  if (rung === "four_fifths") return 0.8;
  return Number(rung.slice("share_".length)) / 100;
}
