import type { Case, Task } from "./case.ts";
import { type Command, type CommandArgs, isOpen } from "./command.ts";
import type { Instant } from "./instant.ts";
import type { News, NewsName, NewsOf } from "./news.ts";
import type { Facts } from "./observation.ts";
import { revise } from "./revise.ts";
import { sameValue } from "./same-value.ts";

// A case names no buyer. What is erased here leads to one: parcels (the carrier knows who lives there), free text, pictures,
// references of payments, the channel's own words. Order numbers stay: the books are kept by them, as the law asks.

/** What stands where text was that a form cannot do without. */
export const redacted = "[redacted]";

/** Why: the buyer asked by way of the channel, the channel's term has ended, or the shop has left. */
export type RedactedFor = NewsOf<"case.redacted">["data"]["why"];

/**
 * The case without what leads to a person, marked so for good: what is read or written later is stored without it as well.
 * It stays readable: states, amounts, counts, clocks and who decided what. Undefined when it has been done before.
 * The entries of its story and what it is found by are erased when the news of it are published; `again` has that repeated.
 */
export function redact(
  current: Case,
  { why, now, again = false }: { why: RedactedFor; now: Instant; again?: boolean },
): Case | undefined {
  if (current.redactedAt !== undefined && !again) return undefined;
  const marked = { ...current, redactedAt: current.redactedAt ?? now };
  return withoutPerson(revise(marked, now, {}, [{ name: "case.redacted", at: now, data: { why } }]));
}

/** A case as it may be stored: one that has been redacted stays so, whoever has worked on it since. */
export function asStored(subject: Case): Case {
  return subject.redactedAt === undefined ? subject : withoutPerson(subject);
}

/** Whether nothing in it leads to a person any more: it is redacted, and no command is under way that still needs to. */
export function isFreeOfPersons(subject: Case): boolean {
  const { redactedAt, commands } = subject;
  return redactedAt !== undefined && commands.every(({ args }) => sameValue(args, argsWithoutPerson(args)));
}

/** Facts without what leads to a person. */
export function factsWithoutPerson({ goods, inspection, paidOutside, refusedAnswer, ...facts }: Facts): Facts {
  const { wayBack, replacement, ...rest } = goods;
  return {
    ...facts,
    goods: rest,
    ...(inspection && { inspection: { ...inspection, photos: [] } }),
    ...(refusedAnswer && { refusedAnswer: { ...refusedAnswer, reason: redacted } }),
    ...(paidOutside && { paidOutside: { ...paidOutside, reference: redacted } }),
  };
}

/** One piece of news without what leads to a person; the same one where nothing does. */
export function newsWithoutPerson<N extends News>(news: N): N {
  const erase = erasures[news.name] as ((data: N["data"]) => N["data"]) | undefined;
  return erase ? { ...news, data: erase(news.data) } : news;
}

type Erasures = { readonly [N in NewsName]?: (data: NewsOf<N>["data"]) => NewsOf<N>["data"] };
const withArgs = <T extends { args: CommandArgs }>(data: T): T => ({ ...data, args: argsWithoutPerson(data.args) });
const withProblem = <T extends { problem: string }>(data: T): T => ({ ...data, problem: redacted });

const erasures: Erasures = {
  "command.proposed": withArgs,
  "command.planned": withArgs,
  "command.refused": withProblem,
  "command.unclear": withProblem,
  "command.expired": withProblem,
  "goods.observed": ({ trackingNo, ...data }) => data,
  "refund.paid_outside": (data) => ({ ...data, reference: redacted }),
};

function withoutPerson(subject: Case): Case {
  const { facts, commands, tasks, news } = subject;
  return {
    ...subject,
    facts: factsWithoutPerson(facts),
    commands: commands.map(commandWithoutPerson),
    tasks: tasks.map(taskWithoutPerson),
    news: news.map(newsWithoutPerson),
  };
}

/** What is still to be sent keeps what it needs for that; it is erased with the save that settles it. */
function commandWithoutPerson(command: Command): Command {
  if (isOpen(command)) return command;
  const { args, problem } = command;
  return { ...command, args: argsWithoutPerson(args), ...(problem !== undefined && { problem: redacted }) };
}

function argsWithoutPerson({ note, staffNote, evidence, carrier, trackingNo, ...args }: CommandArgs): CommandArgs {
  return args;
}

function taskWithoutPerson({ text, ...task }: Task): Task {
  return task;
}
