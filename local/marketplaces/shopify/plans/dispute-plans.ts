import type { Random } from "../../kit/random.ts";
import { openDispute, updateEvidence } from "../acts/dispute.ts";
import type { Turn } from "../acts/turn.ts";
import { gid } from "../model/ids.ts";
import { sumOf } from "../model/sums.ts";
import type { Order } from "../model/types.ts";
import { askForReturn, goodsArrive, staffApproves, staffCloses, staffPays } from "./moves.ts";
import type { Plan, Step } from "./plan.ts";

/** Opens a dispute over the whole payment; the bank's verdict is fixed now and told when the evidence was read. */
export function decisionFor(verdict: "WON" | "LOST") {
  return (turn: Turn, order: Order, random: Random): string => {
    const dispute = openDispute(turn, order, {
      type: random.pick(["CHARGEBACK", "CHARGEBACK", "INQUIRY"]),
      amountMinor: sumOf(order.transactions.filter(({ kind }) => kind === "SALE")),
      reason: random.pick(["FRAUDULENT", "PRODUCT_NOT_RECEIVED", "PRODUCT_UNACCEPTABLE", "CREDIT_NOT_PROCESSED"]),
      networkReasonCode: random.pick(["4837", "13.1", "13.7"]),
      dueInDays: random.int(7, 14),
      verdict,
    });
    return gid("ShopifyPaymentsDispute", dispute.id).slice("gid://shopify/".length);
  };
}

const staffSubmitEvidence: Step = {
  by: "staff",
  when: (order) => order.disputes.length > 0,
  afterHours: [12, 100],
  do: (turn, order) => {
    for (const dispute of order.disputes) {
      const texts = { uncategorizedText: "Delivered and signed for; the tracking page is attached." };
      updateEvidence(turn, order, dispute, { texts, files: {}, submit: true });
    }
  },
};

export const disputePlans = {
  dispute_opened_and_won: {
    story: "The buyer's bank files a dispute; staff submit evidence in time and the bank decides for the merchant.",
    needsAnswer: false,
    by: "platform",
    order: {},
    begin: decisionFor("WON"),
    steps: [staffSubmitEvidence],
  },
  dispute_opened_and_lost: {
    story: "The buyer's bank files a dispute; staff submit evidence in time and the bank decides for the buyer.",
    needsAnswer: false,
    by: "platform",
    order: {},
    begin: decisionFor("LOST"),
    steps: [staffSubmitEvidence],
  },
  dispute_missed: {
    story: "The buyer's bank files a dispute; nobody answers before evidence is due, and it is lost.",
    needsAnswer: false,
    by: "platform",
    order: {},
    begin: decisionFor("LOST"),
    steps: [],
  },
  return_disputed: {
    story:
      "While a return is on its way the buyer also disputes the payment; staff refund the return and answer the bank.",
    needsAnswer: false,
    by: "buyer",
    order: {},
    begin: (turn, order, random) => askForReturn(turn, order, random),
    steps: [
      staffApproves,
      {
        by: "platform",
        afterHours: [5, 25],
        do: (turn, order, random) => void decisionFor("WON")(turn, order, random),
      },
      goodsArrive,
      staffPays,
      { ...staffSubmitEvidence, afterHours: [1, 20] },
      staffCloses,
    ],
  },
} as const satisfies Record<string, Plan>;
