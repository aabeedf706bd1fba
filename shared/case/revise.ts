import type { Case } from "./case.ts";
import type { Command } from "./command.ts";
import { isOpen } from "./command.ts";
import type { Instant } from "./instant.ts";
import type { News } from "./news.ts";

/** Settled commands a case keeps for the person who looks; the timeline keeps all. */
const keptCommands = 20;

/** The next revision of a case with some parts replaced and the news that this adds. */
export function revise(
  current: Case,
  now: Instant,
  parts: Partial<Pick<Case, "commands" | "tasks" | "deadlines" | "decision">>,
  news: News[],
): Case {
  return { ...current, ...parts, revision: current.revision + 1, savedAt: now, news };
}

/** Two steps taken in one revision: the parts and the news of both. */
export function joined(first: Case, second: Case): Case {
  return { ...second, revision: first.revision, news: [...first.news, ...second.news] };
}

/** The next revision with one command replaced. */
export function replace(current: Case, command: Command, news: News[], now: Instant): Case {
  return revise(current, now, { commands: swap(current.commands, command) }, news);
}

function swap(commands: readonly Command[], command: Command): Command[] {
  return commands.map((each) => (each.commandId === command.commandId ? command : each));
}

export function trim(commands: readonly Command[]): Command[] {
  const settled = commands.filter((each) => !isOpen(each));
  const dropped = settled.slice(0, Math.max(0, settled.length - keptCommands));
  return commands.filter((each) => !dropped.includes(each));
}
