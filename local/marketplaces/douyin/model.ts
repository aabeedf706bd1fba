import type { Payment } from "../contract.ts";

/** What the platform keeps of a case. Ids are digits in text; times are epoch seconds unless the name says `Ms`. */
export interface DouyinCase {
  id: string;
  shopId: string;
  plan: string;
  seed: number;
  type: number;
  status: number;
  /** 1 to be refunded, 2 refunding, 3 refunded, 4 failed, 5 recovered. */
  refundStatus: number;
  refundAmount: number;
  refundPostAmount: number;
  realRefundAmount: number;
  refundTime: number;
  refundFailReason: string;
  applyTime: number;
  updateTime: number;
  /** End of the current node; 0 when nobody is on the clock. */
  statusDeadline: number;
  finalTime: number;
  quantity: number;
  gotPackage: boolean;
  isPartial: boolean;
  reasonCode: number;
  reason: string;
  reasonRemark: string;
  evidence: string[];
  agreeRefuseSign: number;
  autoAuditBits: number[];
  /** Which robot acted, in the numbers of List; 0 for none. */
  robot: number;
  returnAddressId: string;
  returnParcel?: Parcel;
  replacementParcel?: Parcel;
  repairType: number;
  arbitration?: Arbitration;
  remarks: { text: string; time: number }[];
  log: { operator: string; role: number; time: number; text: string }[];
  order: DouyinOrder;
  /** Only a person in the merchant console may operate on it. */
  isManualOnly: boolean;
  /** Refund attempts that will fail before one succeeds. */
  failuresAhead: number;
  consentBy?: Payment["executedBy"];
  /** When the money takes its next step. */
  moneyAtMs?: number;
  /** When the robot, the buyer or the staff of the plan take their next step. */
  step?: { index: number; atMs: number };
  stepsTaken: number[];
  missedDeadlines: number;
}

export interface DouyinOrder {
  orderId: string;
  lineId: string;
  productId: string;
  skuId: string;
  productName: string;
  skuCode: string;
  quantity: number;
  payAmount: number;
  postAmount: number;
  createTime: number;
  /** 2 preparing, 3 shipped, 4 cancelled, 5 done. */
  status: number;
  parcel?: Parcel & { state: number };
}

export interface Parcel {
  trackingNo: string;
  companyCode: string;
  companyName: string;
  time: number;
}

export interface Arbitration {
  round: number;
  /** 1 in progress, 2 for the buyer, 3 for the seller, 4 seller's evidence due, 5 negotiation, 255 cancelled. */
  status: number;
  isEvidenceRequired: boolean;
  /** 0 for none. */
  deadline: number;
  opinion: string;
  conclusion: number;
  blame: number;
  createTime: number;
  updateTime: number;
  evidence?: { images: string[]; text: string };
}

export interface DouyinShop {
  id: string;
  name: string;
  addresses: ReturnAddress[];
  /** False once the merchant has withdrawn the grant. */
  isAuthorised: boolean;
  tokens?: Tokens;
  /** Whether the helper that refunds when a shipment was stopped, or goods were booked in, is switched on. */
  refundHelper: { onShipmentStopped: boolean; onGoodsBookedIn: boolean };
}

export interface Tokens {
  access: string;
  refresh: string;
  issued: number;
  accessEndsMs: number;
  refreshEndsMs: number;
  before?: { access: string; refresh: string; endsMs: number; replacedMs: number; wasRaced: boolean };
}

export interface ReturnAddress {
  id: string;
  name: string;
  isDefault: boolean;
  isSendDefault: boolean;
  createTime: number;
  province: Region;
  city: Region;
  district: Region;
  street: Region;
  detail: string;
  phone: string;
  remark: string;
}

export interface Region {
  id: string;
  name: string;
}

export const caseTypes = {
  returnAndRefund: 0,
  refundShipped: 1,
  refundUnshipped: 2,
  exchange: 3,
  priceProtection: 6,
  reissue: 7,
  repair: 8,
} as const;

export const isArbitrationOpen = ({ arbitration }: DouyinCase): boolean =>
  arbitration !== undefined && [1, 4, 5].includes(arbitration.status);
