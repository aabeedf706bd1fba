import type { Case, Task } from "./case.ts";
import type { Instant } from "./instant.ts";
import { revise } from "./revise.ts";

/** Opens a task for a person, once per id. Undefined when it is open already. */
export function openTask(current: Case, task: Task, now: Instant): Case | undefined {
  if (current.tasks.some(({ taskId }) => taskId === task.taskId)) return undefined;
  const { taskId, what, dueAt } = task;
  return revise(current, now, { tasks: [...current.tasks, task] }, [
    { name: "task.opened", at: now, data: { taskId, what, dueAt } },
  ]);
}

/** The merchant's nearest running clock, by which a task on this case is due. */
export function dueAtOf({ deadlines }: Pick<Case, "deadlines">): Instant | undefined {
  return deadlines
    .filter(({ status }) => status === "running")
    .map(({ dueAt }) => dueAt)
    .sort()[0];
}

/** A person's word that a task is done which no fact of the channel can show. Undefined when it is not open. */
export function finishTask(current: Case, taskId: string, now: Instant): Case | undefined {
  if (!current.tasks.some((task) => task.taskId === taskId)) return undefined;
  const tasks = current.tasks.filter((task) => task.taskId !== taskId);
  return revise(current, now, { tasks }, [{ name: "task.done", at: now, data: { taskId } }]);
}
