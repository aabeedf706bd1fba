import { type Alarms, createAlarms } from "../kit/alarms.ts";
import { expireEvidence } from "./arbitration.ts";
import { expireNode } from "./lifecycle.ts";
import { type DouyinCase, isArbitrationOpen } from "./model.ts";
import { moveMoney } from "./money.ts";
import { chooseStep, takeStep } from "./plan-runner.ts";
import type { Platform } from "./platform.ts";

interface Due {
  atMs: number;
  happen: (platform: Platform, case_: DouyinCase) => void;
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

function nextDue(case_: DouyinCase): Due | undefined {
  const dues: Due[] = [];
  if (case_.moneyAtMs !== undefined) dues.push({ atMs: case_.moneyAtMs, happen: moveMoney });
  if (case_.step !== undefined) dues.push({ atMs: case_.step.atMs, happen: takeStep });
  if (isArbitrationOpen(case_)) {
    const deadline = case_.arbitration?.deadline ?? 0;
    if (deadline > 0) dues.push({ atMs: deadline * 1000, happen: expireEvidence });
  } else if (case_.statusDeadline > 0 && case_.finalTime === 0) {
    dues.push({ atMs: case_.statusDeadline * 1000, happen: expireNode });
  }
  return dues.reduce<Due | undefined>(
    (next, due) => (next === undefined || due.atMs < next.atMs ? due : next),
    undefined,
  );
}
