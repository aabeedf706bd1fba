import Table from "cli-table3";
import { type Case, stateOf } from "#shared/case/case.ts";
import { decimalOf } from "#shared/case/money.ts";
import type { CaseTruth } from "./marketplaces/contract.ts";

interface Row {
  truth: CaseTruth;
  held: Case | undefined;
  differences: readonly unknown[];
}

/** A table of every case's way, for a terminal without colours. `stories` are the names of what happened, by case id. */
export function wayTable(rows: readonly Row[], stories: ReadonlyMap<string, readonly string[]>): string {
  const table = new Table({
    head: ["case", "plan", "state", "paid", "way", "agrees"],
    colWidths: [30, 24, 18, 12, 76, 8],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { truth, held, differences } of rows) {
    const { settled } = held?.facts.money ?? {};
    const way = held ? brief(stories.get(held.caseId) ?? []) : "";
    const state = held ? stateOf(held) : "missing";
    const agrees = differences.length === 0 ? "yes" : "NO";
    table.push([truth.channelCaseId, truth.plan, state, settled ? decimalOf(settled) : "", way, agrees]);
  }
  return table.toString();
}

/** The states a case went through, with the commands between them; clocks are counted elsewhere. */
function brief(names: readonly string[]): string {
  return names
    .filter((name) => !/^(deadline|decision|case\.amended|goods|command\.(planned|sent))/.test(name))
    .map((name) => name.replace("case.", "").replace("command.", "✓").replace("refund", "money"))
    .join(" → ");
}
