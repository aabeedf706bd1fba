import type { Case } from "#shared/case/case.ts";
import { storeOfMarket } from "./marketplaces.ts";

/**
 * The order in Seller Central of its store; its returns, refunds and claims are reached from there. The address is not
 * documented. A case without a known store gets the one of the US.
 */
export function consoleLink({ facts }: Pick<Case, "facts">): string {
  const console = consoleOf(facts.market);
  const orderId = facts.orders[0]?.orderId;
  return orderId === undefined ? `${console}/returns` : `${console}/orders-v3/order/${encodeURIComponent(orderId)}`;
}

/** Seller Central of a market's store, of the US where there is none. */
export function consoleOf(market: string | undefined): string {
  return storeOfMarket(market)?.[1].console ?? "https://sellercentral.amazon.com";
}
