import type { Random } from "../../kit/random.ts";
import { financialOutcome } from "../acts/outcome.ts";
import { suggestedPayments } from "../acts/pay.ts";
import { processReturn } from "../acts/process.ts";
import { approveReturn, closeReturn, requestReturn } from "../acts/returns.ts";
import { attachDelivery, type DispositionWish, dispose } from "../acts/reverse.ts";
import type { Turn } from "../acts/turn.ts";
import { catalogue } from "../model/catalogue.ts";
import { gid } from "../model/ids.ts";
import { reasons } from "../model/reasons.ts";
import { refundsOf, refundTransactions, unprocessedUnits } from "../model/sums.ts";
import type { Order, Return } from "../model/types.ts";
import type { Step } from "./plan.ts";

const notes = ["Zipper came apart on day two – 拉链坏了", "Größe passt nicht", "Please be quick", undefined] as const;

export function firstReturn(order: Order): Return {
  const one = order.returns[0];
  if (one === undefined) throw new Error(`order ${order.id} has no return`);
  return one;
}

/** The buyer asks to send back the whole order, in the customer account. */
export function askForReturn(
  turn: Turn,
  order: Order,
  random: Random,
  { exchange, restockingPercentage }: { exchange?: "even" | "dearer" | "cheaper"; restockingPercentage?: number } = {},
): string {
  const lines = order.lines.map((line) => ({
    orderLineId: line.id,
    quantity: line.quantity,
    reason: random.pick([
      ...reasons.filter((reason) => !reason.isDeleted).map(({ handle }) => handle),
      "enum:STYLE",
    ] as [string]),
    customerNote: random.pick(notes),
    restockingPercentage,
  }));
  const outcome = requestReturn(turn, order, { lines, exchanges: exchange ? [exchangeFor(order, exchange)] : [] });
  if ("errors" in outcome) throw new Error(`the plan's return was refused: ${JSON.stringify(outcome.errors)}`);
  return gid("Return", outcome.value.id).slice("gid://shopify/".length);
}

/** Another size of the first line; priced so that nothing, something more or something less is owed. */
function exchangeFor(order: Order, kind: "even" | "dearer" | "cheaper") {
  const line = order.lines[0];
  const product =
    catalogue.find((one) => one.title === line?.title && one.variantId !== line.variantId) ?? catalogue[0];
  if (line === undefined || product === undefined) throw new Error("an exchange needs a line");
  const { priceMinor: _prices, ...goods } = product;
  const factor = { even: 1, dearer: 1.25, cheaper: 0.5 }[kind];
  return { ...goods, quantity: line.quantity, unitMinor: Math.round(line.unitMinor * factor) };
}

/** Goods arrive and are looked at; `missing` units of the last line were not in the parcel. */
export function inspect(turn: Turn, order: Order, { missing = 0 } = {}): void {
  const one = firstReturn(order);
  const lines = one.reverseOrders.flatMap((reverse) => reverse.lines);
  const locationId = turn.world.shop(order.shop)?.locationId;
  const wishes = lines.flatMap((line, index): DispositionWish[] => {
    const left = line.quantity - line.dispositions.reduce((sum, { quantity }) => sum + quantity, 0);
    const lost = index === lines.length - 1 ? Math.min(missing, left) : 0;
    const arrived: DispositionWish = { reverseLineId: line.id, quantity: left - lost, type: "RESTOCKED", locationId };
    const absent: DispositionWish = { reverseLineId: line.id, quantity: lost, type: "MISSING" };
    return [arrived, absent].filter(({ quantity }) => quantity > 0);
  });
  if (wishes.length > 0) dispose(turn, order, one, { wishes, field: [] });
}

/** Processes what has arrived (or all, where nothing was looked at) and pays what the platform suggests. */
export function processAndPay(turn: Turn, order: Order, { share = 1 } = {}): void {
  const one = firstReturn(order);
  const missing = new Map<string, number>();
  for (const line of one.reverseOrders.flatMap((reverse) => reverse.lines)) {
    const lost = line.dispositions.filter(({ type }) => type === "MISSING");
    missing.set(
      line.returnLineId,
      lost.reduce((sum, { quantity }) => sum + quantity, 0),
    );
  }
  const lines = one.lines
    .map((line) => ({
      id: line.id,
      quantity: line.quantity - line.processed - (missing.get(line.id) ?? 0),
      dispositions: [],
    }))
    .filter(({ quantity }) => quantity > 0)
    .slice(0, share < 1 ? 1 : undefined);
  const exchanges = one.exchanges
    .map((line) => ({ id: line.id, quantity: line.quantity - line.processed }))
    .filter(({ quantity }) => quantity > 0);
  const { netMinor } = financialOutcome(order, one, { lines, exchanges, shippingMinor: 0 });
  processReturn(turn, order, one, { lines, exchanges, payments: suggestedPayments(order, netMinor) });
}

export function attachLabel(turn: Turn, order: Order, random: Random): void {
  const one = firstReturn(order);
  const reverse = one.reverseOrders[0];
  if (reverse === undefined || reverse.deliveries.length > 0) return;
  const trackingNumber = `JD0146${random.digits(14)}`;
  attachDelivery(turn, order, [one, reverse], {
    lines: [],
    labelUrl: `https://labels.example/${trackingNumber}.pdf`,
    trackingNumber,
    carrierName: "DHL",
  });
}

export const isOpen = (order: Order) => order.returns[0]?.status === "OPEN";

/** All units confirmed and no payment on its way. */
export function isPaid(order: Order): boolean {
  const one = order.returns[0];
  if (one === undefined || unprocessedUnits(one) > 0) return false;
  return hasSuccess(order, one);
}

export function hasSuccess(order: Order, one: Return): boolean {
  const transactions = refundsOf(order, one).flatMap((refund) => refundTransactions(order, refund));
  return (
    transactions.some(({ status }) => status === "SUCCESS") && !transactions.some(({ status }) => status === "PENDING")
  );
}

export const staffApproves: Step = {
  by: "staff",
  afterHours: [0.5, 20],
  do: (turn, order) => approveReturn(turn, order, firstReturn(order)),
};
export const staffSendsLabel: Step = { by: "staff", afterHours: [0.2, 4], do: attachLabel };
export const goodsArrive: Step = {
  by: "staff",
  when: isOpen,
  afterHours: [30, 120],
  do: (turn, order) => inspect(turn, order),
};
export const staffPays: Step = { by: "staff", afterHours: [1, 24], do: (turn, order) => processAndPay(turn, order) };
export const staffCloses: Step = {
  by: "staff",
  when: isPaid,
  afterHours: [0.5, 6],
  do: (turn, order) => closeReturn(turn, order, firstReturn(order)),
};
