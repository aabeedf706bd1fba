/** A moment as a clock on the wall shows it. `date` is `YYYY-MM-DD`. */
export interface Wall {
  date: string;
  msOfDay: number;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the machine's zone data has this IANA zone. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at an instant in epoch milliseconds, by the machine's own zone data. */
export function wallOf(at: number, zone: string): Wall {
  const shown = at + offsetOf(at, zone);
  const date = new Date(shown).toISOString().slice(0, 10);
  return { date, msOfDay: shown - Date.parse(date) };
}

/**
 * The instant at which the clocks of a zone show this. Where they show it twice, the first; where they never do, because
 * they were set forward, the instant that the time before the change would give: early, never late.
 */
export function instantOfWall({ date, msOfDay }: Wall, zone: string): number {
  const shown = Date.parse(date) + msOfDay;
  // No zone changes its clocks twice within two days.
  const candidates = [offsetOf(shown - dayMs, zone), offsetOf(shown + dayMs, zone)].map((offset) => shown - offset);
  const shownThen = candidates.filter((at) => at + offsetOf(at, zone) === shown);
  return Math.min(...(shownThen.length > 0 ? shownThen : candidates));
}

/** The day after, by the calendar. */
export function dayAfter(date: string): string {
  return new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10);
}

/** 1 for Monday to 7 for Sunday, as ISO 8601 counts. */
export function weekdayOf(date: string): number {
  return new Date(Date.parse(date)).getUTCDay() || 7;
}

function offsetOf(at: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

// Making a format takes longer than a hundred uses of it.
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = "numeric";
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
  formats.set(timeZone, format);
  return format;
}
