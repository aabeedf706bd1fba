import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import { decimalOf, type Money, sumOf } from "#shared/case/money.ts";
import { moved, type OrderNow, readOrderOf, refused } from "./before-write.ts";
import { type ShopifyWorld, write } from "./client.ts";
import { byHand, isReturn, offered, type ShopifyAction } from "./commands.ts";
import * as documents from "./documents.ts";
import { parse } from "./parse.ts";

/** Source: Admin API schema 2026-10, `OrderCancelReason`, read 2026-11-22. */
const reasons = ["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"];

/** The buyer's money is left as it is: for an order that was never paid, or was paid back in another way. */
export const cancelOrder: ShopifyAction = {
  needs: ["reasonCode", "restock"],
  offered: offeredFor,
  send: async ({ subject, command }, world) => {
    const order = await readOrderOf(subject, world);
    // An order is cancelled once, by us before or by the merchant's staff.
    if (order.cancelledAt) return;
    checkReturns(order);
    return cancel(order.id, { args: command.args, refund: null }, world);
  },
};

/**
 * Shopify pays back all that is left of the order, and takes no amount: so what it would pay must be what was agreed to,
 * to the cent. Nothing else of the order may be on its way to the buyer.
 */
export const cancelAndRefund: ShopifyAction = {
  needs: ["reasonCode", "restock"],
  offered: offeredFor,
  send: async ({ subject, command }, world) => {
    const order = await readOrderOf(subject, world);
    // Cancelled by whom, and with or without the money: that is for a person to see.
    if (order.cancelledAt) throw moved("ORDER_CANCELLED");
    checkReturns(order);
    checkMoney(order, command.args.amount ?? subject.facts.money.claimed);
    return cancel(order.id, { args: command.args, refund: { originalPaymentMethodsRefund: true } }, world);
  },
};

function offeredFor(subject: Case) {
  return isReturn(subject, ["rejected"])
    ? offered
    : byHand("An order is cancelled here only after its return has been declined. Cancel it in the Shopify admin.");
}

/** @throws SuiteError `channel_refused` while a return is in progress: Shopify would refuse it. */
function checkReturns({ returns }: OrderNow): void {
  if (returns.nodes.some(({ status }) => status === "REQUESTED" || status === "OPEN")) {
    throw refused("return_in_progress", "the order has a return in progress: close, cancel or decline it first");
  }
}

function checkMoney({ refunds, suggestedRefund }: OrderNow, agreed: Money | undefined): void {
  const transactions = refunds.flatMap((each) => each.transactions.nodes).filter(({ kind }) => kind === "REFUND");
  if (transactions.some(({ status }) => !["SUCCESS", "FAILURE", "ERROR"].includes(status))) {
    throw refused("refund_pending", "a refund of the order is still on its way");
  }
  const left = sumOf((suggestedRefund?.suggestedTransactions ?? []).map(({ amountSet }) => amountSet));
  if (!left || left.amountMinor <= 0) throw refused("nothing_to_refund", "there is nothing left to refund");
  if (left.currency !== agreed?.currency || left.amountMinor !== agreed.amountMinor) {
    const amount = `${decimalOf(left)} ${left.currency}`;
    throw refused("amount_differs", `Shopify would pay back ${amount}, which is not what was agreed to`);
  }
}

const resultSchema = z.object({
  job: z.object({ id: z.string().max(128) }).nullish(),
  jobResult: z.object({ status: z.string(), errors: z.array(z.object({ code: z.string().nullish() })) }).nullish(),
});

/** Starts the job. That it has ended shows on the order, and so on the declined return, which is then closed. */
async function cancel(
  id: string,
  { args, refund }: { args: { reasonCode?: string; restock?: boolean; staffNote?: string }; refund: object | null },
  world: ShopifyWorld,
) {
  const reason = (args.reasonCode ?? "").toUpperCase();
  if (!reasons.includes(reason)) throw refused("reason_unknown", `the reason must be one of ${reasons.join(", ")}`);
  if (args.restock === undefined) throw refused("restock_missing", "say whether the goods go back into stock");
  const { restock, staffNote = null } = args;
  const { data } = await write(world, documents.cancelOrder, { id, reason, restock, refund, staffNote });
  const { job, jobResult } = parse(resultSchema, data.orderCancel ?? {});
  if (jobResult?.status === "FAILED")
    throw refused(jobResult.errors[0]?.code ?? "FAILED", "Shopify could not cancel it");
  return job ? { reference: job.id } : undefined;
}
