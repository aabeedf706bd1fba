import * as z from "zod";
import { instantSchema } from "./instant.ts";
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
}

/** Every clock the model knows. */
export const deadlineKinds = {
  respond: { owner: "merchant", runsIn: ["requested"] },
  provide_address: { owner: "merchant", runsIn: ["approved"] },
  buyer_return: { owner: "buyer", runsIn: ["approved"] },
  confirm_receipt: { owner: "merchant", runsIn: ["return_in_transit"] },
  inspect: { owner: "merchant", runsIn: ["received"] },
  refund: { owner: "merchant", runsIn: ["received", "refunding"] },
  ship_replacement: { owner: "merchant", runsIn: ["received", "approved"] },
  buyer_confirm: { owner: "buyer", runsIn: ["received", "approved"] },
  evidence: { owner: "merchant", runsIn: [], runsInDispute: ["evidence_due", "negotiating"] },
  buyer_appeal: { owner: "buyer", runsIn: ["rejected"] },
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
  "unknown",
]);
export type OnExpiry = z.infer<typeof onExpirySchema>;

/** Where a due time comes from: a field of the payload, a published rule with its link and date, or the tenant. */
export const deadlineSourceSchema = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("channel"), field: z.string() }),
  z.strictObject({ from: z.literal("policy"), policyId: z.string(), link: z.string(), readOn: z.iso.date() }),
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

/** The steps of the escalation ladder that lie before the end: shares of the time given, and the last hour. */
export const rungs = ["half", "four_fifths", "last_hour"] as const;
export const rungSchema = z.enum(rungs);
export type Rung = z.infer<typeof rungSchema>;

/** A deadline as a case holds it. `missed` stays visible; a settled one leaves with the state it belonged to. */
export const deadlineSchema = statedDeadlineSchema.extend({
  /** When the clock started for us: the first reading of this due time. Rungs are shares of the time from here. */
  startedAt: instantSchema,
  status: z.enum(["running", "missed"]),
  /** Rungs already announced, so that a repeated timer announces nothing twice. */
  announced: z.array(rungSchema),
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

/** The instant at which a rung is due. A last hour longer than the whole time given counts from the start. */
export function rungDueAt({ startedAt, dueAt }: Pick<Deadline, "startedAt" | "dueAt">, rung: Rung): string {
  const start = Date.parse(startedAt);
  const end = Date.parse(dueAt);
  const shares = { half: 0.5, four_fifths: 0.8 };
  const at = rung === "last_hour" ? Math.max(start, end - 3_600_000) : start + (end - start) * shares[rung];
  return new Date(Math.min(at, end)).toISOString();
}

/** The next instant at which something must happen about this deadline, or undefined when nothing is left to do. */
export function nextAttentionAt(deadline: Deadline): string | undefined {
  if (deadline.status !== "running") return undefined;
  if (!isMerchants(deadline.kind)) return deadline.dueAt;
  const open = rungs.filter((rung) => !deadline.announced.includes(rung)).map((rung) => rungDueAt(deadline, rung));
  return [...open, deadline.dueAt].sort()[0];
}
