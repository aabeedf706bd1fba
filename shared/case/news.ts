import * as z from "zod";
import { actionSchema, commandArgsSchema } from "./command.ts";
import { deadlineKindSchema, deadlineSourceSchema, onExpirySchema } from "./deadline.ts";
import { instantSchema } from "./instant.ts";
import { moneySchema } from "./money.ts";
import { rungSchema } from "./rung.ts";
import { heldStateSchema } from "./states.ts";
import {
  caseTypeSchema,
  disputeStatusSchema,
  goodsStatusSchema,
  outcomeSchema,
  refundStatusSchema,
  waitingOnSchema,
} from "./vocabulary.ts";

const orUnknown = <T extends z.ZodEnum>(schema: T) => schema.or(z.literal("unknown"));
const command = { commandId: z.string(), action: actionSchema, askedBy: z.string() };
const deadline = { kind: deadlineKindSchema, dueAt: instantSchema };
/** Whose clock it was: the platform's, a published rule's or the merchant's own. Absent in news of before 2026-11-26. */
const whose = { source: z.enum(["channel", "policy", "tenant"]).optional() };
const moneyFactSchema = z.strictObject({ status: refundStatusSchema, settled: moneySchema.optional() });

/**
 * What can happen to a case, with the data of each. One piece of news is one entry of the timeline and one event on the
 * bus: what the audit shows and what subscribers heard are the same record.
 */
export const newsData = {
  "case.opened": z.strictObject({
    type: orUnknown(caseTypeSchema),
    state: heldStateSchema,
    waitingOn: waitingOnSchema,
    claimed: moneySchema.optional(),
  }),
  "case.moved": z.strictObject({
    from: heldStateSchema,
    to: heldStateSchema,
    waitingOn: waitingOnSchema,
    outcome: outcomeSchema.optional(),
    /** False when our state table did not expect this move. */
    expected: z.boolean(),
  }),
  /** `waitingOn` is absent in news of before 2026-11-26. */
  "case.amended": z.strictObject({ fields: z.array(z.string()), waitingOn: waitingOnSchema.optional() }),
  "refund.observed": z.strictObject({
    from: refundStatusSchema,
    to: refundStatusSchema,
    settled: moneySchema.optional(),
    executedBy: z.string().optional(),
  }),
  "goods.observed": z.strictObject({
    from: goodsStatusSchema.optional(),
    to: goodsStatusSchema.optional(),
    trackingNo: z.string().optional(),
  }),
  "dispute.observed": z.strictObject({ from: orUnknown(disputeStatusSchema), to: orUnknown(disputeStatusSchema) }),
  "deadline.set": z.strictObject({ ...deadline, onExpiry: onExpirySchema, source: deadlineSourceSchema }),
  "deadline.moved": z.strictObject({ kind: deadlineKindSchema, from: instantSchema, to: instantSchema }),
  "deadline.met": z.strictObject({ ...deadline, ...whose, marginMs: z.int() }),
  "deadline.cancelled": z.strictObject(deadline),
  "deadline.approaching": z.strictObject({ ...deadline, ...whose, rung: rungSchema, onExpiry: onExpirySchema }),
  /** A tenant's rule would have answered before the end, and did not: `why` says what a person must know. */
  "deadline.escalated": z.strictObject({ ...deadline, rule: z.string(), why: z.string() }),
  "deadline.missed": z.strictObject({ ...deadline, ...whose, onExpiry: onExpirySchema }),
  "decision.made": z.strictObject({
    action: actionSchema.or(z.literal("ask_person")),
    rule: z.string(),
    policyVersion: z.string(),
    /** True when the shop's mode kept the decision from being carried out. */
    shadow: z.boolean(),
    why: z.string(),
  }),
  "command.proposed": z.strictObject({ ...command, args: commandArgsSchema }),
  "command.planned": z.strictObject({ ...command, args: commandArgsSchema }),
  /** One of two people has agreed; the command waits for the other. */
  "command.approved": z.strictObject({ ...command, approvedBy: z.string() }),
  "command.sent": z.strictObject(command),
  /** It is called for again: its message was lost, its wait is over, or a person sends it once more. */
  "command.retried": z.strictObject({ ...command, attempt: z.int().positive(), why: z.string() }),
  "command.confirmed": z.strictObject(command),
  "command.refused": z.strictObject({ ...command, problem: z.string() }),
  "command.unclear": z.strictObject({ ...command, problem: z.string() }),
  "command.expired": z.strictObject({ ...command, problem: z.string() }),
  /** What we held of the money was not what the channel holds, and nobody had told us. */
  "refund.mismatched": z.strictObject({ ours: moneyFactSchema, theirs: moneyFactSchema }),
  /** The channel, or a payment provider, took money back, or shows less than it had proven. */
  "refund.clawed_back": z.strictObject({ before: moneySchema, after: moneySchema.optional() }),
  "goods.inspected": z.strictObject({
    result: z.string(),
    received: z.int().nonnegative(),
    accepted: z.int().nonnegative(),
    damaged: z.int().nonnegative(),
    missing: z.int().nonnegative(),
  }),
  /** The merchant's finance paid the buyer outside of the channel. */
  "refund.paid_outside": z.strictObject({ amount: moneySchema, reference: z.string() }),
  "task.opened": z.strictObject({ taskId: z.string(), what: z.string(), dueAt: instantSchema.optional() }),
  "task.done": z.strictObject({ taskId: z.string() }),
  /** What leads to a person has been erased from the case, its story and what it is found by. */
  "case.redacted": z.strictObject({ why: z.enum(["customer_asked", "term_ended", "shop_left"]) }),
} as const;

export type NewsName = keyof typeof newsData;
export type NewsOf<N extends NewsName> = { name: N; at: string; data: z.infer<(typeof newsData)[N]> };
/** One fact about a case, with the instant it became true for us. */
export type News = { [N in NewsName]: NewsOf<N> }[NewsName];

export const newsNames = Object.keys(newsData) as [NewsName, ...NewsName[]];

const newsEntry = <N extends NewsName>(name: N) =>
  z.strictObject({ name: z.literal(name), at: instantSchema, data: newsData[name] });

/** Parses stored news; the data must fit its name. */
export const newsSchema = z.discriminatedUnion(
  "name",
  newsNames.map(newsEntry) as [ReturnType<typeof newsEntry>, ...ReturnType<typeof newsEntry>[]],
) as unknown as z.ZodType<News>;
