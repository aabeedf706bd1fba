import { askEvidence, decide, intervene, negotiate } from "./arbitration.ts";
import * as buyer from "./buyer.ts";
import { enter } from "./lifecycle.ts";
import { caseTypes } from "./model.ts";
import {
  arbitrating,
  at,
  buyerAsksLess,
  comesBack,
  type DouyinPlan,
  deadlineMoves,
  parcelArrives,
  receives,
  refusal,
  replacement,
  robotRefunds,
  shipsBack,
  staff,
  staffSendsParcel,
  warehouseConfirms,
} from "./plan-steps.ts";

const { returnAndRefund, refundShipped, refundUnshipped, exchange, priceProtection, reissue, repair } = caseTypes;

const plan = (story: string, opens: DouyinPlan["opens"], steps: DouyinPlan["steps"]): DouyinPlan => ({
  story,
  needsAnswer: false,
  opens,
  steps,
});

/** Ways a case can go. Each step waits for its moment: whatever Casebridge does first changes which steps are left. */
export const plans: Readonly<Record<string, DouyinPlan>> = {
  return_no_reason: plan(
    "The buyer changes their mind, sends the goods back once agreed, and the warehouse accepts them.",
    { type: returnAndRefund, reasonCodes: [6, 1] },
    comesBack,
  ),
  return_quality: plan(
    "The buyer returns something badly made; nobody answers by rule, a person or the timer agrees.",
    { type: returnAndRefund, reasonCodes: [7, 8, 22] },
    comesBack,
  ),
  return_never_shipped: plan(
    "The return is agreed, the buyer never sends anything, and the timer closes the case.",
    { type: returnAndRefund, reasonCodes: [6, 1] },
    [],
  ),
  return_receipt_by_timer: plan(
    "The goods come back, nobody at the merchant's looks, and the timer confirms and refunds.",
    { type: returnAndRefund, reasonCodes: [6, 1] },
    [shipsBack, parcelArrives],
  ),
  return_extended: plan(
    "The parcel is slow; the platform moves the deadline of receipt before the warehouse accepts.",
    { type: returnAndRefund, reasonCodes: [6] },
    [shipsBack, at(11, [24, 60], deadlineMoves(3)), at(11, [24, 60], deadlineMoves(2)), warehouseConfirms],
  ),
  return_goods_refused: plan(
    "The warehouse refuses what came back; the buyer lets it rest and the timer closes the case.",
    { type: returnAndRefund, reasonCodes: [6] },
    [shipsBack, parcelArrives, at(11, [2, 20], staff(112, refusal))],
  ),
  return_refused_then_arbitration: plan(
    "The merchant refuses the return, the buyer appeals, the platform asks for evidence and decides.",
    { type: returnAndRefund, reasonCodes: [9, 7] },
    [
      at(6, [6, 30], staff(102, refusal)),
      at(27, [2, 30], buyer.takeToPlatform),
      arbitrating(1, [1, 6], (platform, case_) => askEvidence(platform, case_)),
      arbitrating(1, [2, 12], intervene),
      arbitrating(1, [6, 30], (platform, case_, random) => decide(platform, case_, random.pick([1, 2, 3]))),
      ...comesBack,
    ],
  ),
  arbitration_two_rounds: plan(
    "Refused goods: the buyer appeals, withdraws, appeals again after negotiation and wins the money.",
    { type: returnAndRefund, reasonCodes: [6] },
    [
      shipsBack,
      at(11, [30, 60], staff(112, refusal)),
      at(29, [2, 20], buyer.takeToPlatform),
      arbitrating(1, [1, 6], negotiate),
      arbitrating(5, [4, 20], buyer.withdrawAppeal),
      at(29, [2, 20], buyer.takeToPlatform),
      arbitrating(1, [1, 6], (platform, case_) => askEvidence(platform, case_)),
      arbitrating(1, [12, 30], (platform, case_) => decide(platform, case_, 3)),
    ],
  ),
  refund_unshipped: plan(
    "The buyer cancels before shipment and waits for consent, or for the timer.",
    { type: refundUnshipped, reasonCodes: [1] },
    [],
  ),
  refund_only_shipped: plan(
    "The parcel does not move; the buyer asks for the money back.",
    { type: refundShipped, reasonCodes: [4] },
    [],
  ),
  refund_refused_then_edited: plan(
    "The merchant refuses, the buyer asks for less, and a person or the timer agrees.",
    { type: refundShipped, reasonCodes: [9], gotPackage: true },
    [at(6, [2, 20], staff(202, refusal)), at(27, [2, 40], buyerAsksLess)],
  ),
  refund_refused_then_lapses: plan(
    "The merchant refuses, the buyer does nothing, and the timer closes the case.",
    { type: refundShipped, reasonCodes: [4] },
    [at(6, [2, 20], staff(202, refusal))],
  ),
  delivery_refused: plan(
    "The merchant agrees to pay once delivery is refused; the parcel turns round and a robot pays.",
    { type: refundShipped, reasonCodes: [1] },
    [at(6, [1, 8], staff(203)), at(6, [20, 60], buyer.refuseDelivery)],
  ),
  buyer_edits_amount: plan(
    "The buyer lowers the amount twice while the seller is still to answer.",
    { type: refundShipped, reasonCodes: [7], gotPackage: true },
    [at(6, [0.05, 3], buyerAsksLess), at(6, [0.05, 20], buyerAsksLess)],
  ),
  buyer_withdraws: plan(
    "The buyer thinks better of it before anyone answered, or right after.",
    { type: returnAndRefund, reasonCodes: [6, 1] },
    [at(6, [0.2, 30], buyer.withdraw), at(7, [1, 30], buyer.withdraw)],
  ),
  robot_refund: plan(
    "The platform's fast refund agrees within a minute, racing with the merchant's own consent.",
    { type: refundUnshipped, reasonCodes: [1] },
    [at(6, [0.002, 0.02], robotRefunds(1))],
  ),
  refund_fails_once: plan(
    "The refund is agreed, the payment channel fails, and the platform's next attempt succeeds.",
    { type: refundUnshipped, reasonCodes: [1], failuresAhead: 1 },
    [],
  ),
  exchange: plan(
    "The goods come back, the merchant's staff ships the other size, and the buyer receives it.",
    { type: exchange, reasonCodes: [15] },
    [shipsBack, parcelArrives, at(11, [4, 20], staff(311, replacement)), receives],
  ),
  exchange_becomes_refund: plan(
    "The other size is sold out: the staff turns the exchange into a refund.",
    { type: exchange, reasonCodes: [15] },
    [shipsBack, at(11, [30, 80], staff(321))],
  ),
  reissue: plan(
    "Something was missing; once agreed, a parcel is sent (by whoever is first) and received.",
    { type: reissue, reasonCodes: [130] },
    [at(8, [12, 40], staffSendsParcel), receives],
  ),
  reissue_waits_for_us: {
    ...plan(
      "Something was missing; nobody in the console ships it, so the case waits for a call that does.",
      { type: reissue, reasonCodes: [130] },
      [receives],
    ),
    needsAnswer: true,
  },
  repair: plan(
    "The buyer sends a broken device in, gets it back repaired and receives it.",
    { type: repair, reasonCodes: [8] },
    [shipsBack, parcelArrives, at(11, [20, 40], staff(611, replacement)), receives],
  ),
  price_protection: plan(
    "The price fell after the purchase; the platform opens the case and pays the difference.",
    { type: priceProtection, reasonCodes: [15] },
    [at(6, [0.1, 2], robotRefunds(2))],
  ),
  unfamiliar_status: plan(
    "The case spends a while at a status, told by a tag, that no document lists; then the buyer withdraws.",
    { type: returnAndRefund, reasonCodes: [7] },
    [
      at(6, [1, 10], (platform, case_) => {
        enter(platform, case_, 77, "platform_robot", "平台处理中");
        platform.announce(case_, 219);
      }),
      at(77, [10, 40], (platform, case_) => enter(platform, case_, 6, "platform_robot", "平台处理完成")),
      at(6, [1, 10], buyer.withdraw),
    ],
  ),
};
