import { decimalOf, sumOf } from "#shared/case/money.ts";
import { moved, readReturn, refused, suggestedPayments } from "./before-write.ts";
import { write } from "./client.ts";
import type { ShopifyAction } from "./commands.ts";
import * as documents from "./documents.ts";
import { gid } from "./gid.ts";
import { unitsToProcess } from "./pay.ts";

/**
 * Processes an exchange: what came back is confirmed and what goes out becomes lines of the order, with a fulfilment order.
 * Only where both are worth the same: a difference is money, and no money moves by sending goods out.
 */
export const sendExchange: ShopifyAction["send"] = async ({ subject }, world) => {
  const now = await readReturn(subject, world);
  if (now.status !== "OPEN") throw moved(now.status);
  const exchanges = now.exchangeLineItems.nodes
    .filter(({ processableQuantity }) => processableQuantity > 0)
    .map(({ id, processableQuantity: quantity }) => ({ id, quantity }));
  // Processed already, by us before or by the merchant's staff: the goods are on the order.
  if (exchanges.length === 0 && now.exchangeLineItems.nodes.some((each) => each.processedQuantity > 0)) return;
  if (exchanges.length === 0) throw moved("NO_EXCHANGE_LINES");
  const lines = unitsToProcess(now);
  const difference = sumOf(
    (await suggestedPayments(subject, { lines, exchanges }, world)).map((each) => each.amountSet),
  );
  if (difference && difference.amountMinor > 0) {
    throw refused("refund_due", `the buyer is owed ${decimalOf(difference)} ${difference.currency} with this exchange`);
  }
  await write(world, documents.processReturn, {
    input: {
      returnId: gid(subject.channelCaseId),
      returnLineItems: lines,
      exchangeLineItems: exchanges,
      notifyCustomer: true,
    },
  });
};
