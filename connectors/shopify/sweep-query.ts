const afterSales = [
  "return_status:return_requested",
  "return_status:in_progress",
  "return_status:inspection_complete",
  "return_status:returned",
  "return_status:return_failed",
  // Refunds without a return leave the order's return status alone.
  "financial_status:refunded",
  "financial_status:partially_refunded",
].join(" OR ");

/**
 * The search for orders that changed in a window and have something to do with after-sales.
 * Source: shopify.dev, "orders" query and "API search syntax", read 2026-11-22.
 */
export function sweepQuery(since: Date, until?: Date): string {
  const bounds = [`updated_at:>='${since.toISOString()}'`, ...(until ? [`updated_at:<='${until.toISOString()}'`] : [])];
  return `${bounds.join(" AND ")} AND (${afterSales})`;
}
