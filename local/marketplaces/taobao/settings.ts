const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What the simulator assumes where the platform publishes no figure. README.md says how sure each of these is. */
export interface TaobaoSettings {
  /** Multiplies the time that buyers, carriers and staff take for their next step. */
  pace: number;
  appKey: string;
  appSecret: string;
  /** How far a request's `timestamp` may be from the platform's time, either way. */
  timestampToleranceMs: number;
  /** Flow control of the app on each call: refill rate and size, the length of a ban, and the quota of a day in China. */
  callsPerSecond: number;
  callsAtOnce: number;
  banMs: number;
  callsPerDay: number;
  /** Life of a token, and of its renewal; 0 means that it cannot be renewed. */
  accessTokenLifeMs: number;
  refreshLifeMs: number;
  /** First answer of the seller, by what is asked for. */
  unshippedMs: number;
  shippedRefundMs: number;
  pendingMs: number;
  buyerReturnMs: number;
  confirmMs: number;
  refusedMs: number;
  shipReplacementMs: number;
  buyerConfirmMs: number;
  addressMs: number;
  evidenceMs: number;
  /** From consent to the money being with the buyer. */
  refundArrivesMs: number;
  /** How long the message queue keeps what nobody confirmed, and after how long it gives it out again. */
  messageLifeMs: number;
  messageHiddenMs: number;
  /** Until a change becomes visible in the lists; during promotions it has been ten minutes. */
  listLagMs: number;
}

export const defaultSettings: TaobaoSettings = {
  pace: 1,
  appKey: "33445566",
  appSecret: "5eed0000ba0ba05eed0000ba0ba00000",
  timestampToleranceMs: 10 * minute,
  callsPerSecond: 40,
  callsAtOnce: 80,
  banMs: second,
  callsPerDay: 1_000_000,
  accessTokenLifeMs: 365 * day,
  refreshLifeMs: 0,
  unshippedMs: day,
  shippedRefundMs: 36 * hour,
  pendingMs: 2 * day,
  buyerReturnMs: 7 * day,
  confirmMs: 10 * day,
  refusedMs: 5 * day,
  shipReplacementMs: 3 * day,
  buyerConfirmMs: 10 * day,
  addressMs: 2 * day,
  evidenceMs: 3 * day,
  refundArrivesMs: 20 * second,
  messageLifeMs: day,
  messageHiddenMs: 10 * minute,
  listLagMs: 0,
};
