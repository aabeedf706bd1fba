import { type Case, channelVersionOf, stateOf } from "./case.ts";
import { type ClockRules, statedClocksOnly } from "./clock-rules.ts";
import { type Command, factsOf, isOpen } from "./command.ts";
import { revise, settleByFacts } from "./commands.ts";
import { caseIdOf, type TenantId } from "./ids.ts";
import type { Instant } from "./instant.ts";
import { followClocks } from "./ledger.ts";
import type { News } from "./news.ts";
import { type CaseObservation, type Facts, factsSchema, wholeCase } from "./observation.ts";
import { readDeadlines } from "./readable-deadlines.ts";
import { factsWithoutPerson } from "./redact.ts";
import { sameValue } from "./same-value.ts";
import { type HeldState, isExpectedMove, isFinal } from "./states.ts";

export type Observed =
  | { kind: "opened"; next: Case }
  | { kind: "changed"; next: Case }
  /** The same fact again: nothing to save. */
  | { kind: "same" }
  /** Older than what we hold: nothing to save. */
  | { kind: "stale" }
  /** A part of a case that has not been observed itself yet; it may still be on its way. */
  | { kind: "early" };

/**
 * Merges what a channel states into what we hold. The channel is the authority: an unexpected move is stored, marked and
 * told, never refused. The result depends on the newest observation of each facet, not on the order of arrival.
 * `clockRules` say which clocks run beside those that the channel states; none when left out.
 */
export function observe(
  current: Case | undefined,
  observation: CaseObservation,
  tenantId: TenantId,
  { clockRules = statedClocksOnly }: { clockRules?: ClockRules } = {},
): Observed {
  if (!current) return observation.facet === wholeCase ? open(observation, tenantId, clockRules) : { kind: "early" };
  const { facet, version, observedAt } = observation;
  const seen = current.versions[facet];
  const merged = merge(current.facts, observation.facts);
  // The channel may still show a parcel that has been erased here.
  const facts = current.redactedAt === undefined ? merged : factsWithoutPerson(merged);
  const same = sameValue(facts, current.facts);
  if (seen && (version < seen.version || (version === seen.version && observedAt < seen.observedAt))) {
    return { kind: same ? "same" : "stale" };
  }
  // A newer version of the same facts is worth remembering, or an older one that differs could still be taken for news.
  // Where the version is the time of the reading, every reading is newer, and readings of a case are made in order.
  const isReading = version === Date.parse(observedAt);
  const setting = { channel: current.channel, shopId: current.shopId, clockRules };
  const { deadlines, news: clockNews } = followClocks(current.deadlines, facts, observedAt, setting);
  // The same facts may mean other clocks: a pause was announced, or the tenant has changed its rules.
  const sameClocks = sameValue(deadlines, current.deadlines);
  if (same && seen && sameClocks && (version === seen.version || isReading)) return { kind: "same" };

  const next: Case = {
    ...current,
    revision: current.revision + 1,
    versions: { ...current.versions, [facet]: { version, observedAt } },
    facts,
    deadlines,
    savedAt: observedAt,
    unexpectedMove: false,
    news: [...differences(current, facts, observedAt), ...clockNews],
  };
  next.unexpectedMove = !isExpected(current, stateOf(next));
  return { kind: "changed", next: settleByFacts(next, observedAt) };
}

/**
 * The case with its clocks as the rules of now have them, where the channel could not be asked. Undefined when nothing
 * changes.
 */
export function followRules(current: Case, clockRules: ClockRules, now: Instant): Case | undefined {
  const { channel, shopId } = current;
  const { deadlines, news } = followClocks(current.deadlines, current.facts, now, { channel, shopId, clockRules });
  return sameValue(deadlines, current.deadlines) ? undefined : revise(current, now, { deadlines }, news);
}

function open(observation: CaseObservation, tenantId: TenantId, clockRules: ClockRules): Observed {
  const { channel, shopId, channelCaseId, facet, version, observedAt } = observation;
  const facts = tidy(factsSchema.parse(readDeadlines(observation.facts, observation.facts.openedAt)));
  const { deadlines, news } = followClocks([], facts, observedAt, { channel, shopId, clockRules });
  const opened: News = {
    name: "case.opened",
    at: observedAt,
    data: {
      type: facts.type.known ? facts.type.value : "unknown",
      state: stateOf({ facts }),
      waitingOn: facts.waitingOn,
      claimed: facts.money.claimed,
    },
  };
  const next: Case = {
    tenantId,
    shopId,
    channel,
    channelCaseId,
    caseId: caseIdOf(channel, shopId, channelCaseId),
    revision: 1,
    versions: { [facet]: { version, observedAt } },
    facts,
    deadlines,
    commands: [],
    tasks: [],
    unexpectedMove: false,
    savedAt: observedAt,
    news: [opened, ...news],
  };
  return { kind: "opened", next };
}

/** A fact that is not stated is not known, so it stays as it was; it is not erased by an absent column. */
function merge(held: Facts, stated: Partial<Facts>): Facts {
  const known = Object.entries(stated).filter(([, value]) => value !== undefined);
  const { unreadableDeadlines, ...rest } = held;
  // Who states the clocks states all of them, so what could not be read before has been replaced too.
  const before = stated.deadlines ? rest : held;
  const facts: Facts = { ...before, ...Object.fromEntries(known) };
  return tidy(readDeadlines(facts, facts.openedAt));
}

/** An outcome belongs to a final state: a case that the channel opens again has none. */
function tidy({ outcome, ...facts }: Facts): Facts {
  return outcome !== undefined && isFinal(stateOf({ facts })) ? { ...facts, outcome } : facts;
}

const told = ["state", "money", "goods", "dispute", "deadlines", "waitingOn", "outcome", "changedAt"].concat(
  ...["inspection", "paidOutside"],
);

/** Whether the table expects the move, or we have asked for it ourselves: a final case may be opened again. */
function isExpected(current: Case, to: HeldState): boolean {
  const asked = ({ action, sentAt }: Command) =>
    sentAt !== undefined && factsOf(action).shownBy.some((each) => each === to);
  return isExpectedMove(stateOf(current), to) || current.commands.some((each) => isOpen(each) && asked(each));
}

function differences(current: Case, after: Facts, at: Instant): News[] {
  const before = current.facts;
  const news: News[] = [];
  const [from, to]: HeldState[] = [stateOf({ facts: before }), stateOf({ facts: after })];
  if (from !== undefined && to !== undefined && from !== to) {
    const expected = isExpected(current, to);
    news.push({
      name: "case.moved",
      at,
      data: { from, to, waitingOn: after.waitingOn, outcome: after.outcome, expected },
    });
  }
  if (before.money.status !== after.money.status || !sameValue(before.money.settled, after.money.settled)) {
    const { settled, executedBy } = after.money;
    news.push({
      name: "refund.observed",
      at,
      data: { from: before.money.status, to: after.money.status, settled, executedBy },
    });
  }
  if (before.goods.status !== after.goods.status || !sameValue(before.goods.wayBack, after.goods.wayBack)) {
    const { status, wayBack } = after.goods;
    news.push({
      name: "goods.observed",
      at,
      data: { from: before.goods.status, to: status, trackingNo: wayBack?.trackingNo },
    });
  }
  news.push(...ownFacts(before, after, at));
  const disputes = [before.dispute.status, after.dispute.status].map((each) => (each.known ? each.value : "unknown"));
  if (disputes[0] !== undefined && disputes[1] !== undefined && disputes[0] !== disputes[1]) {
    news.push({ name: "dispute.observed", at, data: { from: disputes[0], to: disputes[1] } });
  }
  const fields = Object.keys({ ...before, ...after })
    .filter((name) => !told.includes(name))
    .filter((name) => !sameValue(before[name as keyof Facts], after[name as keyof Facts]))
    .sort();
  if (!sameValue(before.money.claimed, after.money.claimed)) fields.push("money.claimed");
  if (before.money.agreedIfDeliveryRefused !== after.money.agreedIfDeliveryRefused)
    fields.push("money.agreedIfDeliveryRefused");
  // A move tells whose turn it is; without one nobody would hear that it is another's.
  if (from === to && before.waitingOn !== after.waitingOn) fields.push("waitingOn");
  if (fields.length > 0) news.push({ name: "case.amended", at, data: { fields, waitingOn: after.waitingOn } });
  return news;
}

/** What the merchant's own systems report, and money that the channel shows no more. */
function ownFacts(before: Facts, after: Facts, at: Instant): News[] {
  const news: News[] = [];
  const { inspection, paidOutside, money } = after;
  if (inspection && !sameValue(before.inspection, inspection)) {
    const sum = (name: "received" | "accepted" | "damaged" | "missing") =>
      inspection.lines.reduce((total, line) => total + line[name], 0);
    const [received, accepted, damaged, missing] = [sum("received"), sum("accepted"), sum("damaged"), sum("missing")];
    news.push({
      name: "goods.inspected",
      at,
      data: { result: inspection.result, received, accepted, damaged, missing },
    });
  }
  if (paidOutside && !sameValue(before.paidOutside, paidOutside)) {
    const { amount, reference } = paidOutside;
    news.push({ name: "refund.paid_outside", at, data: { amount, reference } });
  }
  const settled = before.money.settled;
  if (settled && settled.amountMinor > (money.settled?.amountMinor ?? settled.amountMinor)) {
    news.push({ name: "refund.clawed_back", at, data: { before: settled, after: money.settled } });
  }
  return news;
}

/** True when the case holds a newer version of itself than `version`. */
export function hasMovedOn(current: Case, version: number): boolean {
  return channelVersionOf(current) > version;
}
