// Which webhook topics say something about a case, and where its id stands in the body.
// Source: shopify.dev, "Webhooks" reference, examples of version 2026-04, read 2026-11-22.

import type { ShopNotice } from "#shared/case/shop-notice.ts";

/** Where a topic leads. */
export type Route =
  | "return"
  | "return_or_recent"
  | "refund"
  | "dispute"
  | "reverse_delivery"
  | "reverse_fulfillment_order"
  | "transaction"
  | "order"
  | "edited_order";

/** Topics that lead to cases. */
export const routes: ReadonlyMap<string, Route> = new Map([
  ["returns/request", "return"],
  ["returns/approve", "return"],
  ["returns/decline", "return"],
  ["returns/cancel", "return"],
  ["returns/close", "return"],
  ["returns/reopen", "return"],
  ["returns/update", "return"],
  // The published example of the body is empty.
  ["returns/process", "return_or_recent"],
  ["refunds/create", "refund"],
  ["disputes/create", "dispute"],
  ["disputes/update", "dispute"],
  ["reverse_deliveries/attach_deliverable", "reverse_delivery"],
  ["reverse_fulfillment_orders/dispose", "reverse_fulfillment_order"],
  ["order_transactions/create", "transaction"],
  ["orders/cancelled", "order"],
  ["orders/edited", "edited_order"],
]);

/** Topics about the shop itself, and its people. */
export const shopTopics: ReadonlyMap<string, ShopNotice["what"]["kind"]> = new Map([
  ["app/uninstalled", "app_removed"],
  ["customers/data_request", "data_requested"],
  ["customers/redact", "person_erasure"],
  ["shop/redact", "shop_erasure"],
]);

/** Routes whose ids stand in the body as bare numbers only. */
export const numericRoutes: ReadonlySet<Route> = new Set(["dispute", "transaction", "edited_order"]);

/** Topics whose first message opens a case. */
export const openingTopics: ReadonlySet<string> = new Set(["returns/request", "disputes/create"]);

/** Topics we know and take no case from, with the reason. */
export const ignoredTopics: ReadonlyMap<string, string> = new Map([
  ["app/scopes_update", "the next token tells its scopes, within a day"],
  ["bulk_operations/finish", "no bulk operation of ours is running"],
]);

/** Transactions that take money in or reserve it: no after-sales case comes of them. */
export const incomingKinds: ReadonlySet<string> = new Set([
  "authorization",
  "emv_authorization",
  "capture",
  "sale",
  "change",
  "void",
]);
