import * as z from "zod";
import { instantSchema } from "./instant.ts";
import { ladderOf, rungSchema } from "./rung.ts";
import type { CaseState, HeldState } from "./states.ts";
import type { DisputeStatus } from "./vocabulary.ts";

type Owner = "merchant" | "buyer";
interface DeadlineKindFacts {
  /** Who loses when it runs out. Only the merchant's deadlines escalate. */
  owner: Owner;
  /** States in which the clock runs; leaving them settles the deadline. */
  runsIn: readonly CaseState[];
  /** Set where the clock follows the dispute, not the state. */
  runsInDispute?: readonly DisputeStatus[];
  /** Set where it is about what the merchant may still ask of the platform once the case is over. */
  afterEnd?: true;
  /** Set where no fact of a channel shows the answer: its end is warned of, and never called missed. */
  unseen?: true;
}

/** Every clock the model knows. */
export const deadlineKinds = {
  respond: { owner: "merchant", runsIn: ["requested"] },
  // The merchant's own promises, each beside the platform's clock and never in its place.
  first_response: { owner: "merchant", runsIn: ["requested"] },
  review: { owner: "merchant", runsIn: ["requested", "rejected"] },
  provide_address: { owner: "merchant", runsIn: ["approved"] },
  buyer_return: { owner: "buyer", runsIn: ["approved"] },
  confirm_receipt: { owner: "merchant", runsIn: ["return_in_transit"] },
  inspect: { owner: "merchant", runsIn: ["received"] },
  pay: { owner: "merchant", runsIn: ["received", "refunding"] },
  refund: { owner: "merchant", runsIn: ["received", "refunding"] },
  ship_replacement: { owner: "merchant", runsIn: ["received", "approved"] },
  buyer_confirm: { owner: "buyer", runsIn: ["received", "approved"] },
  evidence: { owner: "merchant", runsIn: [], runsInDispute: ["evidence_due", "negotiating"] },
  buyer_appeal: { owner: "buyer", runsIn: ["rejected"] },
  appeal: { owner: "merchant", runsIn: [], runsInDispute: ["decided_for_buyer"], afterEnd: true, unseen: true },
  claim_back: { owner: "merchant", runsIn: ["refunded"], afterEnd: true },
} as const satisfies Record<string, DeadlineKindFacts>;

export type DeadlineKind = keyof typeof deadlineKinds;
export const deadlineKindSchema = z.enum(Object.keys(deadlineKinds) as [DeadlineKind, ...DeadlineKind[]]);

/** What the channel does when nobody answers in time. */
export const onExpirySchema = z.enum([
  "auto_approve",
  "auto_refund",
  "auto_close",
  "auto_confirm",
  "penalty",
  "right_lost",
  "unknown",
]);
export type OnExpiry = z.infer<typeof onExpirySchema>;

/** A: the channel's or the law's own words. B: somebody else's. C: an estimate; it warns, and no rule acts on it. */
export const confidenceSchema = z.enum(["A", "B", "C"]);
export type Confidence = z.infer<typeof confidenceSchema>;

/** Where a due time comes from: a field of the payload, a published rule with its link and date, or the tenant. */
export const deadlineSourceSchema = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("channel"), field: z.string() }),
  z.strictObject({
    from: z.literal("policy"),
    policyId: z.string(),
    link: z.string(),
    readOn: z.iso.date(),
    confidence: confidenceSchema,
  }),
  z.strictObject({ from: z.literal("tenant"), rule: z.string() }),
]);

/** A deadline as an observation states it. */
export const statedDeadlineSchema = z.strictObject({
  kind: deadlineKindSchema,
  dueAt: instantSchema,
  source: deadlineSourceSchema,
  onExpiry: onExpirySchema,
});
export type StatedDeadline = z.infer<typeof statedDeadlineSchema>;

/** What a channel states in the place of a due time, kept as it came. The kind is absent where nobody can tell. */
export const unreadableDeadlineSchema = z.strictObject({
  kind: deadlineKindSchema.optional(),
  field: z.string().max(64),
  raw: z.string().max(100),
});
export type UnreadableDeadline = z.infer<typeof unreadableDeadlineSchema>;

/**
 * A deadline as a case holds it. `missed` stays visible; a settled one leaves with the state it belonged to. Whether it
 * stands still at the moment is not kept but asked of the pauses, so that no timer is needed to end one.
 */
export const deadlineSchema = statedDeadlineSchema.extend({
  /** When the clock started for us: the first reading of this due time. Rungs are shares of the time from here. */
  startedAt: instantSchema,
  status: z.enum(["running", "missed"]),
  /** Rungs already announced, so that a repeated timer announces nothing twice. */
  announced: z.array(rungSchema),
  /** The rungs and their instants where they are not the usual three: the tenant's own, or moved out of a pause. */
  ladder: z.array(z.strictObject({ rung: rungSchema, at: instantSchema })).optional(),
  /**
   * The tenant's rule that may answer before the end, and when it next tries. `told` once a person knows that it could
   * not, `done` once it has answered or given up.
   */
  act: z
    .strictObject({ rule: z.string(), at: instantSchema, done: z.boolean(), told: z.literal(true).optional() })
    .optional(),
});
export type Deadline = z.infer<typeof deadlineSchema>;

/** Whether a clock of this kind runs on a case in this state and dispute. Unknown states keep clocks running. */
export function runs(kind: DeadlineKind, state: HeldState, dispute: DisputeStatus | "unknown"): boolean {
  const facts: DeadlineKindFacts = deadlineKinds[kind];
  if (facts.runsInDispute) return dispute === "unknown" || facts.runsInDispute.includes(dispute);
  return state === "unknown" || facts.runsIn.includes(state);
}

/** True when missing this deadline costs the merchant. */
export function isMerchants(kind: DeadlineKind): boolean {
  return deadlineKinds[kind].owner === "merchant";
}

/** Whether a clock of this kind may run on a case that is over. */
export function runsAfterEnd(kind: DeadlineKind): boolean {
  const { afterEnd }: DeadlineKindFacts = deadlineKinds[kind];
  return afterEnd === true;
}

/** Whether the end of such a clock, with nothing to show that it was answered, is the merchant's miss. */
export function canBeMissed(kind: DeadlineKind): boolean {
  const { owner, unseen }: DeadlineKindFacts = deadlineKinds[kind];
  return owner === "merchant" && !unseen;
}

/** The next instant at which something must happen about this deadline, or undefined when nothing is left to do. */
export function nextAttentionAt(deadline: Deadline): string | undefined {
  if (deadline.status !== "running") return undefined;
  if (!isMerchants(deadline.kind)) return deadline.dueAt;
  const { act, announced, dueAt } = deadline;
  const open = ladderOf(deadline).filter(({ rung }) => !announced.includes(rung));
  return [...open.map(({ at }) => at), ...(act && !act.done ? [act.at] : []), dueAt].sort()[0];
}
