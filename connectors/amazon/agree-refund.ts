import type { Case } from "#shared/case/case.ts";
import type { Money } from "#shared/case/money.ts";
import type { ChannelAction } from "../contract.ts";
import { refundFeedType } from "./adjustments.ts";
import type { AmazonWorld } from "./client.ts";
import { componentsOf } from "./components.ts";
import { refundXml } from "./refund-xml.ts";
import { refusedHere } from "./refused-here.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";
import { marketplaceOf, submitFeed } from "./submit-feed.ts";

type AmazonAction = ChannelAction<AmazonApp, AmazonCredentials>;

/**
 * Refunds one item by an order adjustment feed. It is accepted long before it is carried out; what became of it is asked for by its id with each reading of the case,
 * and Finances proves it. A feed that ends `FATAL` may have been carried out, and is not sent again.
 */
export const agreeRefund: AmazonAction = {
  offered: (subject) => {
    const task = taskOf(subject);
    return task === undefined ? { offered: true } : { offered: false, task };
  },
  send: async ({ subject, command }, world) => {
    const amount = command.args.amount ?? subject.facts.money.claimed;
    if (!amount || amount.amountMinor <= 0) throw refusedHere("the amount is missing");
    const marketplaceId = marketplaceOf(subject, world);
    const body = bodyOf(subject, { amount, adjustmentId: `${subject.channelCaseId}:${command.commandId}`, world });
    return submitFeed(world, { feedType: refundFeedType, marketplaceId, body });
  },
};

/** Why a person must do it; undefined where the feed can. */
function taskOf({ facts }: Case): string | undefined {
  const { flags, type, orders } = facts;
  if (flags.includes("not_actionable"))
    return "Amazon fulfils this order and decides on its refund; there is nothing to do.";
  if (!facts.state.known || !type.known) return "Look at the return in Seller Central: its status is not known here.";
  if (type.value === "refund_only") return "Cancel the order in Seller Central, as the buyer asks, before it ships.";
  if (type.value !== "return_refund")
    return "Amazon replaces the item; refund it in Seller Central only if the buyer agrees.";
  if (orders.length !== 1)
    return "Refund each of the items in Seller Central: the amounts of several cannot be told apart here.";
  if (orders[0]?.lineId === undefined)
    return "Refund the order in Seller Central: the report does not name the order item.";
  return undefined;
}

function bodyOf(
  subject: Case,
  { amount, adjustmentId, world }: { amount: Money; adjustmentId: string; world: AmazonWorld },
): string {
  const [order] = subject.facts.orders;
  if (order?.lineId === undefined) throw refusedHere("the order item is not known");
  const components = componentsOf(amount, subject.facts);
  const reason = "CustomerReturn";
  return refundXml({
    sellerId: world.shopId,
    ...{ orderId: order.orderId, orderItemId: order.lineId },
    adjustmentId,
    reason,
    components,
  });
}
