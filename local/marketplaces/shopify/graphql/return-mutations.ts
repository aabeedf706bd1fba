import { removeFromReturn } from "../acts/remove.ts";
import {
  approveReturn,
  cancelReturn,
  closeReturn,
  createReturn,
  declineReturn,
  type ReturnWish,
  reopenReturn,
  requestReturn,
} from "../acts/returns.ts";
import type { Outcome, Turn, UserError } from "../acts/turn.ts";
import { refused } from "../acts/turn.ts";
import { catalogue } from "../model/catalogue.ts";
import { idOf } from "../model/ids.ts";
import { minorOf } from "../model/money.ts";
import { reasons } from "../model/reasons.ts";
import type { Order, Return } from "../model/types.ts";
import { findReturn } from "../model/world.ts";
import { returnView } from "../views/return-view.ts";
import type { GraphRequest } from "./request.ts";

interface LineInput {
  fulfillmentLineItemId: string;
  quantity: number;
  returnReason?: string;
  returnReasonDefinitionId?: string;
  returnReasonNote?: string;
  customerNote?: string;
  restockingFee?: { percentage: number };
}

interface WishInput {
  orderId: string;
  returnLineItems: LineInput[];
  exchangeLineItems?: { variantId?: string; quantity: number }[];
  returnShippingFee?: { amount: { amount: string } };
}

type IdInput = { id: string };
type Act = (turn: Turn, order: Order, one: Return) => Outcome<Return>;

/** Finds the return, lets the act decide, and answers in the payload form of the return mutations. */
export function onReturn({ view, act }: GraphRequest, { id, field }: { id: string; field: string[] }, work: Act) {
  const order = view.world.ownerOf(view.shop.domain, id);
  const one = findReturn(order, id);
  if (order === undefined || one === undefined) {
    return { return: null, userErrors: refused("NOT_FOUND", field, "There is no such return.").errors };
  }
  const outcome = act((turn) => work(turn, order, one));
  if ("errors" in outcome) return { return: null, userErrors: outcome.errors };
  return { return: returnView(view, order, outcome.value), userErrors: [] };
}

/** Turns the input of returnRequest and returnCreate into a wish, or says what in it does not exist. */
function wishOf(order: Order, input: WishInput): ReturnWish | UserError[] {
  const errors: UserError[] = [];
  const lines = input.returnLineItems.map((line, index): ReturnWish["lines"][number] => {
    const fulfillmentLineId = idOf("FulfillmentLineItem", line.fulfillmentLineItemId);
    const orderLine = order.lines.find((one) => one.fulfillmentLineId === fulfillmentLineId);
    if (orderLine === undefined || fulfillmentLineId === undefined) {
      const field = ["returnLineItems", String(index), "fulfillmentLineItemId"];
      errors.push(...refused("NOT_FOUND", field, "The order has no such shipped item.").errors);
    }
    const definition = reasons.find(
      ({ id }) => id === idOf("ReturnReasonDefinition", line.returnReasonDefinitionId ?? ""),
    );
    return {
      orderLineId: orderLine?.id ?? "",
      quantity: line.quantity,
      reason: definition?.handle ?? `enum:${line.returnReason ?? "UNKNOWN"}`,
      reasonNote: line.returnReasonNote,
      customerNote: line.customerNote,
      restockingPercentage: line.restockingFee?.percentage,
    };
  });
  const exchanges = (input.exchangeLineItems ?? []).flatMap((line, index) => {
    const variantId = idOf("ProductVariant", line.variantId ?? "");
    const product = catalogue.find((one) => one.variantId === variantId);
    if (product !== undefined) {
      const unitMinor = product.priceMinor[order.presentmentCurrency] ?? 0;
      return [{ ...product, quantity: line.quantity, unitMinor }];
    }
    errors.push(...refused("NOT_FOUND", ["exchangeLineItems", String(index), "variantId"], "No such variant.").errors);
    return [];
  });
  if (errors.length > 0) return errors;
  const fee = input.returnShippingFee?.amount.amount ?? "0";
  return { lines, exchanges, shippingFeeMinor: minorOf(fee, order.presentmentCurrency) };
}

function onOrder(
  request: GraphRequest,
  input: WishInput,
  work: (turn: Turn, order: Order, wish: ReturnWish) => Outcome<Return>,
) {
  const { view, act } = request;
  const order = view.world.ownerOf(view.shop.domain, input.orderId);
  if (order === undefined || idOf("Order", input.orderId) === undefined) {
    return { return: null, userErrors: refused("NOT_FOUND", ["orderId"], "There is no such order.").errors };
  }
  const wish = wishOf(order, input);
  if (Array.isArray(wish)) return { return: null, userErrors: wish };
  const outcome = act((turn) => work(turn, order, wish));
  if ("errors" in outcome) return { return: null, userErrors: outcome.errors };
  return { return: returnView(view, order, outcome.value), userErrors: [] };
}

export const returnMutations = {
  returnRequest: ({ input }: { input: WishInput }, request: GraphRequest) => onOrder(request, input, requestReturn),
  returnCreate: ({ returnInput }: { returnInput: WishInput }, request: GraphRequest) =>
    onOrder(request, returnInput, createReturn),
  returnApproveRequest: ({ input }: { input: IdInput }, request: GraphRequest) =>
    onReturn(request, { id: input.id, field: ["input", "id"] }, approveReturn),
  returnDeclineRequest: (
    { input }: { input: IdInput & { declineReason: string; declineNote?: string } },
    request: GraphRequest,
  ) =>
    onReturn(request, { id: input.id, field: ["input", "id"] }, (turn, order, one) =>
      declineReturn(turn, order, one, { reason: input.declineReason, note: input.declineNote ?? undefined }),
    ),
  returnCancel: ({ id }: IdInput, request: GraphRequest) => onReturn(request, { id, field: ["id"] }, cancelReturn),
  returnClose: ({ id }: IdInput, request: GraphRequest) => onReturn(request, { id, field: ["id"] }, closeReturn),
  returnReopen: ({ id }: IdInput, request: GraphRequest) => onReturn(request, { id, field: ["id"] }, reopenReturn),
  removeFromReturn: (
    input: {
      returnId: string;
      returnLineItems?: { returnLineItemId: string; quantity: number }[];
      exchangeLineItems?: { exchangeLineItemId: string; quantity: number }[];
    },
    request: GraphRequest,
  ) =>
    onReturn(request, { id: input.returnId, field: ["returnId"] }, (turn, order, one) =>
      removeFromReturn(turn, order, one, {
        lines: (input.returnLineItems ?? []).map(({ returnLineItemId, quantity }) => ({
          id: idOf("ReturnLineItem", returnLineItemId) ?? "",
          quantity,
        })),
        exchanges: (input.exchangeLineItems ?? []).map(({ exchangeLineItemId, quantity }) => ({
          id: idOf("ExchangeLineItem", exchangeLineItemId) ?? "",
          quantity,
        })),
      }),
    ),
};
