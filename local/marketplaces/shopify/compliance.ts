import type { Buyer, Order, Shop } from "./model/types.ts";
import { bare } from "./webhooks/raw-json.ts";

const hourMs = 60 * 60_000;
/** `shop/redact` follows the removal of the app after this long. */
export const shopRedactAfterMs = 48 * hourMs;

/** app/uninstalled, without the owner's contact data. */
export function uninstalledBody(shop: Shop) {
  return { id: bare(shop.id), name: shop.name, currency: shop.currency, myshopify_domain: shop.domain };
}

export function shopRedactBody(shop: Shop) {
  return { shop_id: bare(shop.id), shop_domain: shop.domain };
}

/** customers/redact and customers/data_request name the same buyer and orders under other words. */
export function buyerBody(
  shop: Shop,
  buyer: Buyer,
  orders: readonly Order[],
  word: "orders_to_redact" | "orders_requested",
) {
  return {
    ...shopRedactBody(shop),
    customer: { id: bare(buyer.id), email: buyer.email, phone: buyer.phone },
    [word]: orders.map(({ id }) => bare(id)),
    ...(word === "orders_requested" ? { data_request: { id: bare("9999") } } : {}),
  };
}

/** What is left of an order when its buyer is erased: goods and money, no person and no words of theirs. */
export function forgetBuyer(order: Order): void {
  delete order.buyer;
  for (const one of order.returns) for (const line of one.lines) delete line.customerNote;
}
