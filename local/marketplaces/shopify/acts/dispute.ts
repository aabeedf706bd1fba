import { nextId } from "../model/ids.ts";
import type { Dispute, Order } from "../model/types.ts";
import { disputeBody } from "../webhooks/refund-bodies.ts";
import { type Outcome, refused, stamp, type Turn, touch } from "./turn.ts";

const dayMs = 24 * 60 * 60_000;

export interface DisputeWish {
  type: "INQUIRY" | "CHARGEBACK";
  amountMinor: number;
  reason: string;
  networkReasonCode: string;
  /** Whole days from now until the evidence has to be there. */
  dueInDays: number;
  verdict: "WON" | "LOST";
}

export function openDispute(turn: Turn, order: Order, wish: DisputeWish): Dispute {
  const { dueInDays, ...rest } = wish;
  const dueMs = turn.now.getTime() + dueInDays * dayMs;
  const dispute: Dispute = {
    ...rest,
    id: nextId(order, "ShopifyPaymentsDispute"),
    status: "NEEDS_RESPONSE",
    initiatedAt: stamp(turn.now),
    evidenceDueBy: stamp(new Date(dueMs)),
    evidence: { id: nextId(order, "ShopifyPaymentsDisputeEvidence"), submitted: false, texts: {}, files: {} },
    hasMissedDueDate: false,
  };
  order.disputes.push(dispute);
  touch(turn, order);
  turn.announce("disputes/create", order, disputeBody(order, dispute));
  turn.later({ atMs: dueMs, orderId: order.id, what: "evidence_due", objectId: dispute.id });
  return dispute;
}

export function updateEvidence(
  turn: Turn,
  order: Order,
  dispute: Dispute,
  { texts, files, submit }: { texts: Record<string, string>; files: Record<string, string | null>; submit: boolean },
): Outcome<Dispute> {
  const { evidence } = dispute;
  if (evidence.submitted) return refused("EVIDENCE_ALREADY_ACCEPTED", ["id"], "The evidence was submitted before.");
  const isLate = dispute.evidenceDueBy !== undefined && turn.now.getTime() > Date.parse(dispute.evidenceDueBy);
  if (isLate || dispute.status !== "NEEDS_RESPONSE") {
    return refused("EVIDENCE_PAST_DUE_DATE", ["id"], "The time for evidence is over.");
  }
  Object.assign(evidence.texts, texts);
  for (const [kind, fileId] of Object.entries(files)) {
    if (fileId === null) delete evidence.files[kind];
    else evidence.files[kind] = fileId;
  }
  if (submit) {
    evidence.submitted = true;
    dispute.status = "UNDER_REVIEW";
    dispute.evidenceSentOn = stamp(turn.now);
    turn.announce("disputes/update", order, disputeBody(order, dispute));
    turn.later({
      atMs: turn.now.getTime() + 3 * dayMs,
      orderId: order.id,
      what: "decide_dispute",
      objectId: dispute.id,
    });
  }
  touch(turn, order);
  return { value: dispute };
}

/** No answer in time loses the dispute. */
export function passDueDate(turn: Turn, order: Order, dispute: Dispute): void {
  if (dispute.status !== "NEEDS_RESPONSE") return;
  dispute.hasMissedDueDate = true;
  finish(turn, order, dispute, "LOST");
}

/** The bank decides, by the verdict the plan had in store. */
export function decideDispute(turn: Turn, order: Order, dispute: Dispute): void {
  if (dispute.status === "UNDER_REVIEW") finish(turn, order, dispute, dispute.verdict);
}

function finish(turn: Turn, order: Order, dispute: Dispute, status: Dispute["status"]): void {
  dispute.status = status;
  dispute.finalizedOn = stamp(turn.now);
  delete dispute.evidenceDueBy;
  touch(turn, order);
  turn.announce("disputes/update", order, disputeBody(order, dispute));
}
