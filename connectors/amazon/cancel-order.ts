import type { Case } from "#shared/case/case.ts";
import type { ChannelAction } from "../contract.ts";
import { envelope, tag } from "./feed-xml.ts";
import { wholeOrder } from "./normalize-cancel.ts";
import { refusedHere } from "./refused-here.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";
import { marketplaceOf, submitFeed } from "./submit-feed.ts";

export const cancelFeedType = "POST_ORDER_ACKNOWLEDGEMENT_DATA";

/**
 * Cancels an order that has not left, as its buyer asked, by an order acknowledgement feed. The order was not charged, so
 * no money moves; the cancellation shows as the order's status. Only whole orders: a failed acknowledgement cancels them all.
 * Source: docs/order-feed-type-values; reasons from an aggregator's list, read 2026-11-25.
 */
export const cancelOrder: ChannelAction<AmazonApp, AmazonCredentials> = {
  offered: (subject) => {
    const task = taskOf(subject);
    return task === undefined ? { offered: true } : { offered: false, task };
  },
  send: async ({ subject }, world) => {
    const [first] = subject.facts.orders;
    if (!first) throw refusedHere("the order is not known");
    const items = subject.facts.orders.map(
      ({ lineId = "" }) => `<Item>${tag("AmazonOrderItemCode", lineId)}${tag("CancelReason", "BuyerCanceled")}</Item>`,
    );
    const content = [tag("AmazonOrderID", first.orderId), tag("StatusCode", "Failure"), ...items].join("");
    return submitFeed(world, {
      feedType: cancelFeedType,
      marketplaceId: marketplaceOf(subject, world),
      body: envelope({ sellerId: world.shopId, type: "OrderAcknowledgement", content }),
    });
  },
};

/** Why a person must do it; undefined where the feed can. */
function taskOf({ facts }: Case): string | undefined {
  const { type, shipped, raw, orders, refusedAnswer } = facts;
  if (!type.known || type.value !== "refund_only" || shipped !== false) {
    return "Nothing can be cancelled any more: the goods have left. Refund them when they come back.";
  }
  if (refusedAnswer) {
    const orderId = orders[0]?.orderId ?? "the order";
    return `Amazon did not cancel ${orderId} by feed: ${refusedAnswer.reason}. Look at it in Seller Central, Orders, and cancel it there if it has neither left nor been cancelled.`;
  }
  if (raw.type !== wholeOrder || orders.some(({ lineId }) => lineId === undefined)) {
    return "Cancel the items that the buyer names in Seller Central, Orders: the feed cancels whole orders only.";
  }
  return undefined;
}
