import Table from "cli-table3";
import type { Life } from "./lives.ts";
import type { Played } from "./play.ts";

export interface Summary {
  deadlines: number;
  met: number;
  actedBeforeExpiry: number;
  missed: number;
  unnoticed: number;
  timerErrorMs: { p50: number; p99: number; max: number };
}

/** A clock that was due and of which nobody heard anything. A minute is what a timer may take by design. */
function isUnnoticed({ end, dueAt }: Life, until: string): boolean {
  return end === undefined && Date.parse(dueAt) + 60_000 < Date.parse(until);
}

/** Clocks that still run, or that their channel took away, are told apart and not counted as deadlines that ended. */
export function summarize({ lives, unheard, until }: Played): Summary {
  const unnoticed = lives.filter((life) => isUnnoticed(life, until)).length + unheard.length;
  const met = lives.filter(({ end, acted }) => end === "met" && !acted).length;
  const actedBeforeExpiry = lives.filter(({ end, acted }) => end === "met" && acted).length;
  const missed = lives.filter(({ end }) => end === "missed").length;
  const errors = lives.flatMap(({ timerErrorsMs }) => timerErrorsMs).sort((a, b) => a - b);
  const at = (share: number) => errors[Math.min(errors.length - 1, Math.floor(errors.length * share))] ?? 0;
  return {
    deadlines: met + actedBeforeExpiry + missed + unnoticed,
    met,
    actedBeforeExpiry,
    missed,
    unnoticed,
    timerErrorMs: { p50: at(0.5), p99: at(0.99), max: errors.at(-1) ?? 0 },
  };
}

/** What became of the clocks, by channel, kind and whose they are. */
export function reportTable({ lives, until }: Played): string {
  const head = [
    "channel",
    "kind",
    "whose",
    "clocks",
    "moved",
    "met",
    "acted",
    "missed",
    "cancelled",
    "running",
    "unnoticed",
  ];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  const groups = new Map<string, Life[]>();
  for (const life of lives) {
    const name = `${life.channel} ${life.kind} ${life.source}`;
    groups.set(name, [...(groups.get(name) ?? []), life]);
  }
  for (const [name, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const number = (test: (life: Life) => boolean) => group.filter(test).length;
    table.push([
      ...name.split(" "),
      group.length,
      number(({ moves }) => moves > 0),
      number(({ end, acted }) => end === "met" && !acted),
      number(({ end, acted }) => end === "met" && acted),
      number(({ end }) => end === "missed"),
      number(({ end }) => end === "cancelled"),
      number((life) => life.end === undefined && !isUnnoticed(life, until)),
      number((life) => isUnnoticed(life, until)),
    ]);
  }
  return table.toString();
}

/** Hours left when a clock was met; below zero for what was missed. */
export function marginsOf({ lives }: Played): { channel: string; hours: number }[] {
  return lives
    .filter(({ end }) => end === "met" || end === "missed")
    .map(({ channel, end, marginMs }) => ({ channel, hours: end === "missed" ? -1 : (marginMs ?? 0) / 3_600_000 }));
}
