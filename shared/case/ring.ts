import { actBeforeExpiry, type Moment } from "./act-before-expiry.ts";
import { attend } from "./attend.ts";
import { attentionAt, type Case } from "./case.ts";
import { endedWithClock } from "./clock-tasks.ts";
import { joined, revise } from "./commands.ts";
import type { Instant } from "./instant.ts";
import { ringClocks } from "./ledger.ts";
import type { News } from "./news.ts";
import { followRules } from "./observe.ts";

/**
 * The next revision of a case whose clocks ring now: rungs are told, the tenant's rule answers before the end, what ran out
 * is missed, and commands that wait are looked after. One revision for all of it; undefined when there is nothing to say, so that a timer may fire twice.
 */
export function ring(current: Case, moment: Moment): Case | undefined {
  const { now, clockRules } = moment;
  // Where the channel could not be read the rules may still have changed: a pause has begun.
  const followed = followRules(current, clockRules, now);
  const clocks = followed?.deadlines ?? current.deadlines;
  if (!isDue({ ...current, deadlines: clocks }, now)) return followed;
  const rung = ringClocks(clocks, now);
  const { news, ...acted } = actBeforeExpiry({ ...current, deadlines: rung.deadlines }, moment);
  const late = current.tasks.filter((task) => endedWithClock(task, acted.deadlines));
  const done = late.map(({ taskId }): News => ({ name: "task.done", at: now, data: { taskId } }));
  const all = [...(followed?.news ?? []), ...rung.news, ...news, ...done];
  const isNew = followed || all.length > 0 || acted.deadlines.some((each, place) => each !== clocks[place]);
  const rungCase = isNew
    ? revise(current, now, { ...acted, tasks: current.tasks.filter((each) => !late.includes(each)) }, all)
    : undefined;
  const attended = attend(rungCase ?? current, { now, readAt: moment.isFresh ? now : undefined, link: moment.link });
  return rungCase && attended ? joined(rungCase, attended) : (attended ?? rungCase);
}

/** Whether a timer has something to do on this case. */
export function isDue(subject: Case, now: Instant): boolean {
  const at = attentionAt(subject);
  return at !== undefined && at <= now;
}
