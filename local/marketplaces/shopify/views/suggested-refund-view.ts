import { suggestedPayments } from "../acts/pay.ts";
import { idOf } from "../model/ids.ts";
import { minorOf, moneyBag } from "../model/money.ts";
import { refundableMinor, taxInside } from "../model/sums.ts";
import type { Order } from "../model/types.ts";
import { lineItemView } from "./order-view.ts";
import { shippingRefundView, suggestedTransactionView } from "./refund-view.ts";
import type { View } from "./view.ts";

/** `Order.suggestedRefund`: what giving these units (or everything) back would pay. */
export function suggestedRefundView(
  view: View,
  order: Order,
  ask: {
    refundLineItems?: { lineItemId: string; quantity: number; restockType?: string }[] | null;
    refundShipping?: boolean | null;
    shippingAmount?: string | null;
    suggestFullRefund?: boolean | null;
  },
) {
  const wanted = order.lines.flatMap((line) => {
    const asked = ask.refundLineItems?.find(({ lineItemId }) => idOf("LineItem", lineItemId) === line.id);
    const left = line.quantity - line.refundedQuantity;
    const quantity = ask.suggestFullRefund ? left : Math.min(asked?.quantity ?? 0, left);
    return quantity > 0 ? [{ line, quantity, restockType: asked?.restockType ?? "NO_RESTOCK" }] : [];
  });
  const goodsMinor = wanted.reduce((sum, { line, quantity }) => sum + line.unitMinor * quantity, 0);
  const isFullShipping = ask.refundShipping || ask.suggestFullRefund;
  const shippingMinor = isFullShipping
    ? order.shippingMinor
    : (minorOf(ask.shippingAmount ?? "0", order.presentmentCurrency) ?? 0);
  const amountMinor = Math.min(goodsMinor + shippingMinor, refundableMinor(order));
  const nothing = moneyBag(order, 0);
  return {
    amountSet: moneyBag(order, amountMinor),
    maximumRefundableSet: moneyBag(order, refundableMinor(order)),
    subtotalSet: moneyBag(order, goodsMinor),
    discountedSubtotalSet: moneyBag(order, goodsMinor),
    totalTaxSet: moneyBag(order, taxInside(goodsMinor)),
    totalCartDiscountAmountSet: nothing,
    totalDutiesSet: nothing,
    shipping: shippingRefundView(order, shippingMinor),
    suggestedRefundMethods: [],
    suggestedTransactions: suggestedPayments(order, amountMinor).map((payment) =>
      suggestedTransactionView(view, order, payment),
    ),
    refundLineItems: wanted.map(({ line, quantity, restockType }) => ({
      id: null,
      lineItem: () => lineItemView(view, order, line),
      quantity,
      restockType,
      restocked: restockType !== "NO_RESTOCK",
      priceSet: moneyBag(order, line.unitMinor),
      subtotalSet: moneyBag(order, line.unitMinor * quantity),
      totalTaxSet: moneyBag(order, taxInside(line.unitMinor * quantity)),
    })),
  };
}
