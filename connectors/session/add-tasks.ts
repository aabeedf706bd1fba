import type { Case, Task } from "#shared/case/case.ts";
import { openClockTasks } from "#shared/case/clock-tasks.ts";
import { factsOf } from "#shared/case/command.ts";
import type { Instant } from "#shared/case/instant.ts";
import type { News } from "#shared/case/news.ts";
import { dueAtOf } from "#shared/case/tasks.ts";
import type { Connector } from "../contract.ts";

/** Adds to a revision that was just made what a person must now do in the channel's console, and where. */
export type AddTasks = (next: Case, now: Instant) => Case;

/** The tasks of a connector: clocks that no call answers, and answers of ours that the channel took and then refused. */
export function tasksOf(connector: Connector): AddTasks {
  const { clockTask } = connector;
  return (next, now) => {
    const told = openRefusedTasks(next, connector, now);
    return clockTask ? openClockTasks(told, clockTask, now) : told;
  };
}

/**
 * What the channel refused after it had taken it is a person's, if it may not be asked again: the action itself says what to
 * do. Once per action; adds its news to the revision.
 */
function openRefusedTasks(next: Case, { actions, consoleLink }: Connector, now: Instant): Case {
  const { refusedAnswer } = next.facts;
  const command = next.commands.find(
    ({ status, channelReference }) => status === "refused" && channelReference === refusedAnswer?.reference,
  );
  const isNews = next.news.some(
    ({ name, data }) => name === "command.refused" && data.commandId === command?.commandId,
  );
  if (!refusedAnswer || !command || !isNews) return next;
  const offer = actions?.[command.action]?.offered(next, command.args);
  const taskId = `do_${command.action}`;
  if (!offer || offer.offered || next.tasks.some((each) => each.taskId === taskId)) return next;
  const dueAt = dueAtOf(next);
  const link = consoleLink?.(next);
  const doneWhen = [...factsOf(command.action).shownBy];
  const task: Task = {
    taskId,
    what: offer.task,
    openedAt: now,
    doneWhen,
    ...(dueAt && { dueAt }),
    ...(link && { link }),
  };
  const opened: News = { name: "task.opened", at: now, data: { taskId, what: task.what, dueAt } };
  return { ...next, tasks: [...next.tasks, task], news: [...next.news, opened] };
}
