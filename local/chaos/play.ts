import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createClock } from "../clock.ts";
import { staffRound } from "../demo-staff.ts";
import { type Desk, openDesk } from "../desk.ts";
import { createRandom } from "../marketplaces/kit/random.ts";
import { openQueueSender } from "../queue-sender.ts";
import { demoTenant, simulatedChannels } from "../stack.ts";
import { type DeadLetters, deadQueuesOf, givenUpIn, redriveAll } from "./dead-letters.ts";
import { type ChaosPlan, type Life, planOf } from "./plan.ts";
import { type Finding, type Pair, reconcile } from "./reconcile.ts";
import { type SuiteProcess, startSuiteProcess } from "./suite-process.ts";
import type { Injected } from "./talk.ts";
import { createTally, type FaultName, type Tally } from "./tally.ts";
import { openWorld, type World } from "./world.ts";

const minuteMs = 60_000;
const start = new Date("2026-11-25T00:00:00.000Z");
const staffEveryMs = 4 * minuteMs;
/** Within a life, in simulated time: long enough for a message to fail as often as it may. */
const cutOffAfterMs = minuteMs;
const cutOffForMs = 8 * minuteMs;
/** What a case needs at most after the last fault: an unclear command is given up on after hours. */
const settlesWithinMs = 8 * 60 * minuteMs;
/** Longer than the slowest feed takes its turn, so that what a push lost has been swept. */
const settlesNotBeforeMs = 60 * minuteMs;
const ofAws: Record<keyof Injected, FaultName> = {
  failing: "AWS call failed",
  throttled: "AWS call throttled",
  "answer-lost": "AWS answer lost",
  delayed: "AWS call slow",
  killed: "worker killed mid-way",
};

export interface ChaosWishes {
  minutes: number;
  seed: number;
  assemblyDir: string;
  channels?: readonly string[];
  tell: (line: string) => void;
}

export interface ChaosResult {
  pairs: Pair[];
  findings: Finding[];
  /** The first finding's case from its beginning. */
  story: string[];
  tally: Tally;
  /** What was found dead when the faults were over, and how much of it the command sent back. */
  deadLetters: DeadLetters[];
  redriven: number;
  /** Commands whose fate only a person can tell, each with a task that says so. */
  unclear: number;
  refusals: string[];
  simulatedMs: number;
}

/** Plays the plan, lets everything come to rest, and holds every case and every refund against its marketplace. */
export async function playChaos({ minutes, seed, assemblyDir, channels, tell }: ChaosWishes): Promise<ChaosResult> {
  const dataDir = mkdtempSync(join(tmpdir(), "casebridge-chaos-"));
  const clock = createClock({ start, mode: "moved" });
  const tally = createTally();
  const world = await openWorld({ clock, channels: channels ?? simulatedChannels, tally });
  const run = new ChaosRun({
    world,
    clock,
    tally,
    plan: planOf({ seed, minutes }),
    place: { assemblyDir, dataDir },
    tell,
  });
  try {
    return await run.play();
  } finally {
    await run.stop();
    await world.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Parts {
  world: World;
  clock: ReturnType<typeof createClock>;
  tally: Tally;
  plan: ChaosPlan;
  place: { assemblyDir: string; dataDir: string };
  tell: (line: string) => void;
}

class ChaosRun {
  readonly #parts: Parts;
  readonly #random: ReturnType<typeof createRandom>;
  /** Alarms that were on at some time, in whatever life. */
  readonly #raised = new Set<string>();
  #suite: SuiteProcess | undefined;
  #buyers = 0;
  #staffAtMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#random = createRandom(parts.plan.seed, "steps");
  }

  async play(): Promise<ChaosResult> {
    const { plan, world, clock, tell } = this.#parts;
    for (const [index, life] of plan.lives.entries()) {
      await this.#live(life);
      const cases = world.shops.reduce((sum, { market }) => sum + market.truth().length, 0);
      tell(`life ${index + 1} of ${plan.lives.length} killed at ${clock.now().toISOString()}, ${cases} cases`);
    }
    return this.#settle();
  }

  async stop(): Promise<void> {
    await this.#suite?.kill();
  }

  /** Starts on what the last life left, works through bad weather, is killed in the middle of a step. */
  async #live(life: Life): Promise<void> {
    const { world, clock, tally } = this.#parts;
    const suite = await this.#startSuite(life.maxThreads);
    world.disturb(life.toxics);
    await suite.inject(life.aws);
    if (life.timesOut) world.timeOutNext();
    const shop = this.#random.pick(renewing(world));
    shop.market.endAccess?.(shop.shopId);
    tally.add("channel token ended");

    const until = Date.now() + life.worksForMs;
    let injected: Injected = {};
    const cutOffFrom = clock.now().getTime() + cutOffAfterMs;
    let cut: "not yet" | "off" | "over" = life.outage === undefined ? "over" : "not yet";
    for (let first = true; first || Date.now() < until; first = false) {
      const now = clock.now().getTime();
      if (cut === "not yet" && now >= cutOffFrom) {
        await suite.cutOff(life.outage ?? "");
        tally.add("function cut off from its table");
        cut = "off";
      } else if (cut === "off" && now >= cutOffFrom + cutOffForMs) {
        await suite.inject(life.aws);
        cut = "over";
      }
      for (let buyers = this.#random.int(0, 8); buyers > 0; buyers--) await this.#openCase();
      injected = await this.#step(suite, this.#random.int(15, 90) * 1000);
      await this.#staff(suite);
    }
    for (const name of (await suite.look()).raised) this.#raised.add(name);
    const last = this.#step(suite, this.#random.int(30, 120) * 1000).catch(() => undefined);
    await wait(life.killAfterMs);
    world.reach(undefined);
    await suite.kill();
    this.#suite = undefined;
    await last;
    tally.add("process killed");
    for (const [kind, number] of Object.entries(injected)) tally.add(ofAws[kind as keyof Injected], number);
    // Buyers, timers and robots do not wait for us, and pushes find nobody.
    await clock.advance(life.deadForMs);
  }

  /** Good weather: everything on its way arrives, dead letters are looked for and sent back, and all is compared. */
  async #settle(): Promise<ChaosResult> {
    const { world, clock, tally, tell } = this.#parts;
    world.disturb({});
    const suite = await this.#startSuite();
    tell("good weather from here on");
    // An alarm needs a minute of what it watches.
    for (let minute = 0; minute < 3; minute++) await this.#step(suite, minuteMs);

    const calmFrom = clock.now().getTime();
    const deadLetters: DeadLetters[] = [];
    let redriven = 0;
    let pairs: Pair[] = [];
    let findings: Finding[] = [];
    while (clock.now().getTime() < calmFrom + settlesWithinMs) {
      // What was tried often enough in bad weather may still die now, and is sent back as well.
      const left = await this.#deadLetters(suite);
      deadLetters.push(...left);
      redriven += await redriveAll(left, suite.gatewayUrl);
      pairs = await this.#pairs(suite);
      findings = this.#judge(pairs, deadLetters, left);
      if (findings.length === 0 && clock.now().getTime() >= calmFrom + settlesNotBeforeMs) break;
      await this.#step(suite, 10 * minuteMs);
      await this.#staff(suite);
    }
    const { refusals } = await suite.look();
    const story = await this.#storyOf(suite, findings);
    await suite.stop();
    this.#suite = undefined;
    const unclear = pairs.flatMap(({ held }) => held?.commands.filter(({ status }) => status === "unclear") ?? []);
    return {
      ...{ pairs, findings, story, tally, deadLetters, redriven, refusals, unclear: unclear.length },
      simulatedMs: clock.now().getTime() - start.getTime(),
    };
  }

  #judge(pairs: readonly Pair[], found: readonly DeadLetters[], left: readonly DeadLetters[]): Finding[] {
    const { world } = this.#parts;
    const ledgers = Object.fromEntries(world.shops.map(({ market }) => [market.channel, market.ledger()]));
    // What was sent back and died again is lost, alarm or not.
    const again = left.map(({ place, number }): Finding => ({ kind: "lost", text: `${number} left in ${place}` }));
    return [...reconcile({ pairs, ledgers, deadLetters: found }), ...again];
  }

  async #startSuite(maxThreads = 2): Promise<SuiteProcess> {
    const { world, clock, place } = this.#parts;
    const channels = world.shops.map(({ market, ...shop }) => ({
      channel: market.channel,
      settings: world.settingsOf(market.channel),
      shop,
    }));
    this.#suite = await startSuiteProcess({ ...place, maxThreads, startMs: clock.now().getTime(), channels });
    const { webhookUrls, gatewayUrl } = this.#suite;
    world.reach({ webhookUrls, sendToQueue: openQueueSender(gatewayUrl) });
    return this.#suite;
  }

  /** Time goes on for both sides at once; neither waits for the other within a step. */
  async #step(suite: SuiteProcess, ms: number): Promise<Injected> {
    const { clock } = this.#parts;
    const to = new Date(clock.now().getTime() + ms);
    const [injected] = await Promise.all([suite.advance(to), clock.advanceTo(to)]);
    return injected;
  }

  /** The next buyer: every plan of every marketplace has its turn. */
  async #openCase(): Promise<void> {
    const { shops } = this.#parts.world;
    const shop = shops[this.#buyers % shops.length];
    const plans = Object.keys(shop?.market.plans ?? {});
    const plan = plans[Math.floor(this.#buyers / shops.length) % plans.length];
    this.#buyers += 1;
    const seed = this.#parts.plan.seed * 100_000 + this.#buyers;
    if (shop && plan) await shop.market.openCase({ shopId: shop.shopId, plan, seed });
  }

  async #staff(suite: SuiteProcess): Promise<void> {
    const { world, clock } = this.#parts;
    if (clock.now().getTime() < this.#staffAtMs) return;
    this.#staffAtMs = clock.now().getTime() + staffEveryMs;
    await staffRound({ desk: deskOf(suite), call: suite.call, shops: world.shops });
  }

  async #pairs(suite: SuiteProcess): Promise<Pair[]> {
    const desk = deskOf(suite);
    const pairs: Pair[] = [];
    for (const { market } of this.#parts.world.shops) {
      const { channel } = market;
      for (const truth of market.truth())
        pairs.push({ channel, truth, held: await desk.caseOf(demoTenant, { channel, ...truth }) });
    }
    return pairs;
  }

  async #deadLetters(suite: SuiteProcess): Promise<DeadLetters[]> {
    const seen = await suite.look();
    for (const name of seen.raised) this.#raised.add(name);
    return [...deadQueuesOf(seen), ...(await givenUpIn(suite.gatewayUrl, this.#raised))];
  }

  async #storyOf(suite: SuiteProcess, findings: readonly Finding[]): Promise<string[]> {
    const held = findings.find(({ pair }) => pair?.held)?.pair?.held;
    if (!held) return [];
    const told = await deskOf(suite).store.timeline.read(held.tenantId, held.caseId);
    return told.map(({ revision, news }) => `${revision} ${news.at} ${news.name} ${JSON.stringify(news.data)}`);
  }
}

const deskOf = ({ gatewayUrl, tableName }: SuiteProcess): Desk => openDesk({ gatewayUrl, tableName });

function renewing({ shops }: World) {
  const [first, ...rest] = shops.filter(({ market }) => market.endAccess);
  if (!first) throw new Error("None of these marketplaces ends a token.");
  return [first, ...rest] as const;
}
