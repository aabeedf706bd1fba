const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Rate a second and most at once, as the models state them. */
export interface UsagePlan {
  perSecond: number;
  atOnce: number;
}

/** What the simulator assumes where Amazon publishes no figure. */
export interface AmazonSettings {
  clientId: string;
  clientSecret: string;
  /** The app's registration: its id, where its sellers are led back to, and whether it is unpublished. */
  applicationId: string;
  redirectUri: string;
  isDraft: boolean;
  accessTokenLifeMs: number;
  /** From being asked for to being made; and how long its address is good. */
  reportTakesMs: number;
  addressLifeMs: number;
  feedTakesMs: number;
  /** From a refund to its showing in Finances. */
  financesLagMs: number;
  /** From the delivery of a return to Amazon's own refund, in the US. */
  automatedRefundMs: number;
  /** Whether the flat file fills its column of refunds. */
  reportShowsRefunds: boolean;
  /** Whether the seller is in the External Fulfillment programme. */
  externalFulfillment: boolean;
  /** Operations that the app has no role for. */
  rolesMissing: readonly string[];
  usage: Readonly<Record<string, UsagePlan>>;
  /** Multiplies the hours that buyers, carriers and staff take; see MarketplaceOptions. */
  pace: number;
}

export const defaultSettings: AmazonSettings = {
  clientId: "amzn1.application-oa2-client.simulated",
  clientSecret: "amzn1.oa2-cs.v1.simulated",
  applicationId: "amzn1.sellerapps.app.simulated",
  redirectUri: "http://127.0.0.1/connect/amazon/callback",
  isDraft: false,
  accessTokenLifeMs: hour,
  reportTakesMs: 3 * minute,
  addressLifeMs: 5 * minute,
  feedTakesMs: 12 * minute,
  financesLagMs: 8 * hour,
  automatedRefundMs: 4 * day,
  reportShowsRefunds: true,
  externalFulfillment: true,
  rolesMissing: [],
  usage: {
    createReport: { perSecond: 0.0167, atOnce: 15 },
    getReport: { perSecond: 2, atOnce: 15 },
    getReportDocument: { perSecond: 0.0167, atOnce: 15 },
    createFeedDocument: { perSecond: 0.5, atOnce: 15 },
    createFeed: { perSecond: 0.0083, atOnce: 15 },
    getFeed: { perSecond: 2, atOnce: 15 },
    getFeeds: { perSecond: 0.0222, atOnce: 10 },
    getFeedDocument: { perSecond: 0.0222, atOnce: 10 },
    listFinancialEventsByOrderId: { perSecond: 0.5, atOnce: 30 },
    listTransactions: { perSecond: 0.5, atOnce: 10 },
  },
  pace: 1,
};
