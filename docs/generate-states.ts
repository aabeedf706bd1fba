import { actions } from "#shared/case/command.ts";
import { deadlineKinds } from "#shared/case/deadline.ts";
import { caseStates, expectedMoves, isFinal } from "#shared/case/states.ts";

/** The moves that the state table expects, as a mermaid graph. */
export function stateGraph(): string {
  const moves = caseStates.flatMap((from) => expectedMoves[from].map((to) => `  ${from} --> ${to}`));
  const ends = caseStates.filter(isFinal).map((state) => `  ${state} --> [*]`);
  return ["```mermaid", "stateDiagram-v2", "  [*] --> requested", ...moves, ...ends, "```"].join("\n");
}

/** Per state: where it may go, which clocks run in it, what may be asked of the channel from it. */
export function statesTable(): string {
  const rows = caseStates.map((state) => {
    const clocks = Object.entries(deadlineKinds).filter(([, { runsIn }]) => runsIn.some((each) => each === state));
    const commands = Object.entries(actions).filter(([, { from }]) => from.some((each) => each === state));
    const cells = [
      isFinal(state) ? `**\`${state}\`**` : `\`${state}\``,
      words(expectedMoves[state]),
      words(clocks.map(([kind]) => kind)),
      words(commands.map(([action]) => action)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| state | expected next | clocks that run | actions |", "|---|---|---|---|", ...rows].join("\n");
}

function words(names: readonly string[]): string {
  return names.length === 0 ? "–" : names.map((name) => `\`${name}\``).join(" ");
}
