import type { PolicyRow } from "./row.ts";

// JD states a time only while a ticket waits for its audit. None of the figures below is from a current official page;
// the hours of audit, receipt and process are remembered.
const explainer = {
  channels: ["jd"],
  link: "https://mlnxb.com/zh-cn/xfsh/xinli/mxee9m.html",
  readOn: "2026-11-22",
  confidence: "B",
} as const;
/** A reprint of JD's notice of Spring Festival 2019: these clocks exist. */
const notice = {
  channels: ["jd"],
  link: "http://www.namesmade.com/dian/baike/1485068.html",
  readOn: "2026-11-22",
} as const;

export const jdRows: readonly PolicyRow[] = [
  {
    ...explainer,
    id: "jd.cancel_unshipped",
    types: ["refund_only"],
    shipped: false,
    during: { states: ["requested"] },
    kind: "respond",
    start: "opened",
    lasts: { hours: 24 },
    onExpiry: "auto_refund",
  },
  {
    ...explainer,
    id: "jd.cancel_shipped",
    types: ["refund_only"],
    shipped: true,
    goods: ["outbound"],
    during: { states: ["requested"] },
    kind: "respond",
    start: "opened",
    lasts: { hours: 72 },
    onExpiry: "auto_refund",
  },
  {
    ...explainer,
    // A ticket whose customer expects compensation for fresh food: 100 minutes of the time between 9:00 and 18:00.
    id: "jd.fresh_food",
    rawType: "90",
    during: { states: ["requested"] },
    kind: "respond",
    start: "opened",
    lasts: { openMinutes: 100 },
    hours: { opensAt: 9 * 60, closesAt: 18 * 60 },
    onExpiry: "unknown",
  },
  {
    ...notice,
    id: "jd.audit",
    types: ["return_refund", "exchange", "repair", "reissue"],
    during: { states: ["requested"] },
    kind: "respond",
    start: "opened",
    lasts: { hours: 24 },
    onExpiry: "auto_approve",
    confidence: "C",
  },
  {
    ...notice,
    id: "jd.buyer_hands_over",
    during: { states: ["approved"] },
    kind: "buyer_return",
    start: "changed",
    lasts: { hours: 7 * 24 },
    onExpiry: "auto_close",
    confidence: "B",
  },
  {
    ...notice,
    id: "jd.receive",
    during: { states: ["return_in_transit"] },
    kind: "confirm_receipt",
    start: "returned",
    lasts: { hours: 72 },
    onExpiry: "auto_confirm",
    confidence: "C",
  },
  {
    ...notice,
    id: "jd.process_refund",
    types: ["return_refund"],
    during: { states: ["received"] },
    kind: "refund",
    start: "returned",
    lasts: { hours: 48 },
    onExpiry: "auto_refund",
    confidence: "C",
  },
  {
    ...notice,
    id: "jd.process_replacement",
    types: ["exchange", "repair", "reissue"],
    during: { states: ["received"] },
    kind: "ship_replacement",
    start: "returned",
    lasts: { hours: 48 },
    onExpiry: "unknown",
    confidence: "C",
  },
];
