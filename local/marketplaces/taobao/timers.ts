import { type Alarms, createAlarms } from "../kit/alarms.ts";
import { expireEvidence } from "./intervention.ts";
import { expireNode, moveMoney } from "./lifecycle.ts";
import { isDisputed, isOver, type TaobaoCase } from "./model.ts";
import { chooseStep, takeStep } from "./plan-runner.ts";
import type { Platform } from "./platform.ts";

interface Due {
  atMs: number;
  happen: (platform: Platform, case_: TaobaoCase) => void;
}

/** One alarm per case, always at the next thing that happens to it by itself. Set anew whenever a case is saved. */
export function runTimers(platform: Platform): Alarms {
  const alarms = createAlarms(platform.clock, (caseId) => {
    const case_ = platform.cases.get(caseId);
    if (case_ === undefined) return;
    try {
      for (let due = nextDue(case_); due !== undefined && due.atMs <= platform.nowMs(); due = nextDue(case_)) {
        due.happen(platform, case_);
      }
    } finally {
      // Even a step that failed must not leave its case without a timer.
      platform.saveCase(case_);
      platform.commit();
    }
  });
  platform.onSaved = (case_) => {
    chooseStep(platform, case_);
    alarms.set(case_.id, nextDue(case_)?.atMs);
  };
  for (const case_ of platform.cases.values()) platform.onSaved(case_);
  return alarms;
}

function nextDue(case_: TaobaoCase): Due | undefined {
  const dues: Due[] = [];
  if (case_.moneyAtMs !== undefined) dues.push({ atMs: case_.moneyAtMs, happen: moveMoney });
  if (case_.step !== undefined) dues.push({ atMs: case_.step.atMs, happen: takeStep });
  if (case_.timeoutMs > 0 && !isOver(case_))
    dues.push({ atMs: case_.timeoutMs, happen: isDisputed(case_) ? expireEvidence : expireNode });
  return dues.reduce<Due | undefined>((next, due) => (next && next.atMs <= due.atMs ? next : due), undefined);
}
