import { type Alarms, createAlarms } from "../kit/alarms.ts";
import { clockEndMs, expire, moveMoney, nextMoneyMs } from "./lifecycle.ts";
import type { JdCase } from "./model.ts";
import { chooseStep, takeStep } from "./plan-runner.ts";
import type { Platform } from "./platform.ts";
import { clockEndOf, decideIntercept, expireRefund, payOut } from "./refund-lifecycle.ts";

interface Due {
  atMs: number;
  happen: () => void;
}

/** One alarm per case, always at the next thing that happens to it by itself. Set anew whenever a case is saved. */
export function runTimers(platform: Platform): Alarms {
  const alarms = createAlarms(platform.clock, (key) => {
    const case_ = platform.cases.get(key);
    if (case_ === undefined) return;
    try {
      for (let due = nextDue(platform, case_); due && due.atMs <= platform.nowMs(); due = nextDue(platform, case_)) {
        due.happen();
      }
    } finally {
      // Even a step that failed must not leave its case without a timer.
      platform.saveCase(case_);
      platform.commit();
    }
  });
  platform.onSaved = (case_) => {
    chooseStep(platform, case_);
    alarms.set(case_.key, nextDue(platform, case_)?.atMs);
  };
  for (const case_ of platform.cases.values()) platform.onSaved(case_);
  return alarms;
}

function nextDue(platform: Platform, case_: JdCase): Due | undefined {
  const dues: Due[] = [];
  const add = (atMs: number | undefined, happen: () => void) => {
    if (atMs !== undefined) dues.push({ atMs, happen });
  };
  add(case_.step?.atMs, () => takeStep(platform, case_));
  if (case_.family === "ticket") {
    add(nextMoneyMs(case_), () => moveMoney(platform, case_));
    add(clockEndMs(platform, case_), () => expire(platform, case_));
  } else {
    add(case_.interceptAtMs, () => decideIntercept(platform, case_));
    add(case_.paysAtMs, () => payOut(platform, case_));
    add(clockEndOf(platform, case_), () => expireRefund(platform, case_));
  }
  return dues.reduce<Due | undefined>((next, due) => (!next || due.atMs < next.atMs ? due : next), undefined);
}
