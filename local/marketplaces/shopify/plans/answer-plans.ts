import { decisionFor } from "./dispute-plans.ts";
import { askForReturn, firstReturn, goodsArrive, hasSuccess, inspect, staffCloses } from "./moves.ts";
import type { Plan } from "./plan.ts";

/** The warehouse books what arrives; nobody but Casebridge approves and pays. */
const untilPaid = [goodsArrive, staffCloses];

/** Ways that stop until Casebridge answers: the twins of the staff's plans. */
export const answerPlans = {
  return_needs_answer: {
    story:
      "The buyer asks for a return; once it is approved the goods arrive and are booked, then it waits to be processed and refunded.",
    needsAnswer: true,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: untilPaid,
  },
  return_in_yen_needs_answer: {
    story: "The same in yen, which has no minor unit.",
    needsAnswer: true,
    by: "buyer",
    order: { presentmentCurrency: "JPY" },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: untilPaid,
  },
  return_with_missing_unit_needs_answer: {
    story:
      "One of three units is missing from the parcel; what came back waits to be processed and refunded, then staff close.",
    needsAnswer: true,
    by: "buyer",
    order: { quantities: [3] },
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      { ...goodsArrive, do: (turn, order) => inspect(turn, order, { missing: 1 }) },
      { ...staffCloses, when: (order) => hasSuccess(order, firstReturn(order)) },
    ],
  },
  exchange_needs_answer: {
    story:
      "The buyer swaps for a cheaper variant; approval, the exchange and the refund of the difference wait for Casebridge.",
    needsAnswer: true,
    by: "buyer",
    order: { quantities: [1] },
    begin: (turn, order, random) => askForReturn(turn, order, random, { exchange: "cheaper" }),
    steps: untilPaid,
  },
  dispute_needs_evidence: {
    story:
      "The buyer's bank files a chargeback; without evidence before the due date it is lost, with it the bank decides for the merchant.",
    needsAnswer: true,
    by: "platform",
    order: {},
    begin: decisionFor("WON"),
    steps: [],
  },
} as const satisfies Record<string, Plan>;
