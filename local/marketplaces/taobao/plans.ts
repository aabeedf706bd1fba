import * as buyer from "./buyer.ts";
import { collectEvidence, decide, stepIn } from "./intervention.ts";
import { touch } from "./lifecycle.ts";
import {
  at,
  buyerAsksLess,
  comesBackAndIsPaid,
  deadlineMoves,
  inHand,
  receives,
  robotAgreesWithoutAddress,
  robotRefunds,
  shipsBack,
  staffAgreesToSend,
  staffConfirms,
  staffRefunds,
  staffRefuses,
  staffShips,
  type TaobaoPlan,
  warehouseRefunds,
} from "./plan-steps.ts";

const plan = (story: string, opens: TaobaoPlan["opens"], steps: TaobaoPlan["steps"]): TaobaoPlan => ({
  story,
  needsAnswer: false,
  opens,
  steps,
});

const noReason = ["7天无理由退换货", "不喜欢/不想要"] as const;
const quality = ["质量问题", "商品破损", "描述不符"] as const;

/** Ways a case can go. Each step waits for its moment: whatever Casebridge does first changes which steps are left. */
export const plans: Readonly<Record<string, TaobaoPlan>> = {
  return_no_reason: plan(
    "The buyer changes their mind, sends the goods back once agreed, and is refunded.",
    { kind: "return", reasons: noReason },
    comesBackAndIsPaid,
  ),
  return_quality: plan(
    "The buyer returns something badly made; no rule answers, a person or the timer agrees.",
    { kind: "return", reasons: quality, isFinished: true },
    comesBackAndIsPaid,
  ),
  return_never_shipped: plan(
    "The return is agreed, the buyer never sends anything, and the timer closes the case.",
    { kind: "return", reasons: noReason },
    [],
  ),
  return_receipt_by_timer: plan(
    "The goods come back, nobody at the merchant's looks, and the timer refunds.",
    { kind: "return", reasons: noReason },
    [shipsBack],
  ),
  return_extended: plan(
    "The parcel is slow and the platform moves the deadline of receipt twice.",
    { kind: "return", reasons: noReason },
    [
      shipsBack,
      at("returned", [24, 60], deadlineMoves(3)),
      at("returned", [24, 60], deadlineMoves(2)),
      warehouseRefunds,
    ],
  ),
  return_address_owed: plan(
    "The platform's robot agrees to the return at once; the seller still owes the address.",
    { kind: "return", reasons: noReason },
    [at("pending", [0.01, 0.1], robotAgreesWithoutAddress), ...comesBackAndIsPaid],
  ),
  return_refused_then_lapses: plan(
    "The merchant refuses, the buyer does nothing, and the timer closes the case.",
    { kind: "return", reasons: quality },
    [at("pending", [6, 30], staffRefuses)],
  ),
  return_disputed: plan(
    "The merchant refuses, the buyer calls the platform in, it collects evidence and decides.",
    { kind: "return", reasons: quality },
    [
      at("pending", [6, 30], staffRefuses),
      at("refused", [2, 30], buyer.complain),
      inHand(2, [1, 6], stepIn),
      inHand(3, [2, 12], collectEvidence),
      inHand(10, [6, 90], (platform, case_, random) => decide(platform, case_, random.pick(["buyer", "merchant"]))),
      inHand(4, [1, 24], (platform, case_, random) => decide(platform, case_, random.pick(["buyer", "merchant"]))),
    ],
  ),
  complaint_taken_back: plan(
    "The buyer complains before any answer, then takes it back; a person or the timer agrees.",
    { kind: "refund", isShipped: true, hasReceived: true, reasons: quality },
    [at("pending", [1, 10], buyer.complain), inHand(2, [2, 20], buyer.takeComplaintBack)],
  ),
  refund_unshipped: plan(
    "The buyer cancels before shipment and waits for consent, or for the timer.",
    { kind: "refund" },
    [],
  ),
  refund_only_shipped: plan(
    "The parcel does not move; the buyer asks for the money back.",
    { kind: "refund", isShipped: true, reasons: ["快递一直未送到", "空包裹/少货"] },
    [],
  ),
  refund_of_cod: plan(
    "A cash-on-delivery trade, which lists hide unless its type is asked for.",
    { kind: "refund", isShipped: true, tradeType: "cod", reasons: ["快递一直未送到"] },
    [],
  ),
  refund_refused_then_edited: plan(
    "The merchant refuses, the buyer asks for less, and a person or the timer agrees.",
    { kind: "refund", isShipped: true, hasReceived: true, reasons: quality },
    [
      at("pending", [2, 20], staffRefuses),
      at("refused", [2, 40], buyerAsksLess),
      at("pending", [20, 40], staffRefunds),
    ],
  ),
  buyer_edits_amount: plan(
    "The buyer lowers the amount twice while the seller is still to answer.",
    { kind: "refund", isShipped: true, hasReceived: true, reasons: quality },
    [at("pending", [0.05, 3], buyerAsksLess), at("pending", [0.05, 20], buyerAsksLess)],
  ),
  buyer_withdraws: plan(
    "The buyer thinks better of it before anyone answered, or right after.",
    { kind: "return", reasons: noReason },
    [at("pending", [0.2, 30], buyer.withdraw), at("buyer_returns", [1, 30], buyer.withdraw)],
  ),
  instant_refund: plan(
    "The platform's instant refund pays within a minute, racing with the merchant's own consent.",
    { kind: "refund" },
    [
      at("pending", [0.002, 0.02], (platform, case_, random) => {
        case_.advanceStatus = 2;
        robotRefunds(platform, case_, random);
      }),
    ],
  ),
  exchange: plan(
    "The goods come back, the merchant's staff ships the other size, and the buyer receives it.",
    { kind: "exchange", isFinished: true },
    [shipsBack, at("returned", [30, 60], staffConfirms), at("to_ship", [4, 40], staffShips), receives],
  ),
  exchange_becomes_refund: plan(
    "The replacement is not shipped in time: the buyer turns the exchange into a refund.",
    { kind: "exchange" },
    [
      shipsBack,
      at("returned", [30, 60], staffConfirms),
      at("to_ship", [73, 90], (platform, case_) => {
        buyer.turnIntoRefund(platform, case_);
      }),
    ],
  ),
  reissue: plan(
    "Something was missing; staff agrees and sends it, and the buyer receives it. No call can do this.",
    { kind: "reissue" },
    [at("pending", [6, 30], staffAgreesToSend), at("to_ship", [6, 40], staffShips), receives],
  ),
  repair: plan("The buyer sends a broken device in, gets it back repaired and receives it.", { kind: "repair" }, [
    shipsBack,
    at("returned", [30, 60], staffConfirms),
    at("to_ship", [20, 60], staffShips),
    receives,
  ]),
  freight_dispute: plan(
    "The buyer wants the return freight back; only the list of disputes knows the case.",
    { kind: "freight", paidFen: 1200 },
    [],
  ),
  price_protection: plan(
    "The price fell after the purchase; the platform opens the case and pays the difference.",
    { kind: "price", isFinished: true, hasReceived: true },
    [],
  ),
  unfamiliar_status: plan(
    "The case spends a while at a status that no document lists; then the buyer withdraws.",
    { kind: "return", reasons: quality },
    [
      at("pending", [1, 10], (platform, case_) => {
        case_.strangeStatus = "WAIT_PLATFORM_CHECK_GOODS";
        touch(platform, case_);
        platform.announce(case_, "modified");
      }),
      at("pending", [10, 30], (platform, case_) => {
        case_.strangeStatus = undefined;
        touch(platform, case_);
        platform.announce(case_, "modified");
      }),
      at("pending", [1, 6], buyer.withdraw),
    ],
  ),
};
