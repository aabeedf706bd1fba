/**
 * The first instant after `after` that a schedule expression names; undefined when there is none. Knows `rate(…)`
 * (aligned to whole periods since 1970, so that runs are repeatable), `at(…)` and `cron(…)` with lists, ranges, steps
 * and names, in UTC. Throws on anything else.
 */
export function nextOccurrence(expression: string, after: Date): Date | undefined {
  const [, kind, inside = ""] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  if (kind === "rate") {
    const [, amount, unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
    const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit];
    if (amount && unitMs) {
      const periodMs = Number(amount) * unitMs;
      return new Date((Math.floor(after.getTime() / periodMs) + 1) * periodMs);
    }
  }
  if (kind === "at") {
    const at = new Date(`${inside}Z`);
    if (!Number.isNaN(at.getTime())) return at > after ? at : undefined;
  }
  if (kind === "cron") return nextCron(inside, after);
  throw new Error(`The schedule expression ${expression} is not known to the local runtime.`);
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const dayMs = 86_400_000;

function nextCron(text: string, after: Date): Date | undefined {
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = "*"] = text.trim().split(/\s+/);
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const monthDays = readField(dayOfMonth, 1, 31);
  const monthNumbers = readField(month, 1, 12, months, 1);
  const weekDays = readField(dayOfWeek, 1, 7, days, 1);
  const years = readField(year, 1970, 2199);
  const start = new Date(Math.floor(after.getTime() / 60_000) * 60_000 + 60_000);
  let day = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
  for (let tries = 0; tries < 366 * 5; tries++, day = new Date(day.getTime() + dayMs)) {
    if (!years(day.getUTCFullYear()) || !monthNumbers(day.getUTCMonth() + 1)) continue;
    if (!monthDays(day.getUTCDate()) || !weekDays(day.getUTCDay() + 1)) continue;
    for (let at = Math.max(day.getTime(), start.getTime()); at < day.getTime() + dayMs; at += 60_000) {
      const moment = new Date(at);
      if (hours(moment.getUTCHours()) && minutes(moment.getUTCMinutes())) return moment;
    }
  }
  return undefined;
}

function readField(
  field: string,
  least: number,
  most: number,
  names: string[] = [],
  firstName = 0,
): (value: number) => boolean {
  if (field === "*" || field === "?") return () => true;
  const allowed = new Set<number>();
  const read = (part: string) => {
    const named = names.indexOf(part.toUpperCase());
    const value = named < 0 ? Number(part) : named + firstName;
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`${part} in a cron expression is not known to the local runtime.`);
    return value;
  };
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [from = "", to] = range.split("-");
    const first = range === "*" ? least : read(from);
    const last = to !== undefined ? read(to) : range === "*" || step !== undefined ? most : first;
    for (let value = first; value <= last; value += step === undefined ? 1 : Number(step)) allowed.add(value);
  }
  return (value) => allowed.has(value);
}
