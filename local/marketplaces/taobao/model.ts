import type { Payment } from "../contract.ts";

/** What a case is about; `typeWords` has the platform's own names. */
export const kinds = ["refund", "return", "exchange", "reissue", "repair", "freight", "price"] as const;
export type Kind = (typeof kinds)[number];

/** Where a case is. Refunds and exchanges spell these differently on the wire: see wording.ts. */
export const nodes = [
  "pending",
  "address_owed",
  "buyer_returns",
  "returned",
  "to_ship",
  "shipped",
  "refused",
  "done",
  "closed",
  "converted",
] as const;
export type Node = (typeof nodes)[number];

export interface Parcel {
  company: string;
  number: string;
  atMs: number;
}

/** One after-sales case, as the platform remembers it. Money in fen, times in epoch milliseconds. */
export interface TaobaoCase {
  id: string;
  shopId: string;
  plan: string;
  seed: number;
  kind: Kind;
  /** A status nobody documents stands beside the node, for the days when the platform adds one. */
  node: Node;
  strangeStatus?: string;
  csStatus: number;
  advanceStatus: number;
  constraint: string;
  /** Echoed by whoever writes; grows with every change. */
  version: number;
  createdMs: number;
  modifiedMs: number;
  /** 0 while no clock runs. */
  timeoutMs: number;
  endMs: number;
  refundFee: number;
  reason: string;
  desc: string;
  hasReceived: boolean;
  address: string;
  returnParcel?: Parcel;
  replacement?: Parcel;
  /** What the seller's warehouse has uploaded, in the assistant's numbers. */
  returnSlip?: { status: number; conditions: number[] };
  order: TaobaoOrder;
  messages: { id: string; role: "1" | "2" | "3"; content: string; atMs: number }[];
  /** Set between the consent and the money. */
  moneyAtMs?: number;
  consentBy?: Payment["executedBy"];
  settledFen: number;
  stepsTaken: number[];
  step?: { index: number; atMs: number };
  missedDeadlines: number;
}

export interface TaobaoOrder {
  tid: string;
  oid: string;
  tradeType: "guarantee_trade" | "auto_delivery" | "cod";
  title: string;
  num: number;
  numIid: string;
  outerId: string;
  sku: string;
  paidFen: number;
  isShipped: boolean;
  /** Finished trades have their cases in the phase `aftersale`. */
  isFinished: boolean;
}

export interface SellerAddress {
  contactId: string;
  name: string;
  province: string;
  city: string;
  district: string;
  street: string;
  zip: string;
  phone: string;
  mobile: string;
  isReturnDefault: boolean;
}

export interface TaobaoShop {
  id: string;
  nick: string;
  kind: "tmall" | "taobao";
  openUid: string;
  addresses: SellerAddress[];
  isAuthorised: boolean;
  tokens?: Tokens;
  /** Whether the shop's messages go to our app; `topics` empty means all of the app's. */
  permit?: { topics: string[] };
  messageGroup: string;
  /** Agreeing to refunds asks for the code sent to the seller's phone. */
  wantsSmsCode: boolean;
  /** Has joined the after-sales assistant. */
  hasAliGenius: boolean;
}

export interface Tokens {
  access: string;
  refresh: string;
  issued: number;
  accessEndsMs: number;
  refreshEndsMs: number;
  /** Write permission of level 2 may end long before the token. */
  w2EndsMs: number;
  /** Only a sub-account may agree to refunds. */
  isSubAccount: boolean;
}

export const isOver = ({ node }: TaobaoCase): boolean => ["done", "closed", "converted"].includes(node);
export const isDisputed = ({ csStatus }: TaobaoCase): boolean => [2, 3, 4, 5, 10, 11].includes(csStatus);
export const paysBack = ({ kind }: TaobaoCase): boolean => ["refund", "return", "freight", "price"].includes(kind);
export const comesBack = ({ kind }: TaobaoCase): boolean => ["return", "exchange", "repair"].includes(kind);
