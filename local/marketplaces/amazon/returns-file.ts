import { type AmazonReturn, refundedMinor } from "./model.ts";
import { decimal } from "./money.ts";

const header = [
  ...["Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID", "Merchant RMA ID"],
  ...[
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
  ],
  ...["Is prime", "ASIN", "Merchant SKU", "Item Name", "Return quantity", "Return Reason", "In policy", "Return type"],
  ...["Resolution", "Invoice number", "Return delivery date", "Order Amount", "Order quantity", "SafeT Action reason"],
  ...["SafeT claim id", "SafeT claim state", "SafeT claim creation time", "SafeT claim reimbursement amount"],
  ...["Refunded Amount", "Order Item ID"],
];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Blank cells hold one space. */
const blank = " ";

interface FileSettings {
  currency: string;
  timeZone: string;
  isRefundShown: boolean;
}

/** The flat file of returns: tabs, days of the store, `Y` and `N`. */
export function flatFile(
  returns: readonly AmazonReturn[],
  { currency, timeZone, isRefundShown }: FileSettings,
): string {
  const dayOf = (ms: number) => dayIn(timeZone, ms);
  const rows = returns.map((each) => {
    const refunded = refundedMinor(each);
    return [
      ...[each.orderId, dayOf(each.orderedMs), dayOf(each.requestedMs), each.status, each.rmaId, blank],
      ...[
        "AmazonPrePaidLabel",
        "0.00",
        currency,
        each.trackingId ? "UPS" : blank,
        each.trackingId ?? blank,
        "Customer",
      ],
      ...[each.claim === "none" ? "N" : "Y", "N", each.asin, each.sku, each.title, String(each.quantity), each.reason],
      ...[each.isInPolicy ? "Y" : "N", "C-Returns", each.resolution, blank],
      ...[each.deliveredMs === undefined ? blank : dayOf(each.deliveredMs)],
      ...[decimal(each.principalMinor, currency), String(each.quantity), blank],
      ...safetCells(each, currency, dayOf),
      ...[isRefundShown && refunded > 0 ? decimal(refunded, currency) : blank, each.itemId],
    ];
  });
  return [header, ...rows]
    .map((cells) => cells.join("\t"))
    .join("\r\n")
    .concat("\r\n");
}

function safetCells({ safet }: AmazonReturn, currency: string, dayOf: (ms: number) => string): string[] {
  if (!safet) return [blank, blank, blank, blank];
  const { claimId, state, filedMs, amountMinor } = safet;
  return [claimId, state, dayOf(filedMs), amountMinor === undefined ? blank : decimal(amountMinor, currency)];
}

/** The XML of returns: instants, `true` and `false`, the list price as refund, and no day of delivery. */
export function xmlFile(returns: readonly AmazonReturn[], currency: string): string {
  const details = returns.map((each) => {
    const item = [
      ...[tag("item_name", each.title), tag("asin", each.asin), tag("return_reason_code", each.reason)],
      ...[tag("merchant_sku", each.sku), tag("in_policy", each.isInPolicy ? "Y" : "N")],
      ...[tag("return_quantity", String(each.quantity)), tag("resolution", each.resolution)],
      tag("refund_amount", decimal(each.principalMinor, currency)),
    ];
    const label = [...(each.trackingId ? [tag("tracking_id", each.trackingId)] : []), tag("currency_code", currency)];
    return [
      "<return_details>",
      `<item_details>${item.join("")}</item_details>`,
      ...[
        tag("order_id", each.orderId),
        tag("order_date", instantOf(each.orderedMs)),
        tag("amazon_rma_id", each.rmaId),
      ],
      ...[tag("return_request_date", instantOf(each.requestedMs)), tag("return_request_status", each.status)],
      ...[tag("a_to_z_claim", String(each.claim !== "none")), tag("is_prime", "N")],
      `<label_details>${label.join("")}</label_details>`,
      ...[tag("return_type", "C-Returns"), tag("order_quantity", String(each.quantity)), "</return_details>"],
    ].join("");
  });
  const head = `<Header>${tag("DocumentVersion", "1.00")}</Header>${tag("MessageType", "Returns-Report")}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope>${head}<Message>${details.join("\n")}</Message></AmazonEnvelope>`;
}

function dayIn(timeZone: string, ms: number): string {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", { timeZone }).format(ms).split("-");
  return `${day}-${months[Number(month) - 1]}-${year}`;
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}

function tag(name: string, text: string): string {
  return `<${name}>${text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)}</${name}>`;
}
