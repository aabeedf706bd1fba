import { createHash } from "node:crypto";
import type { Case } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { decimalOf, type Money, sumOf } from "#shared/case/money.ts";
import {
  moved,
  type RefundNow,
  type ReturnNow,
  readRefund,
  readReturn,
  refused,
  type Suggestion,
  suggestedPayments,
  type Units,
} from "./before-write.ts";
import { type ShopifyWorld, write } from "./client.ts";
import * as documents from "./documents.ts";
import { gid } from "./gid.ts";
import { dispositions } from "./status.ts";

interface Request {
  subject: Case;
  command: Command;
}

/**
 * Processes what came back and pays what Shopify works out for it, never more. Units already processed are not counted
 * again, so a repetition after a lost answer finds nothing to pay.
 */
export async function refundReturn({ subject, command }: Request, world: ShopifyWorld): Promise<void> {
  const now = await readReturn(subject, world);
  if (now.status !== "OPEN") throw moved(now.status);
  const lines = unitsToProcess(now);
  if (lines.length === 0) throw moved("NOTHING_TO_PROCESS");
  const payments = allocate(await suggestedPayments(subject, { lines }, world), command.args.amount);
  await write(world, documents.processReturn, {
    input: {
      returnId: gid(subject.channelCaseId),
      returnLineItems: lines,
      financialTransfer: {
        issueRefund: {
          orderTransactions: payments.map(({ parentId, amount }) => ({
            parentId,
            transactionAmount: { amount: decimalOf(amount), currencyCode: amount.currency },
          })),
        },
      },
      notifyCustomer: true,
    },
  });
}

/**
 * The units to confirm: those that came back and are not processed; all that can be, while nothing has been said about
 * any unit (a refund that does not wait for the goods). Missing units are never among them.
 */
export function unitsToProcess({ returnLineItems, reverseFulfillmentOrders }: ReturnNow): Units[] {
  const reverseLines = reverseFulfillmentOrders.nodes
    .filter(({ status }) => status !== "CANCELED")
    .flatMap(({ lineItems }) => lineItems.nodes);
  const isUntouched = reverseLines.every((line) => line.dispositions.length === 0);
  return returnLineItems.nodes.flatMap(({ id, processableQuantity, processedQuantity, fulfillmentLineItem }) => {
    const received = reverseLines
      .filter((line) => fulfillmentLineItem && line.fulfillmentLineItem?.id === fulfillmentLineItem.id)
      .flatMap((line) => line.dispositions)
      .filter(({ type }) => Object.hasOwn(dispositions, type) && dispositions[type] === "received")
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const quantity = isUntouched ? processableQuantity : Math.min(processableQuantity, received - processedQuantity);
    return quantity > 0 ? [{ id, quantity }] : [];
  });
}

/**
 * Pays a refund without goods again whose payment failed. The key is the command's own, so that a repetition within a
 * day gives the first result; and no later refund of the order may exist, because a failed one never changes.
 */
export async function refundAgain({ subject, command }: Request, world: ShopifyWorld): Promise<void> {
  const now = await readRefund(subject, world);
  const amount = command.args.amount ?? failedAmount(now);
  if (now.return || !amount) throw moved("NOT_FAILED");
  const isFollowed = now.order.refunds.some((each) => each.id !== now.id && (each.createdAt ?? "") >= now.createdAt);
  if (isFollowed) throw refused("later_refund_exists", "the order has been refunded again since; a person has to look");
  const orderId = now.order.id;
  const payments = allocate(now.order.suggestedRefund?.suggestedTransactions ?? [], amount);
  await write(world, documents.createRefund, {
    key: idempotencyKey(world.shopId, subject.channelCaseId, command.commandId),
    input: {
      orderId,
      currency: amount.currency,
      notify: true,
      transactions: payments.map(({ parentId, gateway, amount: part }) => ({
        orderId,
        parentId,
        gateway,
        kind: "REFUND",
        amount: decimalOf(part),
      })),
    },
  });
}

/** What failed; undefined when anything is still open or has been paid. */
function failedAmount({ transactions }: RefundNow): Money | undefined {
  const refunds = transactions.nodes.filter(({ kind }) => kind === "REFUND");
  const isFailed = refunds.every(({ status }) => status === "FAILURE" || status === "ERROR");
  return isFailed ? sumOf(refunds.map(({ amountSet }) => amountSet)) : undefined;
}

/**
 * Spreads the wanted amount over the payments that Shopify suggests to give back, in its order; all of it when no amount
 * is wanted. @throws SuiteError `channel_refused` when it is more than suggested, or nothing.
 */
export function allocate(
  suggestions: readonly Suggestion[],
  wanted: Money | undefined,
): { parentId: string; gateway: string; amount: Money }[] {
  const total = sumOf(suggestions.map(({ amountSet }) => amountSet));
  if (!total || total.amountMinor <= 0) throw refused("nothing_to_refund", "there is nothing to refund");
  if (wanted && wanted.currency !== total.currency)
    throw refused("other_currency", "the buyer paid in another currency");
  let left = wanted?.amountMinor ?? total.amountMinor;
  if (left > total.amountMinor)
    throw refused("amount_above_suggestion", "the amount is more than Shopify would refund");
  if (left <= 0) throw refused("nothing_to_refund", "there is nothing to refund");
  return suggestions.flatMap(({ amountSet, parentTransaction, gateway }) => {
    const part = Math.min(left, amountSet.amountMinor);
    if (part <= 0) return [];
    if (!parentTransaction) throw refused("no_parent_transaction", "the payment to give back is not known");
    left -= part;
    return [{ parentId: parentTransaction.id, gateway: gateway ?? "", amount: { ...amountSet, amountMinor: part } }];
  });
}

/** A UUID of version 5 that is the same for the same command of the same case. */
export function idempotencyKey(shopId: string, channelCaseId: string, commandId: string): string {
  // The namespace for URLs of RFC 9562.
  const namespace = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
  const name = `casebridge:shopify:${shopId}:${channelCaseId}:${commandId}`;
  const bytes = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
