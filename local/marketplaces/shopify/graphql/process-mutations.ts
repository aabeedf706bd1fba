import type { PaymentWish } from "../acts/pay.ts";
import { processReturn } from "../acts/process.ts";
import { attachDelivery, type DispositionWish, dispose, type Shipping, updateDelivery } from "../acts/reverse.ts";
import { refused, type UserError } from "../acts/turn.ts";
import { idOf } from "../model/ids.ts";
import { minorOf } from "../model/money.ts";
import type { DispositionType, Order } from "../model/types.ts";
import { findDelivery, findReverseOrder } from "../model/world.ts";
import { deliveryView, reverseLineView } from "../views/reverse-view.ts";
import type { GraphRequest } from "./request.ts";
import { onReturn } from "./return-mutations.ts";

interface DispositionInput {
  reverseFulfillmentOrderLineItemId: string;
  quantity: number;
  dispositionType: DispositionType;
  locationId?: string;
}

interface ShippingInput {
  labelInput?: { fileUrl: string } | null;
  trackingInput?: { number?: string; url?: string } | null;
}

interface ProcessInput {
  returnId: string;
  returnLineItems?: { id: string; quantity: number; dispositions?: DispositionInput[] }[] | null;
  exchangeLineItems?: { id: string; quantity: number }[] | null;
  financialTransfer?: {
    issueRefund?: {
      orderTransactions: { parentId: string; transactionAmount: { amount: string; currencyCode: string } }[];
      allowOverRefunding?: boolean;
    };
  };
  refundShipping?: { fullRefund?: boolean; shippingRefundAmount?: { amount: string } };
  note?: string;
}

export const processMutations = {
  returnProcess: ({ input }: { input: ProcessInput }, request: GraphRequest) =>
    onReturn(request, { id: input.returnId, field: ["input", "returnId"] }, (turn, order, one) => {
      const payments = paymentsOf(order, input);
      if ("errors" in payments) return payments;
      const shippingAmount = input.refundShipping?.shippingRefundAmount?.amount ?? "0";
      return processReturn(turn, order, one, {
        payments: payments.value,
        lines: (input.returnLineItems ?? []).map(({ id, quantity, dispositions }) => ({
          id: idOf("ReturnLineItem", id) ?? "",
          quantity,
          dispositions: (dispositions ?? []).map(dispositionOf),
        })),
        exchanges: (input.exchangeLineItems ?? []).map(({ id, quantity }) => ({
          id: idOf("ExchangeLineItem", id) ?? "",
          quantity,
        })),
        allowOverRefunding: input.financialTransfer?.issueRefund?.allowOverRefunding,
        refundShippingMinor: input.refundShipping?.fullRefund
          ? order.shippingMinor
          : minorOf(shippingAmount, order.presentmentCurrency),
        note: input.note,
      });
    }),

  reverseFulfillmentOrderDispose: (
    { dispositionInputs }: { dispositionInputs: DispositionInput[] },
    { view, act }: GraphRequest,
  ) => {
    const wishes = dispositionInputs.map(dispositionOf);
    const first = dispositionInputs[0]?.reverseFulfillmentOrderLineItemId ?? "";
    const order = view.world.ownerOf(view.shop.domain, first);
    const one = order?.returns.find(({ reverseOrders }) =>
      reverseOrders.some(({ lines }) => lines.some(({ id }) => id === wishes[0]?.reverseLineId)),
    );
    if (order === undefined || one === undefined) {
      const { errors } = refused("NOT_FOUND", ["dispositionInputs", "0"], "There is no such item.");
      return { reverseFulfillmentOrderLineItems: null, userErrors: errors };
    }
    const outcome = act((turn) => dispose(turn, order, one, { wishes, field: ["dispositionInputs"] }));
    if ("errors" in outcome) return { reverseFulfillmentOrderLineItems: null, userErrors: outcome.errors };
    const touched = one.reverseOrders
      .flatMap(({ lines }) => lines)
      .filter(({ id }) => wishes.some((wish) => wish.reverseLineId === id));
    const lines = touched.map((line) => reverseLineView(view, order, one, line));
    return { reverseFulfillmentOrderLineItems: lines, userErrors: [] };
  },

  reverseDeliveryCreateWithShipping: (
    input: ShippingInput & {
      reverseFulfillmentOrderId: string;
      reverseDeliveryLineItems: { reverseFulfillmentOrderLineItemId: string; quantity: number }[];
    },
    { view, act }: GraphRequest,
  ) => {
    const order = view.world.ownerOf(view.shop.domain, input.reverseFulfillmentOrderId);
    const found = findReverseOrder(order, input.reverseFulfillmentOrderId);
    if (order === undefined || found === undefined) return notThere("reverseFulfillmentOrderId");
    const outcome = act((turn) =>
      attachDelivery(turn, order, found, {
        ...shippingOf(input),
        lines: input.reverseDeliveryLineItems.map(({ reverseFulfillmentOrderLineItemId, quantity }) => ({
          reverseLineId: idOf("ReverseFulfillmentOrderLineItem", reverseFulfillmentOrderLineItemId) ?? "",
          quantity,
        })),
      }),
    );
    if ("errors" in outcome) return { reverseDelivery: null, userErrors: outcome.errors };
    return { reverseDelivery: deliveryView(view, order, [...found, outcome.value]), userErrors: [] };
  },

  reverseDeliveryShippingUpdate: (
    input: ShippingInput & { reverseDeliveryId: string },
    { view, act }: GraphRequest,
  ) => {
    const order = view.world.ownerOf(view.shop.domain, input.reverseDeliveryId);
    const found = findDelivery(order, input.reverseDeliveryId);
    if (order === undefined || found === undefined) return notThere("reverseDeliveryId");
    const outcome = act((turn) => updateDelivery(turn, order, found, shippingOf(input)));
    if ("errors" in outcome) return { reverseDelivery: null, userErrors: outcome.errors };
    return { reverseDelivery: deliveryView(view, order, found), userErrors: [] };
  },
};

function notThere(field: string) {
  return { reverseDelivery: null, userErrors: refused("NOT_FOUND", [field], "It does not exist.").errors };
}

function shippingOf({ labelInput, trackingInput }: ShippingInput): Shipping {
  return {
    labelUrl: labelInput?.fileUrl,
    trackingNumber: trackingInput?.number ?? undefined,
    trackingUrl: trackingInput?.url ?? undefined,
  };
}

function dispositionOf(input: DispositionInput): DispositionWish {
  return {
    reverseLineId: idOf("ReverseFulfillmentOrderLineItem", input.reverseFulfillmentOrderLineItemId) ?? "",
    quantity: input.quantity,
    type: input.dispositionType,
    locationId: input.locationId ? idOf("Location", input.locationId) : undefined,
  };
}

function paymentsOf(order: Order, input: ProcessInput): { value: PaymentWish[] } | { errors: UserError[] } {
  const payments: PaymentWish[] = [];
  for (const [index, wish] of (input.financialTransfer?.issueRefund?.orderTransactions ?? []).entries()) {
    const field = ["input", "financialTransfer", "issueRefund", "orderTransactions", String(index)];
    const { amount, currencyCode } = wish.transactionAmount;
    const parentId = idOf("OrderTransaction", wish.parentId);
    const parent = order.transactions.find(({ id, kind }) => id === parentId && kind === "SALE");
    const amountMinor = minorOf(amount, currencyCode);
    if (parent === undefined) return refused("NOT_FOUND", [...field, "parentId"], "No such payment.");
    if (currencyCode !== order.presentmentCurrency || amountMinor === undefined) {
      return refused("INVALID", [...field, "transactionAmount"], "The amount must be in the presentment currency.");
    }
    payments.push({ parent, amountMinor });
  }
  return { value: payments };
}
