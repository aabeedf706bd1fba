import * as z from "zod";
import { evidenceIdSchema } from "./evidence.ts";
import { instantSchema } from "./instant.ts";
import { moneySchema } from "./money.ts";
import { type CaseState, heldStateSchema } from "./states.ts";

interface ActionFacts {
  /** States the command may start from. */
  from: readonly CaseState[];
  /** States that prove the channel carried it out; empty when the state cannot tell. */
  shownBy: readonly CaseState[];
  /** True when the channel pays because of it: sent once, never repeated on an unclear answer. */
  movesMoney: boolean;
  /** What it pays is of the whole order, of which the case is a part: the connector holds it against the order. */
  paysOrder?: true;
}

const open = ["requested", "approved", "return_in_transit", "received", "refunding", "rejected"] as const;

/** Everything we may ask of a channel. Channels leave out what they cannot do; that becomes a manual task. */
export const actions = {
  agree_refund: {
    // From `refunding` only after the channel reports that the refund failed: the interlock sees to that.
    from: ["requested", "approved", "return_in_transit", "received", "refunding"],
    shownBy: ["refunding", "refunded"],
    movesMoney: true,
  },
  /** Agrees now to what the channel pays by itself once the buyer has sent the delivery away; nothing moves before. */
  agree_refund_if_delivery_refused: { from: ["requested"], shownBy: ["refunding", "refunded"], movesMoney: true },
  agree_return: {
    from: ["requested", "rejected"],
    shownBy: ["approved", "return_in_transit", "received", "refunding", "refunded"],
    movesMoney: false,
  },
  provide_address: { from: ["approved"], shownBy: [], movesMoney: false },
  agree_exchange: {
    from: ["requested", "rejected"],
    shownBy: ["approved", "return_in_transit", "received", "closed"],
    movesMoney: false,
  },
  agree_reissue: { from: ["requested", "rejected"], shownBy: ["approved", "received", "closed"], movesMoney: false },
  agree_repair: {
    from: ["requested", "rejected"],
    shownBy: ["approved", "return_in_transit", "received", "closed"],
    movesMoney: false,
  },
  refuse: { from: ["requested", "return_in_transit", "received"], shownBy: ["rejected", "closed"], movesMoney: false },
  confirm_receipt: {
    from: ["approved", "return_in_transit"],
    shownBy: ["received", "refunding", "refunded", "closed"],
    movesMoney: false,
  },
  ship_replacement: {
    from: ["approved", "return_in_transit", "received"],
    shownBy: ["received", "closed"],
    movesMoney: false,
  },
  /** Enters the parcel by which the goods come back, where the buyer does not: the merchant has them fetched. */
  fill_return_waybill: {
    from: ["approved"],
    shownBy: ["return_in_transit", "received", "refunding", "refunded"],
    movesMoney: false,
  },
  /** Has the carrier turn round what is on its way to the buyer. It may cost, and says nothing of the refund. */
  intercept_parcel: { from: ["requested", "refunding", "rejected"], shownBy: [], movesMoney: false },
  /** Before the order leaves, and before it is charged. */
  cancel_order: { from: ["requested", "rejected"], shownBy: ["closed", "refunded"], movesMoney: false },
  /** Ends the order and pays back all that is left of it. Not while the buyer still waits for an answer or sends back. */
  cancel_and_refund: { from: ["rejected"], shownBy: ["closed"], movesMoney: true, paysOrder: true },
  /** By people: a return is ended, opened again, or taken back before anybody has worked on it. */
  close_return: {
    from: ["approved", "return_in_transit", "received", "refunding", "refunded"],
    shownBy: ["closed"],
    movesMoney: false,
  },
  reopen_return: {
    from: ["closed", "refunded"],
    shownBy: ["approved", "return_in_transit", "received", "refunding"],
    movesMoney: false,
  },
  cancel_return: { from: ["approved", "return_in_transit"], shownBy: ["closed"], movesMoney: false },
  extend_time: { from: open, shownBy: [], movesMoney: false },
  submit_evidence: { from: open, shownBy: [], movesMoney: false },
  message_buyer: { from: open, shownBy: [], movesMoney: false },
  remark: { from: open, shownBy: [], movesMoney: false },
} as const satisfies Record<string, ActionFacts>;

export type Action = keyof typeof actions;
export const actionSchema = z.enum(Object.keys(actions) as [Action, ...Action[]]);

/** The states a command may start from, the states that prove it, and whether money moves. */
export function factsOf(action: Action): ActionFacts {
  return actions[action];
}

/** A piece of evidence: by an address where the channel may read it, or by the id of a file that the case keeps. */
export const evidencePieceSchema = z.union([
  z.strictObject({ kind: z.string(), url: z.url() }),
  /** Given as what it was kept as, unless `kind` says otherwise. */
  z.strictObject({ kind: z.string().optional(), evidenceId: evidenceIdSchema }),
]);

/** What an action needs beyond the case. Each channel checks that what it needs is there. */
export const commandArgsSchema = z.strictObject({
  amount: moneySchema.optional(),
  /** The channel's own id of a return address. */
  addressId: z.string().max(64).optional(),
  reasonCode: z.string().max(64).optional(),
  /** Text the channel shows to the buyer. */
  note: z.string().max(2000).optional(),
  evidence: z.array(evidencePieceSchema).optional(),
  carrier: z.string().max(64).optional(),
  trackingNo: z.string().max(64).optional(),
  /** Whether goods of a cancelled order go back into stock. */
  restock: z.boolean().optional(),
  /** Text for the shop's own people; the buyer does not see it. */
  staffNote: z.string().max(255).optional(),
});
export type CommandArgs = z.infer<typeof commandArgsSchema>;

export const commandStatusSchema = z.enum([
  "proposed",
  "planned",
  "sent",
  "confirmed",
  "refused",
  "unclear",
  "expired",
]);
export type CommandStatus = z.infer<typeof commandStatusSchema>;

const person = z.string().max(128);

/** One request to a channel, from the decision to the proof. `confirmed` means that the channel shows the effect. */
export const commandSchema = z.strictObject({
  commandId: z.string().regex(/^[a-z_]+-\d+$/),
  action: actionSchema,
  args: commandArgsSchema,
  status: commandStatusSchema,
  /** Who or what asked: `policy:<rule>` or `person:<id>`. */
  askedBy: z.string().max(128),
  plannedAt: instantSchema,
  /** The channel version the decision was made on; the channel refuses the write if the case has changed since. */
  decidedOnVersion: z.int().nonnegative(),
  /** Version of the policy in force where a rule asked. */
  policyVersion: z.string().max(40).optional(),
  /** SHA-256 of the facts the decision was made on, and of them what the interlock compares again before the write. */
  factsHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  saw: z
    .strictObject({ state: heldStateSchema, shipped: z.boolean().optional(), claimed: moneySchema.optional() })
    .optional(),
  /** The people who have agreed, and how many must; a person who asks has agreed. */
  approvedBy: z.array(person).max(4).optional(),
  approvalsNeeded: z.int().min(0).max(2).optional(),
  /** How often it has been sent, and how often its sending was called for. */
  tries: z.int().nonnegative().optional(),
  wakes: z.int().nonnegative().optional(),
  /** When somebody must look at it again if nothing has happened to it; see attend.ts. */
  attendAt: instantSchema.optional(),
  /** Why a planned command waits. */
  heldBecause: z.enum(["rate_limited", "channel_unavailable", "pace", "quiet_hours", "parked", "backoff"]).optional(),
  sentAt: instantSchema.optional(),
  /** Who marked it: two workers that mark in the same millisecond would else write the same, and both think they won. */
  claim: z.string().max(64).optional(),
  /** When the channel said that it took it, and nothing showed yet. */
  acceptedAt: instantSchema.optional(),
  /** The channel's own name for it, where it carries writes out later. */
  channelReference: z.string().max(128).optional(),
  /** The last reading of the case after an unclear answer, and when a person must take over. */
  readAt: instantSchema.optional(),
  settleBy: instantSchema.optional(),
  settledAt: instantSchema.optional(),
  /** Error code and the channel's own words when refused or unclear. */
  problem: z.string().max(500).optional(),
});
export type Command = z.infer<typeof commandSchema>;
export type HeldBecause = NonNullable<Command["heldBecause"]>;

/** Whether a person asked, and not a rule. */
export function isByPerson({ askedBy }: Pick<Command, "askedBy">): boolean {
  return askedBy.startsWith("person:");
}

export function isOpen(command: Pick<Command, "status">): boolean {
  return ["proposed", "planned", "sent", "unclear"].includes(command.status);
}
