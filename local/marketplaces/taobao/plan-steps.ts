import type { CasePlan } from "../contract.ts";
import type { Random } from "../kit/random.ts";
import * as buyer from "./buyer.ts";
import { agreeRefund, agreeReturn, confirmReceipt, enter, refuse, shipReplacement, touch } from "./lifecycle.ts";
import { isDisputed, isOver, type Node, type TaobaoCase } from "./model.ts";
import type { Platform } from "./platform.ts";

export interface PlanStep {
  /** Holds while this step is the next thing somebody will do. Each step is taken once. */
  when: (case_: TaobaoCase) => boolean;
  /** Hours from the moment it holds, drawn between the two. */
  afterHours: readonly [number, number];
  take: (platform: Platform, case_: TaobaoCase, random: Random) => void;
}

export interface TaobaoPlan extends CasePlan {
  opens: Omit<buyer.Application, "shopId" | "seed" | "plan" | "reason"> & { reasons?: readonly [string, ...string[]] };
  steps: readonly PlanStep[];
}

type Hours = readonly [number, number];
export type Taker = PlanStep["take"];

export const at = (node: Node, afterHours: Hours, take: Taker): PlanStep => ({
  when: (case_) => case_.node === node && !isDisputed(case_) && case_.moneyAtMs === undefined,
  afterHours,
  take,
});

/** While the platform has the case in this hand. */
export const inHand = (csStatus: number, afterHours: Hours, take: Taker): PlanStep => ({
  when: (case_) => case_.csStatus === csStatus && !isOver(case_) && case_.moneyAtMs === undefined,
  afterHours,
  take,
});

/** Somebody at the merchant's, in the platform's own console. */
export const staffRefuses: Taker = (platform, case_) => refuse(platform, case_, "merchant_console");
export const staffRefunds: Taker = (platform, case_) => agreeRefund(platform, case_, "merchant_console");
export const staffShips: Taker = (platform, case_, random) =>
  shipReplacement(
    platform,
    case_,
    { company: "圆通速递", number: `YT9${random.digits(12)}`, atMs: platform.nowMs() },
    "merchant_console",
  );
export const staffAgreesToSend: Taker = (platform, case_) => {
  enter(platform, case_, "to_ship", "merchant_console");
  platform.announce(case_, "agreed");
};
export const staffConfirms: Taker = (platform, case_) => confirmReceipt(platform, case_, "merchant_console");

export const robotRefunds: Taker = (platform, case_) => agreeRefund(platform, case_, "platform_robot");
/** The platform agrees at once but leaves the address to the seller. */
export const robotAgreesWithoutAddress: Taker = (platform, case_) =>
  agreeReturn(platform, case_, undefined, "platform_robot");

export const shipsBack = at("buyer_returns", [12, 48], (platform, case_, random) =>
  buyer.sendBack(platform, case_, { company: "顺丰速运", number: `SF${random.digits(13)}` }),
);
export const buyerAsksLess: Taker = (platform, case_, random) =>
  buyer.edit(platform, case_, { refundFee: Math.max(1, Math.round((case_.refundFee * random.int(30, 80)) / 100)) });
export const warehouseRefunds = at("returned", [36, 80], staffRefunds);
export const comesBackAndIsPaid = [shipsBack, warehouseRefunds];
export const receives = at("shipped", [40, 90], (platform, case_) => buyer.receiveReplacement(platform, case_));

export const deadlineMoves =
  (byDays: number): Taker =>
  (platform, case_) => {
    case_.timeoutMs += byDays * 86_400_000;
    touch(platform, case_);
  };
