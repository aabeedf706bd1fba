import { createRandom } from "../../kit/random.ts";
import type { Order } from "../model/types.ts";
import type { Platform } from "../platform.ts";
import type { Plan } from "./plan.ts";

const hourMs = 60 * 60_000;

/** Sets the instant of the next step, unless that step waits for somebody or the case took another way. */
export function planNext(plans: Readonly<Record<string, Plan>>, order: Order, now: Date, pace: number): void {
  const { script } = order;
  const steps = plans[script.plan]?.steps ?? [];
  const step = steps[script.step];
  script.isDone = step === undefined || (script.isDone && script.dueAtMs === undefined) || isTurnedAway(order);
  if (script.isDone || step === undefined) {
    delete script.dueAtMs;
    return;
  }
  if (script.dueAtMs !== undefined || (step.when !== undefined && !step.when(order))) return;
  const random = createRandom(script.seed, order.shop, script.plan, `wait ${script.step}`);
  const [least, most] = step.afterHours;
  script.dueAtMs = now.getTime() + Math.round((least + random.next() * (most - least)) * hourMs * pace);
}

/** Takes the step that is due, and makes the following one the next, in one commit. */
export function takeStep(plans: Readonly<Record<string, Plan>>, platform: Platform, order: Order): void {
  const { script } = order;
  const step = plans[script.plan]?.steps[script.step];
  if (script.isDone || step === undefined) return;
  platform.play(step.by, (turn) => {
    const random = createRandom(script.seed, order.shop, script.plan, `act ${script.step}`);
    delete script.dueAtMs;
    script.step += 1;
    step.do(turn, order, random);
    turn.world.save(order);
  });
}

/** A declined or cancelled return ends every plan: nobody has anything left to do in it. */
function isTurnedAway(order: Order): boolean {
  const first = order.returns[0];
  return first?.status === "DECLINED" || first?.status === "CANCELED";
}
