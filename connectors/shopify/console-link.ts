import type { Case } from "#shared/case/case.ts";

/** The order in the merchant's admin, where its returns, refunds and disputes are handled. */
export function consoleLink({ shopId, facts }: Case): string {
  const store = `https://admin.shopify.com/store/${shopId.replace(/\.myshopify\.com$/, "")}`;
  const orderId = facts.orders[0]?.orderId;
  return orderId === undefined ? `${store}/orders` : `${store}/orders/${orderId}`;
}
