import type { Payment } from "../contract.ts";

/** Who moves a case; the ledger and the case's log name them. */
export type Mover = Payment["executedBy"] | "buyer";

interface Common {
  /** `ticket-<id>` or `refund-<id>`. */
  key: string;
  shopId: string;
  plan: string;
  seed: number;
  orderId: string;
  applyMs: number;
  /** Last change, and the start of the clock of the present status. */
  updateMs: number;
  clockStartMs: number;
  /** The clock ran out and nothing is known to follow. */
  clockStopped: boolean;
  missedDeadlines: number;
  step?: { index: number; atMs: number };
  stepsTaken: number[];
}

export interface JdTicket extends Common {
  family: "ticket";
  serviceId: string;
  applyId: string;
  applyDetailId: string;
  lineId: string;
  skuId: string;
  wareName: string;
  /** `customerExpect` and `expectPickwareType`. */
  expect: number;
  expectPickware: number;
  pickware?: number;
  status: number;
  sysVersion: number;
  pricePaidFen: number;
  reason: { cid1: number; name1: string; cid2: number; name2: string };
  approve?: { result: number; by: string; notes: string; atMs: number; reasonCid1: number };
  process?: { result: number; name: string; by: string; atMs: number };
  receivedMs?: number;
  parcel?: { expressCode: string; company: string; shipWayId: number; atMs: number; arrivedMs?: number };
  replacement?: { expressCode: string; company: string };
  refunds: TicketRefund[];
  isDisputed: boolean;
  log: { by: Mover; atMs: number; text: string }[];
}

/** One accepted refund. Whoever has two accepted is paid twice. */
export interface TicketRefund {
  afsRefundId: string;
  amountFen: number;
  by: Payment["executedBy"];
  showsAtMs: number;
  paysAtMs: number;
  isShown: boolean;
  paidMs?: number;
}

export interface JdRefund extends Common {
  family: "refund";
  id: string;
  skuId: string;
  skuName: string;
  quantity: number;
  amountFen: number;
  isShipped: boolean;
  /** A parcel on its way can be stopped, or not. */
  interceptFails: boolean;
  systemId: number;
  reason: string;
  status: number;
  checkMs?: number;
  checkUserName?: string;
  checkRemark?: string;
  agreedBy?: Payment["executedBy"];
  /** When the intercept is decided, and when the money arrives. */
  interceptAtMs?: number;
  paysAtMs?: number;
}

export type JdCase = JdTicket | JdRefund;

export interface JdShop {
  id: string;
  name: string;
  xid: string;
  isAuthorised: boolean;
  token?: { access: string; refresh: string; issued: number; endsMs: number };
  addresses: { id: string; contact: string; phone: string; zipCode: string; place: string; areaId: string }[];
}

export const auditStatuses: readonly number[] = [10000, 10001, 10012, 10013];
export const processStatuses: readonly number[] = [10006, 10007];
/** What the buyer wants ends in money. */
export const moneyExpects: readonly number[] = [10, 11, 90, 100];
