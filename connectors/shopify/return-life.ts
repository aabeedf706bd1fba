import { stateOf } from "#shared/case/case.ts";
import { moved, type ReturnNow, readReturn, refused } from "./before-write.ts";
import { write } from "./client.ts";
import { byHand, isReturn, offered, type ShopifyAction } from "./commands.ts";
import * as documents from "./documents.ts";
import { gid } from "./gid.ts";

// None of these takes an idempotency key, and each leaves its own status behind: done already means success.

/** Shopify waits no more for what has not come back. Units that have not been paid for stay unpaid. */
export const closeReturn: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["approved", "return_in_transit", "received", "refunding", "refunded"])
      ? offered
      : byHand("Only an approved return can be closed. Look at its status in the Shopify admin."),
  // What has been paid stays refunded, closed or not.
  showsElsewhere: (subject) => ["refunding", "refunded"].includes(stateOf(subject)),
  send: async ({ subject }, world) => {
    const { status } = await readReturn(subject, world);
    if (status === "CLOSED") return;
    if (status !== "OPEN") throw moved(status);
    await write(world, documents.closeReturn, { id: gid(subject.channelCaseId) });
  },
};

export const reopenReturn: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["closed", "refunded"]) && subject.facts.outcome !== "withdrawn"
      ? offered
      : byHand("Only a closed return can be opened again; a declined or cancelled one is asked for anew by the buyer."),
  // Where all is paid it goes on being refunded.
  showsElsewhere: (subject) => stateOf(subject) === "refunded",
  send: async ({ subject }, world) => {
    const { status } = await readReturn(subject, world);
    if (status === "OPEN") return;
    if (status !== "CLOSED") throw moved(status);
    await write(world, documents.reopenReturn, { id: gid(subject.channelCaseId) });
  },
};

/** The buyer may then ask for the same goods again. */
export const cancelReturn: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["approved", "return_in_transit"])
      ? offered
      : byHand("Shopify cancels only an approved return that nobody has worked on. Close it instead, or decline it."),
  send: async ({ subject }, world) => {
    const now = await readReturn(subject, world);
    if (now.status === "CANCELED") return;
    if (now.status !== "OPEN") throw moved(now.status);
    if (isWorkedOn(now)) throw refused("worked_on", "goods have come back or been paid for: close the return instead");
    await write(world, documents.cancelReturn, { id: gid(subject.channelCaseId) });
  },
};

function isWorkedOn({ returnLineItems, exchangeLineItems, reverseFulfillmentOrders }: ReturnNow): boolean {
  const isProcessed = [...returnLineItems.nodes, ...exchangeLineItems.nodes].some((each) => each.processedQuantity > 0);
  const lines = reverseFulfillmentOrders.nodes.flatMap(({ lineItems }) => lineItems.nodes);
  return isProcessed || lines.some(({ dispositions }) => dispositions.length > 0);
}
