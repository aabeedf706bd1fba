import { type Case, stateOf } from "./case.ts";
import { canBeMissed, type Deadline, type DeadlineKind, isMerchants, runsAfterEnd } from "./deadline.ts";
import type { Instant } from "./instant.ts";
import { ladderOf } from "./rung.ts";
import { isFinal } from "./states.ts";

export interface Risk {
  dueAt: Instant;
  kind: DeadlineKind;
}

/**
 * The end of the nearest platform clock that has run out, or has told all of its ladder or how little time is left, while
 * nobody has answered; undefined when none has. The merchant's own promises are not the platform's clocks.
 */
export function riskOf(subject: Pick<Case, "deadlines" | "facts">): Risk | undefined {
  const isOver = isFinal(stateOf(subject));
  const pressing = subject.deadlines.filter(({ kind, source, ...rest }) => {
    // What is past and can be neither answered nor called missed presses nobody.
    const counts = rest.status === "running" ? isMerchants(kind) : !isOver && canBeMissed(kind);
    return counts && (!isOver || runsAfterEnd(kind)) && source.from !== "tenant" && isPressing(rest);
  });
  const [nearest] = pressing.sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
  return nearest && { dueAt: nearest.dueAt, kind: nearest.kind };
}

function isPressing(deadline: Omit<Deadline, "kind" | "source">): boolean {
  const { status, announced } = deadline;
  if (status === "missed" || announced.some((rung) => rung.startsWith("last_"))) return true;
  return announced.length > 0 && ladderOf(deadline).every(({ rung }) => announced.includes(rung));
}
