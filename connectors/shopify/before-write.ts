import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import { moneyOfDecimal } from "#shared/case/money.ts";
import { SuiteError } from "#shared/errors.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { gid } from "./gid.ts";
import { parse } from "./parse.ts";

// Return mutations take no idempotency key, so each write is decided on what is read right before it.

const count = z.int().nonnegative();
const page = z.object({ hasNextPage: z.boolean() }).nullish();
const ref = z.object({ id: z.string() }).nullish();
const list = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node), pageInfo: page });

const money = z
  .object({ presentmentMoney: z.object({ amount: z.string(), currencyCode: z.string() }) })
  .transform((bag, context) => {
    try {
      return moneyOfDecimal(bag.presentmentMoney.amount, bag.presentmentMoney.currencyCode);
    } catch {
      context.addIssue({ code: "custom", message: "not an amount" });
      return z.NEVER;
    }
  });

const suggestionSchema = z.object({ gateway: z.string().nullish(), amountSet: money, parentTransaction: ref });
/** A payment that Shopify would give back, wholly or in part. */
export type Suggestion = z.infer<typeof suggestionSchema>;

const returnSchema = z.object({
  status: z.string(),
  returnLineItems: list(
    z.object({ id: z.string(), processableQuantity: count, processedQuantity: count, fulfillmentLineItem: ref }),
  ),
  exchangeLineItems: list(z.object({ id: z.string(), processableQuantity: count, processedQuantity: count })),
  reverseFulfillmentOrders: list(
    z.object({
      id: z.string(),
      status: z.string(),
      lineItems: list(
        z.object({
          id: z.string(),
          totalQuantity: count,
          fulfillmentLineItem: ref,
          dispositions: z.array(z.object({ type: z.string(), quantity: count })),
        }),
      ),
      reverseDeliveries: z.object({
        nodes: z.array(
          z.object({
            deliverable: z.object({ tracking: z.object({ number: z.string().nullish() }).nullish() }).nullish(),
          }),
        ),
      }),
    }),
  ),
});
export type ReturnNow = z.infer<typeof returnSchema>;

/** @throws SuiteError `case_changed` when the return is gone, `channel_refused` when it is too large to act on by API. */
export async function readReturn({ channelCaseId }: Case, world: ShopifyWorld): Promise<ReturnNow> {
  const { data } = await ask(world, documents.returnBeforeWrite, { id: gid(channelCaseId) });
  if (!data.return) throw gone();
  const found = parse(returnSchema, data.return);
  const reverseOrders = found.reverseFulfillmentOrders;
  const lists = [
    found.returnLineItems,
    found.exchangeLineItems,
    reverseOrders,
    ...reverseOrders.nodes.map(({ lineItems }) => lineItems),
  ];
  if (lists.some(({ pageInfo }) => pageInfo?.hasNextPage)) {
    throw refused("too_many_lines", "the return is too large to be acted on without a person");
  }
  return found;
}

const transferSchema = z.object({
  suggestedFinancialOutcome: z
    .object({
      financialTransfer: z
        .object({ __typename: z.string(), suggestedTransactions: z.array(suggestionSchema).nullish() })
        .nullish(),
    })
    .nullish(),
});

export interface Units {
  readonly id: string;
  readonly quantity: number;
}

/**
 * What Shopify would pay back if these units were processed; nothing where the goods that go out are worth the same.
 * @throws SuiteError `channel_refused` when the buyer owes money instead: then nothing may be processed by itself.
 */
export async function suggestedPayments(
  { channelCaseId }: Case,
  { lines, exchanges = [] }: { lines: readonly Units[]; exchanges?: readonly Units[] },
  world: ShopifyWorld,
): Promise<Suggestion[]> {
  const { data } = await ask(world, documents.returnMoney, { id: gid(channelCaseId), lines, exchanges });
  if (!data.return) throw gone();
  const transfer = parse(transferSchema, data.return).suggestedFinancialOutcome?.financialTransfer;
  if (transfer?.__typename === "InvoiceReturnOutcome") throw refused("invoice_outcome", "the buyer owes a balance");
  if (transfer && transfer.__typename !== "RefundReturnOutcome") {
    throw refused("outcome_unknown", "Shopify suggests an outcome that we have no word for");
  }
  return transfer?.suggestedTransactions ?? [];
}

const refundSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  return: ref,
  order: z.object({
    id: z.string(),
    refunds: z.array(z.object({ id: z.string(), createdAt: z.string().nullish(), return: ref })),
    suggestedRefund: z.object({ suggestedTransactions: z.array(suggestionSchema) }).nullish(),
  }),
  transactions: list(z.object({ kind: z.string(), status: z.string(), amountSet: money })),
});
export type RefundNow = z.infer<typeof refundSchema>;

export async function readRefund({ channelCaseId }: Case, world: ShopifyWorld): Promise<RefundNow> {
  const { data } = await ask(world, documents.refundBeforeWrite, { id: gid(channelCaseId) });
  if (!data.refund) throw gone();
  return parse(refundSchema, data.refund);
}

const orderSchema = z.object({
  id: z.string(),
  cancelledAt: z.string().nullish(),
  returns: list(z.object({ id: z.string(), status: z.string() })),
  refunds: z.array(
    z.object({ id: z.string(), transactions: list(z.object({ kind: z.string(), status: z.string() })) }),
  ),
  suggestedRefund: z.object({ suggestedTransactions: z.array(suggestionSchema) }).nullish(),
});
export type OrderNow = z.infer<typeof orderSchema>;

/** More cannot be told apart from a list that was cut. */
const mostRefunds = 20;

/** The order of a return. @throws SuiteError `case_changed` when it is gone, `channel_refused` when it is too large. */
export async function readOrderOf({ channelCaseId }: Case, world: ShopifyWorld): Promise<OrderNow> {
  const { data } = await ask(world, documents.orderBeforeCancel, { id: gid(channelCaseId) });
  if (!data.return) throw gone();
  const { order } = parse(z.object({ order: orderSchema }), data.return);
  const lists = [order.returns, ...order.refunds.map(({ transactions }) => transactions)];
  if (order.refunds.length >= mostRefunds || lists.some(({ pageInfo }) => pageInfo?.hasNextPage)) {
    throw refused("too_many_lines", "the order is too large to be acted on without a person");
  }
  return order;
}

const disputeSchema = z.object({
  status: z.string(),
  disputeEvidence: z.object({ id: z.string(), submitted: z.boolean() }),
});

export async function readDispute(
  { channelCaseId }: Case,
  world: ShopifyWorld,
): Promise<z.infer<typeof disputeSchema>> {
  const { data } = await ask(world, documents.disputeBeforeWrite, { id: gid(channelCaseId) });
  if (!data.dispute) throw gone();
  return parse(disputeSchema, data.dispute);
}

const disputeFileSchema = z.object({ id: z.string(), originalFileName: z.string().nullish(), fileSize: count });
export type DisputeFile = z.infer<typeof disputeFileSchema>;
const disputeFilesSchema = z.object({
  disputeEvidence: z.object({ disputeFileUploads: z.array(disputeFileSchema) }),
});

/** The files that have been uploaded for a dispute, by whomever. */
export async function readDisputeFiles({ channelCaseId }: Case, world: ShopifyWorld): Promise<DisputeFile[]> {
  const { data } = await ask(world, documents.disputeFiles, { id: gid(channelCaseId) });
  if (!data.dispute) throw gone();
  return parse(disputeFilesSchema, data.dispute).disputeEvidence.disputeFileUploads;
}

/** The case is not as it was when the command was planned. */
export function moved(status: string): SuiteError {
  return new SuiteError("case_changed", "the case has changed meanwhile", {
    details: { channelCode: status.slice(0, 60) },
  });
}

/** A refusal of our own, before anything was sent: the channel would refuse it, or pay wrongly. */
export function refused(channelCode: string, message: string): SuiteError {
  return new SuiteError("channel_refused", message, { details: { channelCode } });
}

function gone(): SuiteError {
  return new SuiteError("case_changed", "the case is not there any more");
}
