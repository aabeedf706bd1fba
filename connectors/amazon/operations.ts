/** What one operation may be called, and what the app must be allowed for it. */
export interface OperationFacts {
  /** Calls a second, and at once from a full bucket, for one app and seller; Amazon may grant more, see the header. */
  perSecond: number;
  atOnce: number;
  /** The role without which it answers 403. */
  role: string;
}

const orders = "Inventory and Order Tracking";
const finance = "Finance and Accounting";
const buyers = "Buyer Communication";
const shipping = "Direct to Consumer Shipping (Restricted)";

const facts = (perSecond: number, atOnce: number, role: string): OperationFacts => ({ perSecond, atOnce, role });

/**
 * The operations that are called, with the usage plans of the models and the roles of the pages.
 * Source: amzn/selling-partner-api-models, commit 34dc93f; docs/returns-reports-attributes, docs/order-feed-type-values
 * and docs/external-fulfillment-returns for roles, those of Finances, Notifications and Messaging inferred. Read
 * 2026-11-25. The model of External Fulfillment states no plan: one a second is a guess.
 */
export const operations = {
  createReport: facts(0.0167, 15, orders),
  getReport: facts(2, 15, orders),
  getReportDocument: facts(0.0167, 15, orders),
  createFeedDocument: facts(0.5, 15, orders),
  createFeed: facts(0.0083, 15, orders),
  getFeed: facts(2, 15, orders),
  getFeeds: facts(0.0222, 10, orders),
  getFeedDocument: facts(0.0222, 10, orders),
  listTransactions: facts(0.5, 10, finance),
  listFinancialEventsByOrderId: facts(0.5, 30, finance),
  createDestination: facts(1, 5, orders),
  getDestinations: facts(1, 5, orders),
  createSubscription: facts(1, 5, orders),
  getSubscription: facts(1, 5, orders),
  deleteSubscriptionById: facts(1, 5, orders),
  getMarketplaceParticipations: facts(0.016, 15, "Selling Partner Insights"),
  getMessagingActionsForOrder: facts(1, 5, buyers),
  createUnexpectedProblem: facts(1, 5, buyers),
  createConfirmOrderDetails: facts(1, 5, buyers),
  listReturns: facts(1, 5, shipping),
  getReturn: facts(1, 5, shipping),
} as const satisfies Record<string, OperationFacts>;

export type Operation = keyof typeof operations;
