import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { actionSchema, commandSchema, isOpen } from "./command.ts";
import { deadlineKindSchema, deadlineSchema, nextAttentionAt } from "./deadline.ts";
import { caseIdSchema, channelCaseIdSchema, shopIdSchema, tenantIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";
import { newsSchema } from "./news.ts";
import { factsSchema } from "./observation.ts";
import { type HeldState, heldStateSchema } from "./states.ts";

/** Something a person must do where the channel offers no call, or where a rule does not decide. */
export const taskSchema = z.strictObject({
  taskId: z.string().max(64),
  what: z.string().max(500),
  openedAt: instantSchema,
  dueAt: instantSchema.optional(),
  /** Page of the channel's console where it is done. */
  link: z.url().optional(),
  /** What to enter there, ready to paste. */
  text: z.string().max(2000).optional(),
  /** States that show the task has been done. Any final state does too, unless only a person can say so. */
  doneWhen: z.array(heldStateSchema),
  onlyByPerson: z.boolean().optional(),
  /** The command whose end is this task's end. */
  settles: z.string().max(64).optional(),
  /** The clock with whose end this task ends, also on a case that is over. */
  clock: deadlineKindSchema.optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** The last decision a rule made about the case, and the channel version it was made on: one decision per version. */
export const decisionSchema = z.strictObject({
  action: actionSchema.or(z.literal("ask_person")),
  rule: z.string().max(100),
  policyVersion: z.string().max(40),
  onVersion: z.int().nonnegative(),
  at: instantSchema,
  /** True when the shop's mode kept it from being carried out. */
  shadow: z.boolean(),
});

/**
 * One after-sales case: what the channel states (`facts`), what we make of it (`deadlines`, `commands`, `tasks`), and
 * the news that this revision adds to its story. The news travel inside the case, so that neither can exist alone.
 */
export const caseSchema = z.strictObject({
  tenantId: tenantIdSchema,
  shopId: shopIdSchema,
  channel: channelSchema,
  channelCaseId: channelCaseIdSchema,
  caseId: caseIdSchema,
  /** Counts our saves; the optimistic lock. */
  revision: z.int().positive(),
  /** The newest version seen of each facet; older observations are stale. */
  versions: z.record(z.string(), z.strictObject({ version: z.int(), observedAt: instantSchema })),
  facts: factsSchema,
  deadlines: z.array(deadlineSchema),
  commands: z.array(commandSchema),
  tasks: z.array(taskSchema),
  decision: decisionSchema.optional(),
  /** Set when our state table did not expect the last move. */
  unexpectedMove: z.boolean(),
  /** Since when nothing in it leads to a person any more; see redact.ts. */
  redactedAt: instantSchema.optional(),
  savedAt: instantSchema,
  news: z.array(newsSchema),
});
export type Case = z.infer<typeof caseSchema>;

/** The state as held: `unknown` while the channel's status is one we do not know. */
export function stateOf({ facts }: Pick<Case, "facts">): HeldState {
  return facts.state.known ? facts.state.value : "unknown";
}

/** The channel version of the case itself, echoed in every write. */
export function channelVersionOf({ versions }: Pick<Case, "versions">): number {
  return versions.case?.version ?? 0;
}

/** When a timer must next look at this case: a clock that runs, or a command that must not be forgotten. */
export function attentionAt({ deadlines, commands }: Pick<Case, "deadlines" | "commands">): string | undefined {
  const ofCommands = commands.filter(isOpen).map(({ attendAt }) => attendAt);
  return [...deadlines.map(nextAttentionAt), ...ofCommands].filter((at) => at !== undefined).sort()[0];
}

/**
 * The part of a case that depends only on what the channel has said, not on how or how often we heard it. Two histories
 * of the same facts end with equal projections.
 */
export function projectionOf(subject: Case): object {
  const { tenantId, caseId, facts, deadlines } = subject;
  return {
    tenantId,
    caseId,
    facts,
    version: channelVersionOf(subject),
    deadlines: deadlines.map(({ kind, dueAt, source, onExpiry }) => ({ kind, dueAt, source, onExpiry })),
  };
}
