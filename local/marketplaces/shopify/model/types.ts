/** What the platform remembers. Everything here is JSON; ids are digit strings, because many exceed 2^53. */

export type ReturnStatus = "REQUESTED" | "OPEN" | "CLOSED" | "DECLINED" | "CANCELED";
export type TransactionStatus = "SUCCESS" | "PENDING" | "FAILURE" | "ERROR" | "AWAITING_RESPONSE" | "UNKNOWN";
export type DispositionType = "RESTOCKED" | "NOT_RESTOCKED" | "PROCESSING_REQUIRED" | "MISSING";
export type DisputeStatus =
  | "NEEDS_RESPONSE"
  | "UNDER_REVIEW"
  | "ACCEPTED"
  | "WON"
  | "LOST"
  | "PREVENTED"
  | "CHARGE_REFUNDED";
/** Who acts: an app through the API, the merchant's staff in the admin, the buyer, or the platform itself. */
export type Actor = "api" | "staff" | "buyer" | "platform";
/** How the payment provider answers a refund: at once, later, refuses the first one, or refuses every one. */
export type RefundBehaviour = "instant" | "pending" | "fails_once" | "fails";

export interface Shop {
  /** `{name}.myshopify.com`, the id on the wire. */
  domain: string;
  name: string;
  id: string;
  currency: string;
  /** What buyers see and pay in. Another one than `currency` makes every amount a pair. */
  presentmentCurrency: string;
  plan: "standard" | "advanced" | "plus" | "enterprise";
  /** Access scopes granted to the app; empty before installation and after removal. */
  scopes: string[];
  isInstalled: boolean;
  /** Whether the app may read the buyer's name, address, e-mail and phone. */
  mayReadPersonalData: boolean;
  /** Not `active`: the API answers 402, 403 or 423. */
  state: "active" | "frozen" | "forbidden" | "locked";
  locationId: string;
  ordersMade: number;
}

export interface OrderLine {
  id: string;
  /** Absent while the line has not been shipped; only shipped lines can go into a return. */
  fulfillmentLineId?: string;
  sku: string;
  title: string;
  variantTitle: string;
  productId: string;
  variantId: string;
  quantity: number;
  unitMinor: number;
  refundedQuantity: number;
}

export interface Transaction {
  id: string;
  kind: "SALE" | "REFUND";
  status: TransactionStatus;
  gateway: string;
  amountMinor: number;
  parentId?: string;
  createdAt: string;
  processedAt?: string;
  errorCode?: string;
  by: Actor;
}

export interface ReturnLine {
  id: string;
  orderLineId: string;
  quantity: number;
  processed: number;
  refunded: number;
  reason: string;
  customerNote?: string;
  reasonNote: string;
  restocking?: { id: string; percentage: number };
}

export interface ExchangeLine {
  id: string;
  quantity: number;
  processed: number;
  variantId: string;
  productId: string;
  title: string;
  sku: string;
  variantTitle: string;
  unitMinor: number;
  /** Order lines that processing created. */
  orderLineIds: string[];
}

export interface Disposition {
  id: string;
  type: DispositionType;
  quantity: number;
  createdAt: string;
  locationId?: string;
}

export interface ReverseDelivery {
  id: string;
  label?: { url: string; createdAt: string; updatedAt: string };
  tracking?: { number?: string; carrierName?: string; url?: string };
  lines: { id: string; reverseLineId: string; quantity: number }[];
}

export interface ReverseOrder {
  id: string;
  status: "OPEN" | "CLOSED" | "CANCELED";
  lines: { id: string; returnLineId: string; quantity: number; dispositions: Disposition[] }[];
  deliveries: ReverseDelivery[];
  thirdPartyStatus?: string;
}

export interface Return {
  id: string;
  name: string;
  status: ReturnStatus;
  createdAt: string;
  approvedAt?: string;
  closedAt?: string;
  decline?: { reason: string; note?: string };
  lines: ReturnLine[];
  exchanges: ExchangeLine[];
  shippingFees: { id: string; amountMinor: number }[];
  reverseOrders: ReverseOrder[];
}

export interface Refund {
  id: string;
  returnId?: string;
  createdAt: string;
  processedAt: string;
  note?: string;
  lines: { id: string; orderLineId: string; quantity: number; restockType: string; locationId?: string }[];
  shippingMinor: number;
  transactionIds: string[];
  by: Actor;
}

export interface Dispute {
  id: string;
  status: DisputeStatus;
  type: "INQUIRY" | "CHARGEBACK";
  amountMinor: number;
  initiatedAt: string;
  evidenceDueBy?: string;
  evidenceSentOn?: string;
  finalizedOn?: string;
  reason: string;
  networkReasonCode: string;
  evidence: {
    id: string;
    submitted: boolean;
    texts: Record<string, string>;
    /** Global ids of uploads, by the field that shows them. */
    files: Record<string, string>;
    uploads?: { id: string; name: string; mediaType: string; documentType: string; bytes: number; sha256: string }[];
  };
  /** What the bank will decide, told to nobody before. */
  verdict: "WON" | "LOST";
  hasMissedDueDate: boolean;
}

export interface Buyer {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  address1: string;
  city: string;
  zip: string;
  countryCode: string;
  locale: string;
}

/** An order with all that hangs on it: the unit that is saved. */
export interface Order {
  id: string;
  shop: string;
  number: number;
  createdAt: string;
  updatedAt: string;
  cancelledAt?: string;
  cancelReason?: string;
  cancelJobId?: string;
  currency: string;
  presentmentCurrency: string;
  /** Shop currency per unit of presentment currency. */
  rate: number;
  /** Absent for a guest checkout. */
  buyer?: Buyer;
  lines: OrderLine[];
  shippingMinor: number;
  fulfilledAt?: string;
  transactions: Transaction[];
  returns: Return[];
  refunds: Refund[];
  disputes: Dispute[];
  refundBehaviour: RefundBehaviour;
  /** Objects created so far, for deterministic ids. */
  made: number;
  script: Script;
}

/** How far a plan has come. `dueAtMs` is the instant of the next step, absent while it waits for someone. */
export interface Script {
  plan: string;
  seed: number;
  step: number;
  dueAtMs?: number;
  isDone: boolean;
}

/** Something the platform will do by itself. */
export interface Job {
  id: string;
  atMs: number;
  orderId: string;
  what: "settle_transaction" | "finish_cancel" | "evidence_due" | "decide_dispute";
  objectId: string;
}
