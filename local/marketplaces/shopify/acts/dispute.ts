import { createHash } from "node:crypto";
import { gid, nextId } from "../model/ids.ts";
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
    evidence: {
      id: nextId(order, "ShopifyPaymentsDisputeEvidence"),
      submitted: false,
      texts: {},
      files: {},
      uploads: [],
    },
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
  const attached = (evidence.uploads ?? []).filter((each) =>
    Object.values({ ...evidence.files, ...files }).includes(gid("ShopifyPaymentsDisputeFileUpload", each.id)),
  );
  for (const [field, fileId] of Object.entries(files)) {
    if (fileId !== null && !attached.some(({ id }) => gid("ShopifyPaymentsDisputeFileUpload", id) === fileId)) {
      return refused("FILE_NOT_FOUND", ["input", field], "There is no such file.");
    }
  }
  if (attached.reduce((sum, { bytes }) => sum + bytes, 0) > filesAtMost) {
    return refused("FILES_SIZE_EXCEEDED_LIMIT", ["input"], "The files are too large together.");
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

export interface UploadWish {
  documentType: string;
  name: string;
  mediaType: string;
  bytes: Buffer;
}

const fileAtMost = 2 * 1024 * 1024;
const filesAtMost = 4_000_000;
const mediaTypes: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  "application/pdf": (bytes) => bytes.subarray(0, 5).toString("latin1") === "%PDF-",
  "image/jpeg": (bytes) => bytes.subarray(0, 3).toString("hex") === "ffd8ff",
  "image/png": (bytes) => bytes.subarray(0, 8).toString("hex") === "89504e470d0a1a0a",
};
const documentTypes = new Set(
  ["cancellation_policy", "customer_communication", "refund_policy", "service_documentation"]
    .concat("shipping_documentation", "uncategorized")
    .map((each) => `${each}_file`),
);

/** A file is there for the dispute; the bank is shown it once the evidence names it. */
export function uploadFile(turn: Turn, order: Order, dispute: Dispute, wish: UploadWish): Outcome<{ id: string }> {
  const { documentType, name, mediaType, bytes } = wish;
  if (!documentTypes.has(documentType)) return refused("INVALID", ["document_type"], "is not included in the list");
  if (name === "") return refused("BLANK", ["filename"], "can't be blank");
  const isKind = Object.hasOwn(mediaTypes, mediaType) ? mediaTypes[mediaType] : undefined;
  if (!isKind?.(bytes)) return refused("INVALID", ["mimetype"], "is not a PDF, JPEG or PNG file");
  if (bytes.length > fileAtMost) return refused("TOO_LARGE", ["data"], "is too large");
  const id = nextId(order, "ShopifyPaymentsDisputeFileUpload");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const uploaded = { id, name, mediaType, documentType, bytes: bytes.length, sha256 };
  dispute.evidence.uploads = [...(dispute.evidence.uploads ?? []), uploaded];
  touch(turn, order);
  return { value: { id } };
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
