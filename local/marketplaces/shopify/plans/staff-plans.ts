import { suggestedPayments } from "../acts/pay.ts";
import { processReturn } from "../acts/process.ts";
import { createRefund } from "../acts/refund.ts";
import { cancelReturn, closeReturn, declineReturn, reopenReturn } from "../acts/returns.ts";
import { gid } from "../model/ids.ts";
import { decimalText } from "../model/money.ts";
import { refundsOf, refundTransactions } from "../model/sums.ts";
import {
  askForReturn,
  firstReturn,
  goodsArrive,
  hasSuccess,
  inspect,
  isOpen,
  processAndPay,
  staffApproves,
  staffCloses,
  staffPays,
  staffSendsLabel,
} from "./moves.ts";
import type { Plan } from "./plan.ts";

const wholeWay = [staffApproves, staffSendsLabel, goodsArrive, staffPays, staffCloses];

/** Ways in which the merchant's staff act in the admin, and Casebridge only has to understand what it sees. */
export const staffPlans = {
  return_requested_staff_approves: {
    story:
      "The buyer asks for a return; staff approve and send a label, the goods arrive, staff process, refund and close.",
    needsAnswer: false,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: wholeWay,
  },
  return_declined: {
    story: "The buyer asks for a return of a clearance item; staff decline it with a note.",
    needsAnswer: false,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      {
        by: "staff",
        afterHours: [1, 40],
        do: (turn, order, random) =>
          declineReturn(turn, order, firstReturn(order), {
            reason: random.pick(["FINAL_SALE", "RETURN_PERIOD_ENDED", "OTHER"]),
            note: "Clearance items stay sold.",
          }),
      },
    ],
  },
  return_cancelled: {
    story: "Staff approve a return; the buyer keeps the goods after all and staff cancel it before anything came back.",
    needsAnswer: false,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      staffApproves,
      { by: "staff", afterHours: [3, 60], do: (turn, order) => cancelReturn(turn, order, firstReturn(order)) },
    ],
  },
  exchange: {
    story:
      "The buyer swaps for a cheaper variant; staff approve, receive, hand out the exchange and refund the difference.",
    needsAnswer: false,
    by: "buyer",
    order: { quantities: [1] },
    begin: (turn, order, random) => askForReturn(turn, order, random, { exchange: "cheaper" }),
    steps: wholeWay,
  },
  exchange_even: {
    story:
      "The buyer swaps for another size at the same price; goods come back, the exchange goes out, no money moves.",
    needsAnswer: false,
    by: "buyer",
    order: { quantities: [1] },
    begin: (turn, order, random) => askForReturn(turn, order, random, { exchange: "even" }),
    steps: [
      staffApproves,
      staffSendsLabel,
      goodsArrive,
      staffPays,
      { by: "staff", afterHours: [1, 5], do: (turn, order) => closeReturn(turn, order, firstReturn(order)) },
    ],
  },
  refund_only_by_staff: {
    story: "Staff refund one unit in the admin, without any return.",
    needsAnswer: false,
    by: "staff",
    order: {},
    begin: (turn, order) => {
      const line = order.lines[0];
      const [payment] = suggestedPayments(order, line?.unitMinor ?? 0);
      if (line === undefined || payment === undefined) throw new Error("the order has nothing to refund");
      const { parent, amountMinor } = payment;
      const outcome = createRefund(turn, order, {
        currency: order.presentmentCurrency,
        note: "Goodwill",
        lines: [{ orderLineId: line.id, quantity: 1, restockType: "NO_RESTOCK" }],
        shippingMinor: 0,
        transactions: [
          {
            kind: "REFUND",
            amount: decimalText(amountMinor, order.presentmentCurrency),
            parentId: parent.id,
            gateway: parent.gateway,
          },
        ],
      });
      if ("errors" in outcome) throw new Error(`the plan's refund was refused: ${JSON.stringify(outcome.errors)}`);
      return gid("Refund", outcome.value.id).slice("gid://shopify/".length);
    },
    steps: [],
  },
  return_reopened: {
    story: "Staff close a return too early, reopen it when the parcel turns up, then process, refund and close.",
    needsAnswer: false,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      staffApproves,
      {
        by: "staff",
        when: isOpen,
        afterHours: [24, 90],
        do: (turn, order) => closeReturn(turn, order, firstReturn(order)),
      },
      { by: "staff", afterHours: [10, 50], do: (turn, order) => reopenReturn(turn, order, firstReturn(order)) },
      { ...goodsArrive, afterHours: [0.5, 2] },
      staffPays,
      staffCloses,
    ],
  },
  return_with_missing_unit: {
    story: "One of three units is missing from the parcel; staff refund the two that came back and close the return.",
    needsAnswer: false,
    by: "buyer",
    order: { quantities: [3] },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      staffApproves,
      staffSendsLabel,
      { ...goodsArrive, do: (turn, order) => inspect(turn, order, { missing: 1 }) },
      staffPays,
      { ...staffCloses, when: (order) => hasSuccess(order, firstReturn(order)) },
    ],
  },
  return_partial_refund: {
    story: "A restocking fee of 10 % applies; staff refund the first line, and the second one days later.",
    needsAnswer: false,
    by: "buyer",
    order: { quantities: [1, 2], refundBehaviour: "instant" },
    begin: (turn, order, random) => askForReturn(turn, order, random, { restockingPercentage: 10 }),
    steps: [
      staffApproves,
      staffSendsLabel,
      goodsArrive,
      { ...staffPays, do: (turn, order) => processAndPay(turn, order, { share: 0.5 }) },
      { ...staffPays, afterHours: [24, 70] },
      staffCloses,
    ],
  },
  refund_transaction_fails: {
    story: "The card refuses the first refund of a return; staff repeat it, and the second one goes through.",
    needsAnswer: false,
    by: "buyer",
    order: { refundBehaviour: "fails_once" },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      staffApproves,
      staffSendsLabel,
      goodsArrive,
      staffPays,
      {
        by: "staff",
        when: (order) =>
          refundsOf(order, firstReturn(order))
            .flatMap((refund) => refundTransactions(order, refund))
            .some(({ status }) => status === "FAILURE"),
        afterHours: [2, 30],
        do: (turn, order) => {
          const one = firstReturn(order);
          const failed = refundsOf(order, one).flatMap((refund) => refundTransactions(order, refund));
          const payments = suggestedPayments(order, failed[0]?.amountMinor ?? 0);
          processReturn(turn, order, one, { lines: [], exchanges: [], payments });
        },
      },
      staffCloses,
    ],
  },
  return_in_yen: {
    story: "An order paid in yen, which has no minor unit, is returned and refunded by staff.",
    needsAnswer: false,
    by: "buyer",
    order: { presentmentCurrency: "JPY" },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: wholeWay,
  },
  return_in_two_currencies: {
    story: "A guest paid in dollars where the shop may count in another currency; staff refund in dollars.",
    needsAnswer: false,
    by: "buyer",
    order: { presentmentCurrency: "USD", isGuest: true },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: wholeWay,
  },
} as const satisfies Record<string, Plan>;
