import type { Case } from "#shared/case/case.ts";
import { createClock } from "../clock.ts";
import { demoTenant, type LocalStack, startStack } from "../stack.ts";
import { disturb } from "./disturb.ts";
import { type Life, livesOf } from "./lives.ts";
import { workRound } from "./staff.ts";
import { plan, setRules, start } from "./world.ts";

const hourMs = 3_600_000;
const staffEveryHours = 4;
/**
 * A deployment that is frugal: a sweep each 14 minutes looks ahead to the next one, and what falls due sooner gets its timer
 * when it is saved, so every timer keeps its second; feeds take their turn every three hours, so a case of a channel
 * that does not push is known that much later, which clocks of a day and more bear.
 */
const context = { sweepMinutes: "14", feedMinutes: "180" };
/** One thread per function is enough for two cores, and saves starting dozens. */
const maxThreads = 1;

export interface Wishes {
  days: number;
  cases: number;
  seed: number;
  faults: readonly string[];
  tell: (line: string) => void;
}

export interface Played {
  cases: Case[];
  lives: Life[];
  /** Cases whose platform says that a clock it states ran out, while we never said so. */
  unheard: string[];
  deadLetters: { name: string; visible: number }[];
  until: string;
  calls: { service: string; operation: string; calls: number }[];
}

/** Plays days on all marketplaces against the real stack, on a clock of its own, and returns what became of every clock. */
export async function play({ days, cases, seed, faults, tell }: Wishes): Promise<Played> {
  const clock = createClock({ start, mode: "moved" });
  const stack = await startStack({ clock, context, maxThreads, watch: false, tell });
  try {
    await setRules(stack);
    plan(stack, clock, { days, cases, seed });
    for (const wish of faults) disturb(stack, clock, wish);
    for (let hour = 0; hour < days * 24; hour += staffEveryHours) {
      await stack.runtime.advance(staffEveryHours * hourMs);
      const answered = await workRound(stack);
      if ((hour + staffEveryHours) % 24 === 0)
        tell(`  ${clock.now().toISOString().slice(0, 10)}  last round ${answered}`);
    }
    await stack.runtime.advance(hourMs); // what staff and timers began comes to its end
    await stack.runtime.idle();
    return await account(stack, clock.now().toISOString());
  } finally {
    await stack.stop();
  }
}

/** Channels that state every clock on the wire, so that their word on what ran out can be held against ours. */
const stateAll = ["douyin", "taobao"];

async function account({ desk, shops, runtime }: LocalStack, until: string): Promise<Played> {
  const held = await desk.allCases();
  const lives: Life[] = [];
  for (const { caseId, channel } of held) {
    const story = await desk.store.timeline.read(demoTenant, caseId);
    const inOrder = story.sort((a, b) => a.revision - b.revision || a.position - b.position);
    lives.push(...livesOf(inOrder.map(({ news }) => ({ caseId, channel, news }))));
  }
  const missed = new Set(lives.filter((life) => life.missed > 0).map(({ caseId }) => caseId));
  const unheard = shops.flatMap(({ market }) =>
    market
      .truth()
      .filter(({ missedDeadlines }) => stateAll.includes(market.channel) && missedDeadlines > 0)
      .map(({ shopId, channelCaseId }) => `${market.channel}:${shopId}:${channelCaseId}`)
      .filter((caseId) => !missed.has(caseId as Life["caseId"])),
  );
  const deadLetters = runtime.queues().filter(({ name, visible }) => /dlq|dead|quarantine/.test(name) && visible > 0);
  return { cases: held, lives, unheard, deadLetters, until, calls: runtime.counts() };
}
