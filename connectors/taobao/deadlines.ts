import type { StatedDeadline, UnreadableDeadline } from "#shared/case/deadline.ts";
import type { CaseType, Flag } from "#shared/case/vocabulary.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import { onExpiryOf, type Step, steps } from "./status.ts";

interface Clock {
  /** GMT+8 without a zone; undefined where the channel states that there is none. */
  timeout: string | undefined;
  field: string;
}

/**
 * The clock of a case, as the channel states it; none is ever estimated. In a dispute the same field is the time for
 * evidence, or the platform's own, so its end has an unknown consequence. On a status we do not know it is taken for
 * ours to answer, so that a person is warned and no rule acts on it. A time that cannot be read raises a flag and is kept
 * as it came.
 */
export function deadlinesOf(
  { timeout, field }: Clock,
  {
    step,
    type,
    dispute,
  }: { step: Step | undefined; type: CaseType | undefined; dispute: "none" | "open" | "evidence" },
  flags: Flag[],
  unreadable: UnreadableDeadline[],
): StatedDeadline[] {
  if (!timeout) return [];
  const kind = dispute === "evidence" ? "evidence" : step ? deadlineOf(step) : "respond";
  if (!kind) return [];
  const dueAt = instantOfChinaTime(timeout);
  if (!dueAt) {
    flags.push("deadline_unreadable");
    unreadable.push({ kind, field, raw: timeout.slice(0, 100) });
    return [];
  }
  const onExpiry = step && dispute === "none" ? onExpiryOf(kind, type) : "unknown";
  return [{ kind, dueAt, source: { from: "channel", field }, onExpiry }];
}

function deadlineOf(step: Step): StatedDeadline["kind"] | undefined {
  const facts = steps[step];
  return "deadline" in facts ? facts.deadline : undefined;
}
