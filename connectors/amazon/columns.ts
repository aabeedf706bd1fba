import type { Json } from "#shared/json.ts";
import type { Cells } from "./flat-file.ts";
import { type Row, rowSchema } from "./schema.ts";

/**
 * The columns that are read, by our name for them: the flat file's and the XML's. All others are left unread, because a
 * file may hold columns that nobody documents, a buyer's name among them.
 * Source: developer-docs.amazon.com/sp-api/docs/returns-reports-attributes, read 2026-11-25; `order item id` from
 * integrators' files of 2026.
 */
const columns: Readonly<Record<keyof Row, readonly string[]>> = {
  requestDate: ["return request date", "return_request_date"],
  status: ["return request status", "return_request_status"],
  sku: ["merchant sku", "merchant_sku"],
  asin: ["asin"],
  orderItemId: ["order item id"],
  quantity: ["return quantity", "return_quantity"],
  orderQuantity: ["order quantity", "order_quantity"],
  reason: ["return reason", "return_reason_code"],
  resolution: ["resolution"],
  returnType: ["return type", "return_type"],
  aToZ: ["a-to-z claim", "a_to_z_claim"],
  carrier: ["return carrier", "return_carrier"],
  trackingId: ["tracking id", "tracking_id"],
  deliveryDate: ["return delivery date"],
  currency: ["currency code", "currency_code"],
  // The XML's refund_amount is the list price, whether or not money has moved.
  refundedAmount: ["refunded amount"],
  safetReason: ["safet action reason"],
  safetId: ["safet claim id"],
  safetState: ["safet claim state"],
  safetFiledAt: ["safet claim creation time"],
  safetAmount: ["safet claim reimbursement amount"],
};

export interface ReturnRow {
  orderId: string;
  rmaId?: string;
  row: { [name: string]: Json };
}

/** A row of either form; undefined when it lacks what makes it a return. */
export function returnRowOf(cells: Cells): ReturnRow | undefined {
  const row: { [name: string]: Json } = {};
  for (const [name, headers] of Object.entries(columns)) {
    const value = first(cells, headers);
    if (value !== undefined) row[name] = value;
  }
  const orderId = first(cells, ["order id", "order_id"]);
  const rmaId = first(cells, ["amazon rma id", "amazon_rma_id"]);
  if (orderId === undefined || !/^[A-Za-z0-9-]{3,40}$/.test(orderId) || !rowSchema.safeParse(row).success)
    return undefined;
  if (rmaId !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(rmaId)) return undefined;
  return { orderId, row, ...(rmaId !== undefined && { rmaId }) };
}

function first(cells: Cells, headers: readonly string[]): string | undefined {
  return headers.map((header) => cells[header]).find((value) => value !== undefined);
}
