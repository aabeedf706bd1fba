import type { Case, Task } from "./case.ts";
import type { Deadline, DeadlineKind } from "./deadline.ts";
import type { Instant } from "./instant.ts";
import type { News } from "./news.ts";

/** What a person does before a clock of this kind ends, and where; undefined where a person need not be told. */
export type ClockTaskOf = (subject: Case, kind: DeadlineKind) => Pick<Task, "what" | "link"> | undefined;

/**
 * The same revision with a task for each running clock that no call of the channel can answer. What ends with its clock is
 * closed by `endedWithClock`. Adds its news to the revision; makes no new one.
 */
export function openClockTasks(next: Case, taskOf: ClockTaskOf, now: Instant): Case {
  const tasks = next.deadlines.flatMap(({ kind, dueAt, status }): Task[] => {
    const taskId = `clock_${kind}`;
    if (status !== "running" || next.tasks.some((each) => each.taskId === taskId)) return [];
    const task = taskOf(next, kind);
    return task ? [{ taskId, ...task, openedAt: now, dueAt, doneWhen: [], clock: kind }] : [];
  });
  if (tasks.length === 0) return next;
  const news = tasks.map(
    ({ taskId, what, dueAt }): News => ({ name: "task.opened", at: now, data: { taskId, what, dueAt } }),
  );
  return { ...next, tasks: [...next.tasks, ...tasks], news: [...next.news, ...news] };
}

/** Whether a task was about a clock that runs no more: it was answered, or it is too late. */
export function endedWithClock({ clock }: Task, deadlines: readonly Deadline[]): boolean {
  return clock !== undefined && !deadlines.some(({ kind, status }) => kind === clock && status === "running");
}
