const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What the simulator assumes where the platform publishes no figure. README.md says how sure each of these is. */
export interface JdSettings {
  appKey: string;
  appSecret: string;
  timestampToleranceMs: number;
  tokenLifeMs: number;
  /** Only so long before its end can a token be renewed. */
  renewableMs: number;
  codeLifeMs: number;
  /** Calls per app and day in China; unlimited when left out. */
  callsPerDay?: number;
  longestWindowMs: number;
  /** Cancellations by whether the order has left. */
  cancelMs: { unshipped: number; shipped: number };
  auditMs: number;
  feedbackMs: number;
  buyerShipsMs: number;
  receiveMs: number;
  processMs: number;
  buyerConfirmsMs: number;
  /** From the acceptance of a refund to the status that shows it, and on to the money. */
  refundShowsMs: number;
  refundArrivesMs: number;
  interceptMs: number;
  /** `older` leaves out what the recent SDK added: the Long beside the id of a line. */
  vintage: "recent" | "older";
  pace: number;
}

export const defaultSettings: JdSettings = {
  appKey: "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
  appSecret: "5eed0000d0c04a119e55ca5eb21d9e00",
  timestampToleranceMs: 6 * minute,
  tokenLifeMs: 365 * day,
  renewableMs: day,
  codeLifeMs: 10 * minute,
  longestWindowMs: day,
  cancelMs: { unshipped: day, shipped: 3 * day },
  auditMs: day,
  feedbackMs: 7 * day,
  buyerShipsMs: 7 * day,
  receiveMs: 3 * day,
  processMs: 2 * day,
  buyerConfirmsMs: 10 * day,
  refundShowsMs: 20_000,
  refundArrivesMs: 5 * minute,
  interceptMs: 6 * hour,
  vintage: "recent",
  pace: 1,
};
