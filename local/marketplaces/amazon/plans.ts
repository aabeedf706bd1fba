import type { CasePlan } from "../contract.ts";
import type { Random } from "../kit/random.ts";
import type { Application } from "./buyer.ts";
import {
  authorise,
  closeRequest,
  decideClaim,
  deliver,
  fileSafet,
  grantSafet,
  openClaim,
  process,
  refundWhole,
  scan,
} from "./lifecycle.ts";
import { type AmazonReturn, isOver } from "./model.ts";
import type { Platform } from "./platform.ts";

export interface PlanStep {
  /** Holds while this step is the next thing somebody will do. Each step is taken once. */
  when: (return_: AmazonReturn) => boolean;
  /** Hours from the moment it holds, drawn between the two. */
  afterHours: readonly [number, number];
  take: (platform: Platform, return_: AmazonReturn, random: Random) => void;
}

export interface AmazonPlan extends CasePlan {
  opens: Pick<Application, "isInPolicy" | "reason" | "resolution" | "external">;
  steps: readonly PlanStep[];
}

type When = PlanStep["when"];
const isPending: When = ({ status }) => status === "PendingApproval";
const isApproved: When = (return_) => return_.status === "Approved" && return_.scannedMs === undefined;
const isMoving: When = (return_) => return_.scannedMs !== undefined && return_.deliveredMs === undefined;
const isBack: When = (return_) => return_.deliveredMs !== undefined && !isOver(return_);

const step = (when: When, afterHours: readonly [number, number], take: PlanStep["take"]): PlanStep => ({
  when,
  afterHours,
  take,
});
const staffAuthorises = step(isPending, [4, 20], authorise);
const buyerShips = step(isApproved, [24, 72], scan);
const parcelArrives = step(isMoving, [30, 90], deliver);
const comesBack = [buyerShips, parcelArrives];

const plan = (
  story: string,
  opens: AmazonPlan["opens"],
  steps: readonly PlanStep[],
  { needsAnswer = false }: { needsAnswer?: boolean } = {},
): AmazonPlan => ({ story, opens, steps, needsAnswer });

/** Ways a return goes. What nobody refunds within four days of its delivery, Amazon refunds. */
export const plans: Readonly<Record<string, AmazonPlan>> = {
  return_in_policy: plan(
    "Amazon agrees at once, the goods come back, and the merchant refunds by feed or Amazon does after four days.",
    {},
    comesBack,
    { needsAnswer: true },
  ),
  return_authorised_by_staff: plan(
    "The request is outside of the policy; a person agrees in Seller Central, the goods come back, the merchant refunds.",
    { isInPolicy: false, reason: "CR-DEFECTIVE" },
    [staffAuthorises, ...comesBack],
    { needsAnswer: true },
  ),
  return_refunded_by_staff: plan(
    "The goods come back and a person refunds them in Seller Central.",
    { reason: "AMZ-PG-APP-TOO-SMALL" },
    [...comesBack, step(isBack, [6, 40], (platform, return_) => refundWhole(platform, return_, "merchant_console"))],
  ),
  request_closed_by_staff: plan(
    "The request is outside of the policy and a person closes it in Seller Central.",
    { isInPolicy: false, reason: "CR-NO_LONGER_NEEDED" },
    [step(isPending, [4, 30], closeRequest)],
  ),
  refund_at_first_scan: plan(
    "Amazon refunds the buyer at the carrier's first scan; nobody may refund again, and nobody files for SAFE-T in time.",
    { resolution: "RefundAtFirstScan" },
    comesBack,
  ),
  safet_filed: plan(
    "Amazon refunds at the first scan, the goods come back damaged, and a person gets the money back by a SAFE-T claim.",
    { resolution: "RefundAtFirstScan", reason: "CR-UNWANTED_ITEM" },
    [
      ...comesBack,
      step(({ deliveredMs, safet }) => deliveredMs !== undefined && !safet, [24, 120], fileSafet),
      step(({ safet }) => safet?.state === "Under review", [48, 120], grantSafet),
    ],
  ),
  external_in_report: plan(
    "A return of External Fulfillment that the report shows too: its parcel is seen to move, and a person refunds it.",
    { reason: "CR-DEFECTIVE", external: "in_report" },
    [...comesBack, step(isBack, [6, 40], (platform, return_) => refundWhole(platform, return_, "merchant_console"))],
  ),
  external_alone: plan(
    "A return of External Fulfillment that no report shows is processed at the merchant's site and refunded by Amazon.",
    { reason: "CR-UNWANTED_ITEM", external: "alone" },
    [
      ...comesBack,
      step((return_) => isBack(return_) && return_.external?.processedMs === undefined, [4, 20], process),
      step(isBack, [10, 30], (platform, return_) => refundWhole(platform, return_, "platform_robot")),
    ],
  ),
  external_replaced: plan(
    "A return of External Fulfillment for which Amazon sends a replacement is processed at the merchant's site, and over.",
    { resolution: "Replacement", external: "alone" },
    [...comesBack, step((return_) => isBack(return_) && return_.external?.processedMs === undefined, [4, 20], process)],
  ),
  claim_granted: plan(
    "The buyer does not wait and files an A-to-z claim; Amazon grants it from the merchant's account, who may appeal.",
    { reason: "CR-DEFECTIVE" },
    [
      step((return_) => return_.status === "Approved" && return_.claim === "none", [20, 60], openClaim),
      step(
        ({ claim }) => claim === "open",
        [48, 90],
        (platform, return_) => decideClaim(platform, return_, true),
      ),
    ],
  ),
  replaced: plan(
    "Amazon sends a replacement; the first item comes back and the request is completed.",
    { resolution: "Replacement", reason: "CR-DAMAGED_BY_CARRIER" },
    [...comesBack, step(isBack, [2, 20], closeRequest)],
  ),
};
