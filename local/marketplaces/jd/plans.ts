import {
  arrives,
  buyerAnswers,
  buyerCancels,
  buyerWithdraws,
  comesBack,
  confirms,
  type JdPlan,
  shipsBack,
  staffAgrees,
  staffAsks,
  staffForces,
  staffRefunds,
  staffRefundsOnly,
  staffRegisters,
  staffReissues,
  staffReplies,
  staffSends,
  staffSendsBack,
} from "./plan-steps.ts";

const plan = (story: string, opens: JdPlan["opens"], steps: JdPlan["steps"]): JdPlan => ({
  story,
  needsAnswer: false,
  opens,
  steps,
});

/** Ways a case can go. Each step waits for its moment: whatever Casebridge does first changes which steps are left. */
export const plans: Readonly<Record<string, JdPlan>> = {
  cancel_unshipped: plan("A buyer cancels before shipping; after a day the platform agrees.", { isShipped: false }, []),
  cancel_unshipped_by_staff: plan(
    "A buyer cancels before shipping and the staff agree in the console.",
    { isShipped: false },
    [staffReplies(1, [2, 10])],
  ),
  cancel_shipped_intercepted: plan(
    "A buyer cancels after shipping; the staff have the parcel stopped, and the refund follows.",
    { isShipped: true },
    [staffReplies(6, [10, 40])],
  ),
  cancel_shipped_intercept_fails: plan(
    "A buyer cancels after shipping, the parcel is not stopped, and the staff pay in the end.",
    { isShipped: true, interceptFails: true },
    [staffReplies(6, [10, 40]), staffForces],
  ),
  cancel_withdrawn: plan("A buyer cancels and thinks better of it.", { isShipped: false }, [buyerWithdraws]),
  return_three_units: plan(
    "A buyer returns three units at once, each with a ticket of its own; the staff book them in and pay.",
    { expect: 10, units: 3, reason: "changedMind" },
    [...comesBack, staffRefunds],
  ),
  return_by_timers: plan(
    "A buyer returns one unit and nobody at the shop does anything: audit, receipt and refund come by timers.",
    { expect: 10, reason: "defect" },
    [shipsBack, arrives],
  ),
  return_picked_up: plan(
    "A buyer has the platform's courier fetch a defective unit.",
    { expect: 10, way: 4, reason: "defect" },
    [staffAgrees, ...comesBack, staffRefunds],
  ),
  return_never_shipped: plan("A buyer asks for a return and never ships.", { expect: 10, reason: "small" }, []),
  return_cancelled: plan("A buyer asks for a return and cancels it.", { expect: 10 }, [buyerCancels]),
  return_after_question: plan(
    "The staff ask for pictures, the buyer answers, and the return takes its way.",
    { expect: 10, reason: "defect" },
    [staffAsks, buyerAnswers, staffAgrees, ...comesBack, staffRefunds],
  ),
  return_sent_back: plan(
    "The returned unit is not as it was, and the staff send it back to the buyer unpaid.",
    { expect: 10, reason: "defect" },
    [...comesBack, staffSendsBack],
  ),
  refund_without_goods: plan(
    "A buyer wants money for a defective unit and keeps it; the staff agree in the console.",
    { expect: 11, way: 0, reason: "defect" },
    [staffRefundsOnly],
  ),
  exchange: plan("A buyer exchanges a unit that is too small.", { expect: 20, reason: "small" }, [
    ...comesBack,
    staffSends,
    confirms,
  ]),
  repair: plan(
    "A buyer brings a broken unit, has it repaired and gets it back.",
    { expect: 30, way: 7, reason: "fault" },
    [shipsBack, arrives, staffRegisters, staffSends, confirms],
  ),
  reissue: plan("Something was missing; the staff send it once more.", { expect: 80, way: 0, reason: "missing" }, [
    staffReissues,
    confirms,
  ]),
};
