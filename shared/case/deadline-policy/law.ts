import type { PolicyRow } from "./row.ts";

// What the law gives where the channel sets no clock at all. A tenant says which laws its shop sells under; they differ
// in where they begin, and so are four rows and not one. Not legal advice.
const law = {
  channels: ["shopify"],
  types: ["return_refund"],
  kind: "refund",
  onExpiry: "penalty",
  readOn: "2026-11-22",
} as const;

export const lawRows: readonly PolicyRow[] = [
  {
    ...law,
    // Directive 2011/83/EU Art. 13(1): from the notice of withdrawal. The trader may withhold it until the goods, or proof of posting, arrive; this does not.
    id: "law.eu.refund",
    law: "EU",
    during: { states: ["approved", "return_in_transit", "received", "refunding"] },
    start: "opened",
    lasts: { hours: 14 * 24 },
    link: "https://e-com.wiki/concepts/right-of-withdrawal",
    confidence: "B",
  },
  {
    ...law,
    // SI 2013/3134 reg. 34(5), 34(6): from the goods, or from earlier proof of posting.
    id: "law.gb.refund",
    law: "GB",
    during: { states: ["return_in_transit", "received", "refunding"] },
    start: "sent_back",
    lasts: { hours: 14 * 24 },
    link: "https://www.legislation.gov.uk/uksi/2013/3134",
    confidence: "B",
  },
  {
    ...law,
    // Credit to a card, from the acceptance of the return.
    id: "law.us.refund",
    law: "US",
    during: { states: ["received", "refunding"] },
    start: "returned",
    lasts: { businessDays: 7 },
    link: "12 CFR 1026.12(e)(1), (2)",
    confidence: "B",
  },
  {
    ...law,
    // 消费者权益保护法 Art. 25, from the arrival of the returned goods.
    id: "law.cn.refund",
    law: "CN",
    during: { states: ["received", "refunding"] },
    start: "returned",
    lasts: { hours: 7 * 24 },
    link: "http://cuoac.com/legalaid/yizltrmzqd.html",
    confidence: "B",
  },
];
