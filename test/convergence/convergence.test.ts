import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Case, stateOf } from "#shared/case/case.ts";
import { channels } from "#shared/case/channel.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { observe } from "#shared/case/observe.ts";
import { useTable } from "../engine.ts";
import { type Life, type Reading, recordLives } from "./record-lives.ts";

// Whatever is lost, doubled, late or out of order on the way to us, a case ends as the platform has it. Part of what a
// connector is held to: every channel of ours lives here, and one without a simulated marketplace fails.

const table = useTable({ shared: true });
const tenantId = tenantIdSchema.parse("acme");
const hour = 3_600_000;
const numRuns = Number(process.env.CONVERGENCE ?? 60);
const seed = Number(process.env.CONVERGENCE_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** The case after these readings. A part that comes before its case is brought again, as the queue does. */
function tell(readings: readonly Reading[]): Case | undefined {
  let current: Case | undefined;
  let waiting = readings;
  for (let before = -1; waiting.length !== before; ) {
    before = waiting.length;
    const early: Reading[] = [];
    for (const reading of waiting) {
      const observed = observe(current, reading.observation, tenantId, { clockRules: defaultClockRules });
      if (observed.kind === "early") early.push(reading);
      if (observed.kind === "opened" || observed.kind === "changed") current = observed.next;
    }
    waiting = early;
  }
  return current;
}

/**
 * What must not depend on the way: the whole item but what tells of the way itself. That is how often it was saved and what
 * was told with the last save, and when we looked: the instant of a reading, which is a channel's version too where it has
 * none of its own, and from which a clock's rungs are counted.
 */
function resultOf(subject: Case | undefined) {
  if (!subject) return undefined;
  const { revision: _saves, news: _news, unexpectedMove: _surprise, savedAt: _savedAt, ...rest } = subject;
  const versions = Object.entries(rest.versions).map(([facet, { version, observedAt }]) => [
    facet,
    version === Date.parse(observedAt) ? "when we looked" : version,
  ]);
  const deadlines = rest.deadlines.map(
    ({ startedAt: _startedAt, ladder: _ladder, announced: _rungs, ...clock }) => clock,
  );
  return { ...rest, versions, deadlines };
}

/** The last reading of each part of a case: what the sweep after an outage reads anew. */
function finalOf(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.map((reading) => [reading.observation.facet, reading])).values()];
}

/**
 * As the case that heard all in order. What the platform says no longer, such as whether an order that is closed by now had
 * been shipped, is known to those alone who heard it in time: it is held as it was, or not at all.
 */
function expectAlike(arrived: readonly Reading[], readings: readonly Reading[]): void {
  const [seen, whole] = [resultOf(tell(arrived)), resultOf(tell(readings))];
  const stated = new Set(finalOf(readings).flatMap(({ observation }) => Object.keys(observation.facts)));
  const facts = Object.entries(whole?.facts ?? {}).filter(
    ([fact]) => stated.has(fact) || Object.hasOwn(seen?.facts ?? {}, fact),
  );
  expect(seen).toEqual({ ...whole, facts: Object.fromEntries(facts) });
}

/** How one reading travels: how often it arrives, and when, in shares of the case's life. */
const travel = fc.record({ copies: fc.integer({ min: 0, max: 3 }), late: fc.double({ min: 0, max: 1, noNaN: true }) });
const way = fc.record({
  life: fc.nat(),
  travels: fc.array(travel, { minLength: 40, maxLength: 40 }),
  outageFrom: fc.double({ min: 0, max: 1, noNaN: true }),
  sweptAt: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe.each(channels)("%s", (channel) => {
  let lives: Life[] = [];
  beforeAll(async () => {
    lives = await recordLives(channel, [1], table());
    console.info(`convergence of ${channel}: CONVERGENCE_SEED=${seed}, ${numRuns} histories of ${lives.length} lives`);
  });

  it("tells of every life as the platform has it, when all comes once and in order", () => {
    expect(lives.length).toBeGreaterThan(5);
    for (const { plan, readings, truth } of lives) {
      const held = tell(readings);
      const { settled } = held?.facts.money ?? {};
      const seen = held && { state: stateOf(held), settledMinor: settled?.amountMinor ?? 0 };
      expect(seen, plan).toEqual({ state: truth.state, settledMinor: truth.settledMinor });
    }
  });

  const arriving = (
    { travels }: { travels: readonly { copies: number; late: number }[] },
    sent: readonly Reading[],
    least: number,
  ) =>
    sent
      .flatMap((reading, place) => {
        const { copies = 1, late = 0 } = travels[place % travels.length] ?? {};
        return Array.from({ length: Math.max(least, copies) }, (_, copy) => ({
          reading,
          at: (late * (copy + 1) * 7) % 1,
        }));
      })
      .sort((one, other) => one.at - other.at)
      .map(({ reading }) => reading);

  it("ends alike when everything is doubled and in disorder", () => {
    fc.assert(
      fc.property(way, (drawn) => {
        const { readings } = lives[drawn.life % lives.length] as Life;
        expectAlike(arriving(drawn, readings, 1), readings);
      }),
      { numRuns, seed },
    );
  });

  it("ends alike when readings are lost, a day of them together, and the sweep reads once more", () => {
    fc.assert(
      fc.property(way, (drawn) => {
        const { readings } = lives[drawn.life % lives.length] as Life;
        const [first = 0, last = 0] = [readings[0]?.atMs, readings.at(-1)?.atMs];
        const from = first + drawn.outageFrom * (last - first);
        const heard = readings.filter(({ atMs }) => atMs < from || atMs >= from + 24 * hour);
        const arrived = arriving(drawn, heard, 0);
        // Some were on their way for longer than the sweep took to come round.
        const before = Math.ceil(drawn.sweptAt * arrived.length);
        const swept = finalOf(readings);
        expectAlike([...arrived.slice(0, before), ...swept, ...arrived.slice(before)], readings);
      }),
      { numRuns, seed },
    );
  });
});
