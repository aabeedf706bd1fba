import { endOf } from "./calendar.ts";
import { type ClockPlace, type ClockRules, calendarOf, marketOf } from "./clock-rules.ts";
import { type DeadlineKind, isMerchants, runs, runsAfterEnd, type StatedDeadline } from "./deadline.ts";
import { inForce, type PolicyRow, type StartFact, speaksOf } from "./deadline-policy.ts";
import type { Instant } from "./instant.ts";
import { instant } from "./instant-of.ts";
import type { Facts } from "./observation.ts";
import { windowsOf } from "./pause.ts";
import { isFinal } from "./states.ts";
import type { ServiceLevel } from "./tenant-rules.ts";
import { wallOf } from "./zoned.ts";

/**
 * Every clock that runs on these facts: what the channel states; where it states none of a kind, the earliest of the
 * published rules; then the merchant's own promises; and for a case that waits for the merchant without any clock, or with
 * one that cannot be read, the merchant's fallback. Depends on the facts and the rules alone, never on what was known
 * before, so that the order of arrival cannot matter. A final case has none, whatever fields the channel leaves behind,
 * but those in which the merchant may still ask something of the platform.
 */
export function clocksOf(facts: Facts, place: ClockPlace, clockRules: ClockRules): StatedDeadline[] {
  const isOver = facts.state.known && isFinal(facts.state.value);
  if (isOver) return onePerKind(publishedClocks(facts, place, clockRules).filter(({ kind }) => runsAfterEnd(kind)));
  const clocks = new Map(facts.deadlines.map((each) => [each.kind, each]));
  const add = (found: readonly StatedDeadline[]) => {
    for (const each of found) if (!clocks.has(each.kind)) clocks.set(each.kind, each);
  };
  add(earliestFirst(publishedClocks(facts, place, clockRules)));
  add(earliestFirst(promisedClocks(facts, place, clockRules)));
  if (clockRules.fallback) add(fallbackClocks(facts, [...clocks.values()], clockRules));
  return [...clocks.values()];
}

function onePerKind(clocks: StatedDeadline[]): StatedDeadline[] {
  const first = new Map<DeadlineKind, StatedDeadline>();
  for (const each of earliestFirst(clocks)) if (!first.has(each.kind)) first.set(each.kind, each);
  return [...first.values()];
}

/** Whether the facts show that what the clock asks for has been done, though the state it runs in lasts. */
export function isAnswered(kind: DeadlineKind, { reclaim }: Facts): boolean {
  return kind === "claim_back" && reclaim !== undefined;
}

function publishedClocks(facts: Facts, place: ClockPlace, { rules, calendars, rows }: ClockRules): StatedDeadline[] {
  const market = marketOf(facts, place, rules);
  const found: StatedDeadline[] = [];
  for (const row of rows) {
    if (rules.policiesOff.includes(row.id)) continue;
    if (!speaksOf(row, facts, { channel: place.channel, market, laws: rules.laws })) continue;
    const { at, isGuess } = startOf(row.start, facts);
    if (isAnswered(row.kind, facts) || (isGuess && runsAfterEnd(row.kind))) continue;
    const calendar = calendarFor(row, calendarOf(market, calendars), market);
    if (!inForce(row, wallOf(Date.parse(at), calendar.timeZone).date)) continue;
    const windows = windowsOf(rules.pauses, { channel: place.channel, kind: row.kind });
    const { id: policyId, link, readOn, kind, onExpiry } = row;
    const confidence = isGuess ? "C" : row.confidence;
    const source = { from: "policy" as const, policyId, link, readOn, confidence };
    found.push({ kind, dueAt: instantOf(endOf(Date.parse(at), row.lasts, calendar, windows)), source, onExpiry });
  }
  return found;
}

function calendarFor(
  { hours, timeZone, timeZones }: PolicyRow,
  calendar: ReturnType<typeof calendarOf>,
  market: string | undefined,
) {
  const own = timeZones?.[market ?? ""] ?? timeZone;
  return { ...calendar, ...hours, ...(own && { timeZone: own }) };
}

function promisedClocks(facts: Facts, place: ClockPlace, { rules, calendars }: ClockRules): StatedDeadline[] {
  const state = facts.state.known ? facts.state.value : "unknown";
  const dispute = facts.dispute.status.known ? facts.dispute.status.value : "unknown";
  if (state === "unknown") return [];
  const calendar = calendarOf(marketOf(facts, place, rules), calendars);
  const windows = (kind: DeadlineKind) => windowsOf(rules.pauses, { channel: place.channel, kind });
  return rules.levels
    .filter((level) => runs(level.kind, state, dispute) && isFor(level, facts, place))
    .map(({ id, kind, within }) => {
      const start = Date.parse(startOf(usualStarts[kind] ?? "changed", facts).at);
      const dueAt = instantOf(endOf(start, within, calendar, windows(kind)));
      return { kind, dueAt, source: { from: "tenant", rule: id }, onExpiry: "unknown" };
    });
}

const usualStarts: Partial<Record<DeadlineKind, StartFact>> = {
  first_response: "opened",
  review: "opened",
  respond: "opened",
  confirm_receipt: "sent_back",
  inspect: "returned",
  refund: "returned",
};

/** Whether a rule with these conditions is about a case of these facts. */
export function isFor(
  { channels, types, goods }: Partial<Pick<ServiceLevel, "channels" | "types" | "goods">>,
  facts: Facts,
  { channel }: Pick<ClockPlace, "channel">,
): boolean {
  const type = facts.type.known ? facts.type.value : undefined;
  if (channels && !channels.includes(channel)) return false;
  if (types && !(type && types.includes(type))) return false;
  return !goods || (facts.goods.status !== undefined && goods.includes(facts.goods.status));
}

function fallbackClocks(facts: Facts, clocks: readonly StatedDeadline[], { rules }: ClockRules): StatedDeadline[] {
  const owed = new Map<DeadlineKind, string>();
  const state = facts.state.known ? facts.state.value : "unknown";
  const dispute = facts.dispute.status.known ? facts.dispute.status.value : "unknown";
  for (const { kind, field } of facts.unreadableDeadlines ?? []) {
    if (kind === undefined || runs(kind, state, dispute)) owed.set(kind ?? owedKind(facts), `unreadable.${field}`);
  }
  // The merchant's other promises are no clock for what the case waits for.
  const isCovered = ({ kind, source }: StatedDeadline) =>
    isMerchants(kind) && (source.from !== "tenant" || kind === owedKind(facts));
  if (facts.waitingOn === "merchant" && !clocks.some(isCovered) && owed.size === 0)
    owed.set(owedKind(facts), "fallback");
  const start = Date.parse(startOf("changed", facts).at);
  const dueAt = instantOf(start + rules.fallbackHours * 3_600_000);
  return [...owed].map(([kind, rule]) => ({ kind, dueAt, source: { from: "tenant", rule }, onExpiry: "unknown" }));
}

/** What a case that waits for the merchant waits for. */
function owedKind({ state, dispute, type }: Facts): DeadlineKind {
  if (!dispute.status.known || ["evidence_due", "negotiating"].includes(dispute.status.value)) return "evidence";
  const sendsGoods = type.known && ["exchange", "reissue", "repair"].includes(type.value);
  switch (state.known ? state.value : "unknown") {
    case "approved":
      return sendsGoods ? "ship_replacement" : "provide_address";
    case "return_in_transit":
      return "confirm_receipt";
    case "received":
      return sendsGoods ? "ship_replacement" : "refund";
    case "refunding":
      return "refund";
    case "rejected":
      return "review";
    default:
      return "respond";
  }
}

function startOf(start: StartFact, facts: Facts): { at: Instant; isGuess: boolean } {
  const { openedAt, changedAt, returnedAt, goods, money } = facts;
  const { settledAt } = money;
  const stated = {
    ...{ opened: openedAt, changed: changedAt, returned: returnedAt, sent_back: goods.wayBack?.reportedAt },
    ...{ settled: settledAt, returned_or_settled: settledAt && [settledAt, returnedAt ?? settledAt].sort()[1] },
  }[start];
  return { at: stated ?? changedAt ?? openedAt, isGuess: stated === undefined };
}

/** The earliest first; but an estimate never hides a rule that somebody has written down. */
function earliestFirst(clocks: StatedDeadline[]): StatedDeadline[] {
  const isEstimate = ({ source }: StatedDeadline) => Number(source.from === "policy" && source.confidence === "C");
  return clocks.sort((a, b) => isEstimate(a) - isEstimate(b) || (a.dueAt < b.dueAt ? -1 : 1));
}

/** The model's instants end in 2099; a span from an absurd start must not end the work on a case. */
function instantOf(at: number): Instant {
  return instant(new Date(Math.min(Math.max(at, Date.UTC(2000, 0, 1)), Date.UTC(2099, 11, 31))));
}
