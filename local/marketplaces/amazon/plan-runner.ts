import { type Alarms, createAlarms } from "../kit/alarms.ts";
import { createRandom } from "../kit/random.ts";
import { ask } from "./buyer.ts";
import { automatedRefundAt, refundAutomatically } from "./lifecycle.ts";
import type { AmazonReturn } from "./model.ts";
import { plans } from "./plans.ts";
import type { Platform } from "./platform.ts";

const hourMs = 3_600_000;

export function openPlanned(
  platform: Platform,
  { shopId, plan, seed }: { shopId: string; plan: string; seed: number },
): AmazonReturn {
  const chosen = plans[plan];
  if (chosen === undefined) throw new Error(`no plan ${plan}; there are ${Object.keys(plans).join(", ")}`);
  return ask(platform, { shopId, plan, seed, ...chosen.opens });
}

/** One alarm per return, at the next thing that happens to it by itself: a step of its plan, or Amazon's clock. */
export function runTimers(platform: Platform): Alarms {
  const alarms = createAlarms(platform.clock, (key) => {
    const return_ = platform.returns.get(key);
    if (return_ === undefined) return;
    try {
      for (
        let due = nextDue(platform, return_);
        due && due.atMs <= platform.nowMs();
        due = nextDue(platform, return_)
      ) {
        due.happen();
      }
    } finally {
      // Even a step that failed must not leave its return without a timer.
      platform.saveReturn(return_);
      platform.commit();
    }
  });
  platform.onSaved = (return_) => {
    chooseStep(platform, return_);
    alarms.set(return_.key, nextDue(platform, return_)?.atMs);
  };
  for (const return_ of platform.returns.values()) platform.onSaved(return_);
  return alarms;
}

/** The step already chosen while its moment lasts, else the first that fits and was not taken. */
function chooseStep(platform: Platform, return_: AmazonReturn): void {
  const steps = plans[return_.plan]?.steps ?? [];
  if (return_.step && steps[return_.step.index]?.when(return_)) return;
  const index = steps.findIndex((step, at) => !return_.stepsTaken.includes(at) && step.when(return_));
  const next = steps[index];
  delete return_.step;
  if (next === undefined) return;
  const [least, most] = next.afterHours;
  const hours = (least + randomOf(return_, index, "delay").next() * (most - least)) * platform.settings.pace;
  return_.step = { index, atMs: platform.nowMs() + Math.round(hours * hourMs) };
}

function nextDue(platform: Platform, return_: AmazonReturn): { atMs: number; happen: () => void } | undefined {
  const { step } = return_;
  const refundAtMs = automatedRefundAt(platform, return_);
  const dues = [
    ...(step ? [{ atMs: step.atMs, happen: () => takeStep(platform, return_, step.index) }] : []),
    ...(refundAtMs === undefined ? [] : [{ atMs: refundAtMs, happen: () => refundAutomatically(platform, return_) }]),
  ];
  return dues.sort((a, b) => a.atMs - b.atMs)[0];
}

function takeStep(platform: Platform, return_: AmazonReturn, index: number): void {
  return_.stepsTaken.push(index);
  delete return_.step;
  plans[return_.plan]?.steps[index]?.take(platform, return_, randomOf(return_, index, "choice"));
  chooseStep(platform, return_);
}

const randomOf = ({ seed, plan }: AmazonReturn, index: number, what: string) =>
  createRandom(seed, plan, `step ${index}`, what);
