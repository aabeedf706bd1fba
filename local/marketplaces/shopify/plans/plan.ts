import type { CasePlan } from "../../contract.ts";
import type { Random } from "../../kit/random.ts";
import type { Turn } from "../acts/turn.ts";
import type { OrderWish } from "../model/make-order.ts";
import type { Actor, Order } from "../model/types.ts";

/** One thing that somebody other than the app does. */
export interface Step {
  by: Actor;
  /** Waits until this is true; the span counts from then. */
  when?: (order: Order) => boolean;
  /** Hours until it is done, at least and at most. */
  afterHours: readonly [number, number];
  /** Refusals by the platform are ignored: the app may have been quicker. */
  do: (turn: Turn, order: Order, random: Random) => void;
}

export interface Plan extends CasePlan {
  order: OrderWish;
  /** Opens the case and names it, as a global id without its prefix. */
  begin: (turn: Turn, order: Order, random: Random) => string;
  by: Actor;
  steps: readonly Step[];
}
