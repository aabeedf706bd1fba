import Table from "cli-table3";
import type { ChaosResult } from "./play.ts";
import { countOf } from "./reconcile.ts";

const plain = { style: { head: [], border: [], compact: true } };

/** The last line of a run, for who reads it by machine. */
export function summarize({ pairs, findings, deadLetters, redriven, unclear }: ChaosResult, seed: number) {
  return {
    seed,
    cases: pairs.length,
    refunds: pairs.filter(({ truth }) => truth.settledMinor > 0).length,
    lost: countOf(findings, "lost"),
    doubledRefunds: countOf(findings, "doubled refund"),
    unpaidRefunds: countOf(findings, "unpaid refund"),
    doubledAddresses: countOf(findings, "doubled address"),
    commandsLeftOpen: countOf(findings, "command left open"),
    unclearForPeople: unclear,
    deadLetters: deadLetters.reduce((sum, { number }) => sum + number, 0),
    redriven,
    unalarmedDeadLetters: deadLetters.reduce((sum, { number, isAlarmed }) => sum + (isAlarmed ? 0 : number), 0),
  };
}

/** What went wrong on purpose, and what came of each channel's cases. */
export function reportTables({ tally, pairs, findings }: ChaosResult): string {
  const faults = new Table({ head: ["fault", "times"], ...plain });
  for (const [name, number] of Object.entries(tally.list())) faults.push([name, number]);
  const cases = new Table({ head: ["channel", "cases", "final", "refunded", "differ"], ...plain });
  for (const channel of new Set(pairs.map((pair) => pair.channel))) {
    const own = pairs.filter((pair) => pair.channel === channel);
    const differ = new Set(findings.flatMap(({ pair }) => (pair?.channel === channel ? [pair] : [])));
    const refunded = own.filter(({ truth }) => truth.settledMinor > 0);
    cases.push([channel, own.length, own.filter(({ truth }) => truth.final).length, refunded.length, differ.size]);
  }
  return `${faults.toString()}\n${cases.toString()}`;
}
