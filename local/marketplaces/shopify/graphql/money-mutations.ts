import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import { cancelOrder } from "../acts/cancel-order.ts";
import { updateEvidence } from "../acts/dispute.ts";
import { createRefund } from "../acts/refund.ts";
import { refused } from "../acts/turn.ts";
import { gid, idOf } from "../model/ids.ts";
import { minorOf } from "../model/money.ts";
import type { Order, Refund } from "../model/types.ts";
import { evidenceView } from "../views/dispute-view.ts";
import { orderView } from "../views/order-view.ts";
import { refundView } from "../views/refund-view.ts";
import { idempotencyKey } from "./directives.ts";
import type { GraphRequest } from "./request.ts";
import { idempotencyRequiredFrom } from "./versions.ts";

interface RefundInput {
  orderId: string;
  currency?: string;
  note?: string;
  shipping?: { amount?: string; fullRefund?: boolean };
  transactions?: { amount: string; gateway: string; kind: string; parentId?: string }[];
  refundLineItems?: { lineItemId: string; quantity: number; restockType?: string; locationId?: string }[];
  allowOverRefunding?: boolean;
}

export const moneyMutations = {
  refundCreate: ({ input }: { input: RefundInput }, request: GraphRequest, info: GraphQLResolveInfo) => {
    const { view, act, idempotency, version } = request;
    const order = view.world.ownerOf(view.shop.domain, input.orderId);
    if (order === undefined) return plainErrors("There is no such order.", ["input", "orderId"]);
    const key = idempotencyKey(info);
    if (key === undefined && version >= idempotencyRequiredFrom) {
      throw new GraphQLError("refundCreate needs @idempotent with a key.", { extensions: { code: "BAD_REQUEST" } });
    }
    if (key === undefined)
      return refundPayload(
        request,
        order,
        act((turn) => createRefund(turn, order, wishOf(order, input))),
      );
    const ask = { shop: view.shop.domain, key, fingerprint: JSON.stringify(input) };
    const nowMs = view.now.getTime();
    const earlier = idempotency.find({ ...ask, nowMs });
    if (earlier.state === "refused") return plainErrors(earlier.message, null);
    if (earlier.state === "same") {
      const refund = order.refunds.find(({ id }) => id === earlier.refundId);
      return refund === undefined
        ? plainErrors("The refund is gone.", null)
        : refundPayload(request, order, { value: refund });
    }
    const outcome = act((turn) => {
      const made = createRefund(turn, order, wishOf(order, input));
      idempotency.keep({ ...ask, atMs: nowMs, refundId: "value" in made ? made.value.id : undefined });
      return made;
    });
    return refundPayload(request, order, outcome);
  },

  orderCancel: (
    input: {
      orderId: string;
      reason: string;
      staffNote?: string;
      refund?: boolean;
      refundMethod?: { originalPaymentMethodsRefund?: boolean; storeCreditRefund?: object };
    },
    { view, act }: GraphRequest,
  ) => {
    const order = view.world.ownerOf(view.shop.domain, input.orderId);
    const outcome =
      order === undefined
        ? refused("NOT_FOUND", ["orderId"], "There is no such order.")
        : act((turn) =>
            cancelOrder(turn, order, {
              reason: input.reason,
              staffNote: input.staffNote ?? undefined,
              refundToPayment: input.refundMethod?.originalPaymentMethodsRefund ?? input.refund ?? false,
              refundToStoreCredit: input.refundMethod?.storeCreditRefund !== undefined,
            }),
          );
    if ("errors" in outcome) {
      return { job: null, jobResult: null, orderCancelUserErrors: outcome.errors, userErrors: outcome.errors };
    }
    const { jobId } = outcome.value;
    return {
      job: { id: gid("Job", jobId), done: false },
      jobResult: {
        __typename: "OrderCancelJobResult",
        id: gid("OrderCancelJobResult", jobId),
        status: "STARTED",
        done: false,
        errors: [],
        order: () => (order === undefined ? null : orderView(view, order)),
      },
      orderCancelUserErrors: [],
      userErrors: [],
    };
  },

  disputeEvidenceUpdate: (
    { id, input }: { id: string; input: Record<string, unknown> },
    { view, act }: GraphRequest,
  ) => {
    const order = view.world.ownerOf(view.shop.domain, id);
    const dispute = order?.disputes.find(({ evidence }) => gid("ShopifyPaymentsDisputeEvidence", evidence.id) === id);
    if (order === undefined || dispute === undefined) {
      const { errors } = refused("DISPUTE_EVIDENCE_NOT_FOUND", ["id"], "There is no such evidence.");
      return { disputeEvidence: null, userErrors: errors };
    }
    const entries = Object.entries(input);
    const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    const files = entries.filter(([name]) => name.endsWith("File")) as [string, { id: string; destroy?: boolean }][];
    const outcome = act((turn) =>
      updateEvidence(turn, order, dispute, {
        texts: Object.fromEntries(texts),
        files: Object.fromEntries(files.map(([name, file]) => [name, file.destroy ? null : file.id])),
        submit: input.submitEvidence === true,
      }),
    );
    if ("errors" in outcome) return { disputeEvidence: null, userErrors: outcome.errors };
    return { disputeEvidence: evidenceView(view, order, dispute), userErrors: [] };
  },
};

function wishOf(order: Order, input: RefundInput) {
  const { shipping } = input;
  return {
    currency: input.currency,
    note: input.note,
    allowOverRefunding: input.allowOverRefunding,
    shippingMinor: shipping?.fullRefund
      ? order.shippingMinor
      : (minorOf(shipping?.amount ?? "0", order.presentmentCurrency) ?? 0),
    lines: (input.refundLineItems ?? []).map((line) => ({
      orderLineId: idOf("LineItem", line.lineItemId) ?? "",
      quantity: line.quantity,
      restockType: line.restockType ?? "NO_RESTOCK",
      locationId: line.locationId ? idOf("Location", line.locationId) : undefined,
    })),
    transactions: (input.transactions ?? []).map((transaction) => ({
      ...transaction,
      parentId: idOf("OrderTransaction", transaction.parentId ?? ""),
    })),
  };
}

function refundPayload({ view }: GraphRequest, order: Order, outcome: ReturnType<typeof createRefund>) {
  // These errors have no code: the type of this mutation is the plain one.
  if ("errors" in outcome) return { refund: null, order: null, userErrors: outcome.errors };
  const refund: Refund = outcome.value;
  return { refund: refundView(view, order, refund), order: orderView(view, order), userErrors: [] };
}

function plainErrors(message: string, field: string[] | null) {
  return { refund: null, order: null, userErrors: [{ field, message }] };
}
