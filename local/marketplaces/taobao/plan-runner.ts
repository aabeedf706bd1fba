import { createRandom } from "../kit/random.ts";
import { type Application, open } from "./buyer.ts";
import type { TaobaoCase } from "./model.ts";
import { plans } from "./plans.ts";
import type { Platform } from "./platform.ts";

const hourMs = 3_600_000;

/** Opens a case that will follow the plan; everything about it follows from the seed. */
export function openPlanned(
  platform: Platform,
  { shopId, plan, seed }: { shopId: string; plan: string; seed: number },
): TaobaoCase {
  const chosen = plans[plan];
  if (chosen === undefined) throw new Error(`no plan ${plan}; there are ${Object.keys(plans).join(", ")}`);
  const { reasons, ...opens } = chosen.opens;
  const reason: Pick<Application, "reason"> = reasons ? { reason: createRandom(seed, "reason").pick(reasons) } : {};
  return open(platform, { shopId, plan, seed, ...opens, ...reason });
}

/** Sets the case's next step: the one already chosen while its moment lasts, else the first that fits and was not taken. */
export function chooseStep(platform: Platform, case_: TaobaoCase): void {
  const steps = plans[case_.plan]?.steps ?? [];
  const current = case_.step && steps[case_.step.index];
  if (current?.when(case_)) return;
  const index = steps.findIndex((step, position) => !case_.stepsTaken.includes(position) && step.when(case_));
  const next = steps[index];
  if (next === undefined) {
    case_.step = undefined;
    return;
  }
  const [least, most] = next.afterHours;
  const hours = (least + stepRandom(case_, index, "delay").next() * (most - least)) * platform.settings.pace;
  case_.step = { index, atMs: platform.nowMs() + Math.round(hours * hourMs) };
}

export function takeStep(platform: Platform, case_: TaobaoCase): void {
  if (case_.step === undefined) return;
  const { index } = case_.step;
  case_.stepsTaken.push(index);
  case_.step = undefined;
  plans[case_.plan]?.steps[index]?.take(platform, case_, stepRandom(case_, index, "choice"));
}

const stepRandom = ({ seed, plan }: TaobaoCase, index: number, what: string) =>
  createRandom(seed, plan, `step ${index}`, what);
