import { deadlineKindSchema, type StatedDeadline, statedDeadlineSchema, type UnreadableDeadline } from "./deadline.ts";
import type { Instant } from "./instant.ts";
import { instant } from "./instant-of.ts";
import type { Facts } from "./observation.ts";

/** No platform, law or merchant gives longer; what lies beyond is a placeholder such as the year 9999. */
const longestDays = 400;
const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

type Stated = Partial<Pick<Facts, "deadlines" | "unreadableDeadlines" | "flags">>;

/**
 * Sorts the stated clocks into those that can be true and those that cannot: no time at all, before the case was opened,
 * more than 400 days after. A time in another zone is read as the instant it is. What cannot be true is kept as it came
 * and flagged, so that the merchant's own clock takes its place. The same again changes nothing.
 * `facts` may be what a connector gave before any schema has looked at it.
 */
export function readDeadlines<F extends Stated>(facts: F, openedAt: Instant | undefined): F {
  if (!Array.isArray(facts.deadlines)) return facts;
  const deadlines: StatedDeadline[] = [];
  const unreadable: UnreadableDeadline[] = [];
  for (const each of facts.deadlines) {
    const dueAt = dueAtOf(each.dueAt, openedAt);
    if (dueAt === undefined) unreadable.push(asUnreadable(each));
    else deadlines.push(dueAt === each.dueAt ? each : { ...each, dueAt });
  }
  if (unreadable.length === 0 && !deadlines.some((each, place) => each !== facts.deadlines?.[place])) return facts;
  const unreadableDeadlines = [...(facts.unreadableDeadlines ?? []), ...unreadable].slice(0, 12);
  const flagged = unreadable.length > 0 && { unreadableDeadlines, flags: withFlag(facts.flags ?? []) };
  return { ...facts, deadlines, ...flagged };
}

function dueAtOf(stated: unknown, openedAt: Instant | undefined): Instant | undefined {
  if (typeof stated !== "string" || !zoned.test(stated)) return undefined;
  const at = Date.parse(stated);
  const opened = openedAt === undefined ? Number.NaN : Date.parse(openedAt);
  if (at < opened || at > opened + longestDays * 86_400_000) return undefined;
  try {
    return instant(new Date(at));
  } catch {
    return undefined;
  }
}

function asUnreadable({ kind, dueAt, source }: StatedDeadline): UnreadableDeadline {
  const known = deadlineKindSchema.safeParse(kind);
  const from = statedDeadlineSchema.shape.source.safeParse(source);
  const field = from.success && from.data.from === "channel" ? from.data.field : "deadline";
  return { ...(known.success && { kind: known.data }), field: field.slice(0, 64), raw: String(dueAt).slice(0, 100) };
}

function withFlag(flags: Facts["flags"]): Facts["flags"] {
  return [...new Set([...flags, "deadline_unreadable" as const])].sort();
}
