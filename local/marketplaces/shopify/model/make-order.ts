import { createRandom } from "../../kit/random.ts";
import { catalogue, rates, shippingMinor } from "./catalogue.ts";
import { nextId, numberFrom } from "./ids.ts";
import type { Buyer, Order, RefundBehaviour, Shop } from "./types.ts";

export interface OrderWish {
  presentmentCurrency?: string;
  refundBehaviour?: RefundBehaviour;
  /** Units of each line; drawn from the seed when left out. */
  quantities?: number[];
  isShipped?: boolean;
  isGuest?: boolean;
  isManualPayment?: boolean;
}

const people: [string, string, string, string, string, string][] = [
  ["Jonas", "Weber", "Lindenallee 12", "Hamburg", "20259", "DE"],
  ["Aiko", "Tanaka", "Ginza 4-2-8", "Tokyo", "104-0061", "JP"],
  ["Marie", "Dubois", "12 rue des Lilas", "Lyon", "69003", "FR"],
  ["Liam", "Carter", "48 Mill Lane", "Leeds", "LS1 4AP", "GB"],
];
const dayMs = 24 * 60 * 60_000;

/** An order that was paid and (normally) delivered some days ago. The same shop, plan and seed give the same order. */
export function makeOrder({
  shop,
  plan,
  seed,
  now,
  wish,
}: {
  shop: Shop;
  plan: string;
  seed: number;
  now: Date;
  wish: OrderWish;
}): Order {
  shop.ordersMade += 1;
  const random = createRandom(seed, shop.domain, plan, "order");
  const currency = wish.presentmentCurrency ?? shop.presentmentCurrency;
  const placedAt = new Date(now.getTime() - random.int(4, 20) * dayMs).toISOString().replace(/\.\d+Z$/, "Z");
  const order: Order = {
    id: numberFrom(shop.domain, plan, seed, shop.ordersMade, "Order"),
    shop: shop.domain,
    number: 1000 + shop.ordersMade,
    createdAt: placedAt,
    updatedAt: placedAt,
    currency: shop.currency,
    presentmentCurrency: currency,
    rate: rates[`${currency}>${shop.currency}`] ?? 1,
    lines: [],
    shippingMinor: shippingMinor[currency] ?? 0,
    fulfilledAt: wish.isShipped === false ? undefined : placedAt,
    transactions: [],
    returns: [],
    refunds: [],
    disputes: [],
    refundBehaviour: wish.refundBehaviour ?? random.pick(["instant", "instant", "pending"]),
    made: 0,
    script: { plan, seed, step: 0, isDone: false },
  };
  if (!wish.isGuest) order.buyer = makeBuyer(order, random.pick([0, 1, 2, 3]));
  const quantities = wish.quantities ?? Array.from({ length: random.int(1, 2) }, () => random.int(1, 2));
  const start = random.int(0, catalogue.length - 1);
  quantities.forEach((quantity, index) => {
    const product = catalogue[(start + index * 2) % catalogue.length];
    if (product === undefined) return;
    const { priceMinor, ...goods } = product;
    order.lines.push({
      ...goods,
      id: nextId(order, "LineItem"),
      fulfillmentLineId: wish.isShipped === false ? undefined : nextId(order, "FulfillmentLineItem"),
      quantity,
      unitMinor: priceMinor[currency] ?? 0,
      refundedQuantity: 0,
    });
  });
  order.transactions.push({
    id: nextId(order, "OrderTransaction"),
    kind: "SALE",
    status: "SUCCESS",
    gateway: wish.isManualPayment ? "manual" : "shopify_payments",
    amountMinor: order.lines.reduce((sum, line) => sum + line.unitMinor * line.quantity, order.shippingMinor),
    createdAt: placedAt,
    processedAt: placedAt,
    by: "buyer",
  });
  return order;
}

function makeBuyer(order: Order, index: number): Buyer {
  const [firstName = "", lastName = "", address1 = "", city = "", zip = "", countryCode = "DE"] = people[index] ?? [];
  return {
    id: nextId(order, "Customer"),
    firstName,
    lastName,
    address1,
    city,
    zip,
    countryCode,
    email: `${firstName}.${lastName}@buyers.example`.toLowerCase(),
    phone: `+49 30 5550 ${1000 + index}`,
    locale: { DE: "de-DE", JP: "ja-JP", FR: "fr-FR", GB: "en-GB" }[countryCode] ?? "en-GB",
  };
}
