import fc from "fast-check";
import type { Moment } from "#shared/case/act-before-expiry.ts";
import { attentionAt, type Case } from "#shared/case/case.ts";
import { type ClockRules, defaultClockRules } from "#shared/case/clock-rules.ts";
import type { News } from "#shared/case/news.ts";
import type { CaseObservation, Facts } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";
import { isPaused, type Pause } from "#shared/case/pause.ts";
import { ring } from "#shared/case/ring.ts";
import { tenantRulesSchema } from "#shared/case/tenant-rules.ts";
import { inState, someFacts, tenantId } from "./case-builder.ts";

const start = Date.parse("2026-11-25T12:00:00.000Z");
const at = (ms: number) => new Date(start + ms).toISOString();

/** What happens to a case and around it, in milliseconds from its opening. */
export const eventArbitrary = fc.record({
  moment: fc.integer({ min: 1, max: 90 * 3_600_000 }),
  what: fc.constantFrom("answer", "move", "unstate", "garble", "amend", "pause", "reopen", "outage", "sweepDown"),
  lasting: fc.integer({ min: 360_000, max: 40 * 3_600_000 }),
  heardAfter: fc.constantFrom(0, 36_000, 2 * 3_600_000, 30 * 3_600_000),
});
export const historyArbitrary = fc.record({
  stated: fc.option(fc.integer({ min: 1_800_000, max: 72 * 3_600_000 }), { nil: undefined }),
  mode: fc.constantFrom("auto" as const, "auto" as const, "assist" as const),
  events: fc.array(eventArbitrary, { maxLength: 9 }),
});
export type ClockHistory = typeof historyArbitrary extends fc.Arbitrary<infer H> ? H : never;

export interface Told {
  news: News;
  /** What was true when it was told. */
  truth: {
    state: string;
    dueAt: string | undefined;
    isFresh: boolean;
    isPaused: boolean;
    mode: string;
    /** Due times that the case holds. */
    clocks: string[];
  };
}

interface Truth {
  state: "requested" | "approved" | "closed";
  due: unknown;
  version: number;
  changedAt: string;
}

/**
 * Plays a case on a channel that states a clock, or on none and by a published rule, through a history: its clock moves,
 * stands still or turns unreadable, news of it come late, the sweep and the channel are down. Timers fire when a sweep
 * would have them fire. Returns everything that was told, and the case two weeks later.
 */
export function playClocks({ stated, mode, events }: ClockHistory): {
  told: Told[];
  last: Case;
  heard: CaseObservation[];
} {
  const truth: Truth = {
    state: "requested",
    due: stated === undefined ? undefined : at(stated),
    version: 1,
    changedAt: at(0),
  };
  const pauses: Pause[] = [];
  const down = { channel: Number.NEGATIVE_INFINITY, sweep: Number.NEGATIVE_INFINITY };
  const told: Told[] = [];
  const heard: CaseObservation[] = [];
  let current: Case | undefined;
  const rules = () => clockRulesOf(pauses);

  const keep = (next: Case | undefined, moment: number, isFresh: boolean) => {
    if (!next) return;
    current = next;
    const due = typeof truth.due === "string" && truth.due < "9" ? truth.due : undefined;
    const paused = isPaused(pauses, { channel: "taobao", kind: "respond" }, at(moment));
    const facts = {
      state: truth.state,
      dueAt: due,
      isFresh,
      isPaused: paused,
      mode,
      clocks: next.deadlines.map(({ dueAt }) => dueAt),
    };
    told.push(...next.news.map((news) => ({ news, truth: facts })));
  };
  const hear = (observation: CaseObservation, moment: number) => {
    heard.push(observation);
    const observed = observe(current, observation, tenantId, { clockRules: rules() });
    if (observed.kind === "opened" || observed.kind === "changed") keep(observed.next, moment, true);
  };
  const readNow = (moment: number) => hear(observationOf(truth, at(moment)), moment);

  readNow(0);
  const reports: { moment: number; observation: CaseObservation }[] = [];
  const agenda = [...events].sort((a, b) => a.moment - b.moment);
  let moment = 0;
  for (let step = 0; step < 400; step++) {
    if (agenda.length + reports.length === 0 && !current?.deadlines.some(({ status }) => status === "running")) break;
    const attention = current && attentionAt(current);
    const timer = attention === undefined ? Number.POSITIVE_INFINITY : Date.parse(attention) - start;
    const fires = Math.max(timer, moment, timer <= down.sweep ? down.sweep : timer);
    const next = Math.min(
      fires,
      agenda[0]?.moment ?? Number.POSITIVE_INFINITY,
      reports[0]?.moment ?? Number.POSITIVE_INFINITY,
    );
    if (next === Number.POSITIVE_INFINITY || next > 15 * 86_400_000) break;
    moment = Math.max(moment, next);
    const report = reports[0];
    const event = agenda[0];
    if (event && event.moment <= moment) {
      agenda.shift();
      happen(event);
    } else if (report && report.moment <= moment) {
      reports.shift();
      hear(report.observation, moment);
    } else if (current) {
      const isFresh = moment >= down.channel;
      if (isFresh) readNow(moment);
      const ringing: Moment = {
        now: at(moment),
        isFresh,
        clockRules: rules(),
        shop: { mode, addresses: [] },
        needs: () => [],
      };
      keep(ring(current, ringing), moment, isFresh);
    }
  }
  if (!current) throw new Error("the case was never opened");
  return { told, last: current, heard };

  function happen({ what, lasting, heardAfter }: ClockHistory["events"][number]): void {
    if (what === "outage") down.channel = Math.max(down.channel, moment + lasting);
    else if (what === "sweepDown") down.sweep = Math.max(down.sweep, moment + lasting);
    else if (what === "pause") pauses.push(pauseFrom(at(moment), at(moment + lasting)));
    else {
      if (what === "answer") Object.assign(truth, { state: "approved", due: undefined });
      if (what === "reopen") Object.assign(truth, { state: "requested", due: at(moment + lasting) });
      if (what === "move" && truth.state === "requested") truth.due = at(moment + lasting);
      if (what === "unstate") truth.due = undefined;
      if (what === "garble" && truth.state === "requested") truth.due = "9999-12-31T23:59:59.000Z";
      truth.version++;
      truth.changedAt = at(moment);
      reports.push({ moment: moment + heardAfter, observation: observationOf(truth, at(moment)) });
      reports.sort((a, b) => a.moment - b.moment);
    }
  }
}

function observationOf({ state, due, version, changedAt }: Truth, observedAt: string): CaseObservation {
  const deadline = {
    kind: "respond",
    dueAt: due,
    source: { from: "channel", field: "timeout" },
    onExpiry: "auto_refund",
  };
  const facts: Facts = {
    ...someFacts({
      ...inState(state),
      type: { known: true, value: "refund_only", raw: "1" },
      shipped: false,
      waitingOn: state === "requested" ? "merchant" : "buyer",
      changedAt,
      deadlines: due === undefined ? [] : [deadline as Facts["deadlines"][number]],
    }),
  };
  const ids = { channel: "taobao", shopId: "1", channelCaseId: "2" } as unknown as CaseObservation;
  return { ...ids, facet: "case", version, observedAt, facts };
}

function clockRulesOf(pauses: readonly Pause[]): ClockRules {
  const acts = [{ id: "refund_before_expiry", kind: "respond", answer: "agree_refund" }];
  return {
    ...defaultClockRules,
    rules: { ...baseRules, pauses: [...pauses], acts: tenantRulesSchema.parse({ acts }).acts },
  };
}
const baseRules = tenantRulesSchema.parse({});

function pauseFrom(from: string, until: string): Pause {
  return { channel: "taobao", from, until, link: "https://example.com/notice", readOn: "2026-11-25" };
}
