import type { Payment } from "../contract.ts";

export type Region = "na" | "eu" | "fe";

export interface AmazonShop {
  /** The seller id. */
  id: string;
  name: string;
  region: Region;
  marketplaceId: string;
  currency: string;
  refreshToken: string;
  isAuthorised: boolean;
  /** When the seller last consented. */
  authorisedMs?: number;
  /** Access tokens issued before are over, whatever end they carry. */
  accessEndedMs?: number;
}

/** What the seller's browser brings back to the app. */
export interface Code {
  code: string;
  shopId: string;
  untilMs: number;
}

export interface AppSecrets {
  newest: string;
  before: string;
  beforeUntilMs: number;
}

/** A notification on its way to a queue. */
export interface QueueMessage {
  arn: string;
  body: string;
}

/** An order that has not left and that its buyer wants cancelled. */
export interface CancelRequest {
  shopId: string;
  orderId: string;
  itemId: string;
  sku: string;
  askedMs: number;
  status: "Unshipped" | "Shipped" | "Canceled";
}

/** One type of notification of one seller, sent to one destination. */
export interface Subscription {
  id: string;
  shopId: string;
  type: string;
  destinationId: string;
}

/** Money that went back to the buyer of one item. */
export interface Refund {
  atMs: number;
  principalMinor: number;
  taxMinor: number;
  freightMinor: number;
  /** An A-to-z claim is posted in a list of its own. */
  isClaim: boolean;
  by: Payment["executedBy"];
}

/** A return request with the order line it is about. One line each; several may share an order. */
export interface AmazonReturn {
  /** Order and RMA, which together name a case. */
  key: string;
  shopId: string;
  plan: string;
  seed: number;
  orderId: string;
  rmaId: string;
  itemId: string;
  sku: string;
  asin: string;
  title: string;
  quantity: number;
  /** For all units. */
  principalMinor: number;
  taxMinor: number;
  freightMinor: number;
  orderedMs: number;
  requestedMs: number;
  status: "PendingApproval" | "Approved" | "Closed" | "Completed" | string;
  isInPolicy: boolean;
  reason: string;
  resolution: string;
  trackingId?: string;
  scannedMs?: number;
  deliveredMs?: number;
  claim: "none" | "open" | "granted" | "denied";
  /** What the seller asks back of Amazon. */
  safet?: { claimId: string; filedMs: number; state: "Under review" | "Granted"; amountMinor?: number };
  /** Set where the return is one of External Fulfillment; such a one may stand in the report as well, or not. */
  external?: { returnId: string; inReport: boolean; status: string; updatedMs: number; processedMs?: number };
  refunds: Refund[];
  /** Automated refunds that were due without ours. */
  missedDeadlines: number;
  step?: { index: number; atMs: number };
  stepsTaken: number[];
}

export interface Report {
  reportId: string;
  shopId: string;
  reportType: string;
  marketplaceIds: string[];
  fromMs: number;
  toMs: number;
  createdMs: number;
  doneMs: number;
  /** Set when it is made. */
  status?: "DONE" | "CANCELLED" | "FATAL";
  documentId?: string;
}

export interface Feed {
  feedId: string;
  shopId: string;
  feedType: string;
  inputDocumentId: string;
  createdMs: number;
  doneMs: number;
  /** Decided when it was created, so that a test can say how the next one ends. */
  fate: FeedFate;
  endedMs?: number;
  status?: "DONE" | "FATAL" | "CANCELLED";
  resultDocumentId?: string;
}
export type FeedFate = "DONE" | "FATAL_APPLIED" | "FATAL_NOT_APPLIED" | "CANCELLED";

/** Bytes as base64, with the type they are served under. */
export interface StoredDocument {
  documentId: string;
  shopId: string;
  contentType: string;
  isGzip: boolean;
  base64: string;
}

export function paidMinor({ principalMinor, taxMinor, freightMinor }: Refund | AmazonReturn): number {
  return principalMinor + taxMinor + freightMinor;
}

export function refundedMinor({ refunds }: AmazonReturn): number {
  return refunds.reduce((sum, refund) => sum + paidMinor(refund), 0);
}

export function isOver({ status, refunds }: AmazonReturn): boolean {
  return refunds.length > 0 || status === "Closed" || status === "Completed";
}
