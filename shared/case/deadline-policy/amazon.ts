import { storeTimeZones } from "./amazon-zones.ts";
import type { PolicyRow } from "./row.ts";

// The reports give days of the store, which the connector states as their local midnight. So many days later, by the
// calendar of the store, ends a clock that counts days: at the first moment of the last of them, early and never late.
// Hours are hours, whatever the clocks on the wall do.
const amazon = { channels: ["amazon"], timeZone: "UTC", timeZones: storeTimeZones, readOn: "2026-11-22" } as const;
const afterArrival = { during: { states: ["received", "refunding"] }, kind: "refund", start: "returned" } as const;

// Amazon has paid the buyer from the seller's account; a granted claim is appealed in another place.
const afterAmazonPaid = {
  during: { states: ["refunded"] },
  kind: "claim_back",
  executedBy: "platform_robot",
  exceptDispute: "decided_for_buyer",
  exceptFlag: "not_actionable",
  onExpiry: "right_lost",
} as const;

export const amazonRows: readonly PolicyRow[] = [
  {
    ...amazon,
    // Asked of the seller within a day, weekends included; nothing is approved when it passes.
    id: "amazon.answer_in_a_day",
    during: { states: ["requested"] },
    kind: "first_response",
    start: "opened",
    lasts: { hours: 24 },
    onExpiry: "unknown",
    link: "Seller Central help, item 69126",
    confidence: "A",
  },
  {
    ...amazon,
    // After two days without any answer the buyer may claim, and Amazon grants it.
    id: "amazon.answer_before_claim",
    during: { states: ["requested"] },
    kind: "respond",
    start: "opened",
    lasts: { hours: 48 },
    onExpiry: "penalty",
    link: "https://channelx.world/2019/11",
    confidence: "B",
  },
  {
    ...amazon,
    ...afterArrival,
    id: "amazon.refund_us_until_2026",
    markets: ["US"],
    lasts: { businessDays: 2 },
    onExpiry: "auto_refund",
    validUntil: "2026-01-25",
    link: "https://sellerpolicywatch.com/alerts/amazon-fbm-refund-window-january-2026",
    confidence: "B",
  },
  {
    ...amazon,
    ...afterArrival,
    id: "amazon.refund_us",
    markets: ["US"],
    lasts: { calendarDays: 4 },
    onExpiry: "auto_refund",
    validFrom: "2026-01-26",
    link: "https://sellerpolicywatch.com/alerts/amazon-fbm-refund-window-january-2026",
    confidence: "B",
  },
  {
    ...amazon,
    ...afterArrival,
    // Last seen in 2022; whether the four days apply outside of the US is not known, and two are earlier.
    id: "amazon.refund_elsewhere",
    exceptMarkets: ["US"],
    lasts: { businessDays: 2 },
    onExpiry: "auto_refund",
    link: "https://ecommerce.red/p/2729",
    confidence: "B",
  },
  {
    ...amazon,
    // From Amazon's e-mail, which no API states: the clock starts at a guess and so is an estimate.
    id: "amazon.claim_information",
    during: { dispute: "evidence_due" },
    kind: "evidence",
    start: "changed",
    lasts: { hours: 48 },
    onExpiry: "auto_refund",
    link: "Seller Central help, item 1781",
    confidence: "C",
  },
  {
    ...amazon,
    // Counted from the debit. Whether it was used is told nowhere.
    id: "amazon.claim_appeal",
    markets: ["US", "IN"],
    during: { dispute: "decided_for_buyer" },
    kind: "appeal",
    start: "settled",
    lasts: { calendarDays: 30 },
    onExpiry: "right_lost",
    link: "Seller Central help, item G202041210",
    confidence: "A",
  },
  {
    ...amazon,
    ...afterAmazonPaid,
    id: "amazon.safet_us_until_2026",
    markets: ["US"],
    start: "returned_or_settled",
    lasts: { calendarDays: 60 },
    validUntil: "2026-02-15",
    link: "Seller Central help on SAFE-T, as told by bigbcc.com and myamazonguy.com",
    confidence: "B",
  },
  {
    ...amazon,
    ...afterAmazonPaid,
    // Of goods that were lost on the way back the last scan counts, which nothing here shows; this is early for them.
    id: "amazon.safet_us",
    markets: ["US"],
    start: "returned_or_settled",
    lasts: { calendarDays: 30 },
    validFrom: "2026-02-16",
    link: "Seller Central help on SAFE-T, as told by bigbcc.com and myamazonguy.com",
    confidence: "B",
  },
  {
    ...amazon,
    ...afterAmazonPaid,
    id: "amazon.safet_ae",
    markets: ["AE"],
    start: "returned",
    lasts: { calendarDays: 7 },
    link: "Seller Central help of the Emirates, item QG3WU8KETHHJN25",
    readOn: "2026-11-25",
    confidence: "A",
  },
];
