import type { MovableClock } from "../clock.ts";
import { staffRound } from "../demo-staff.ts";
import { type Desk, openDesk } from "../desk.ts";
import { createRandom, type Random } from "../marketplaces/kit/random.ts";
import { openQueueSender } from "../queue-sender.ts";
import { type SuiteProcess, startSuiteProcess } from "./suite-process.ts";
import type { Injected } from "./talk.ts";
import type { Tally } from "./tally.ts";
import type { World } from "./world.ts";

export const minuteMs = 60_000;
const staffEveryMs = 4 * minuteMs;

interface Parts {
  world: World;
  clock: MovableClock;
  tally: Tally;
  seed: number;
  place: { assemblyDir: string; dataDir: string };
  tell: (line: string) => void;
}

/** Both sides and the one clock between them: Casebridge, which comes and goes, and the marketplaces, which stay. */
export class Stage {
  readonly world: World;
  readonly clock: MovableClock;
  readonly tally: Tally;
  readonly tell: (line: string) => void;
  readonly random: Random;
  /** Alarms that were on at some time, in whatever life. */
  readonly raised = new Set<string>();
  readonly #seed: number;
  readonly #place: Parts["place"];
  #suite: SuiteProcess | undefined;
  #buyers = 0;
  #staffAtMs = 0;

  constructor({ world, clock, tally, seed, place, tell }: Parts) {
    this.world = world;
    this.clock = clock;
    this.tally = tally;
    this.tell = tell;
    this.random = createRandom(seed, "steps");
    this.#seed = seed;
    this.#place = place;
  }

  get suite(): SuiteProcess {
    if (!this.#suite) throw new Error("Casebridge is not running.");
    return this.#suite;
  }

  get desk(): Desk {
    return openDesk({ ...this.suite, clock: this.clock });
  }

  /** Starts Casebridge on what the last life left, and lets the marketplaces reach it. */
  async start({ maxThreads }: { maxThreads: number }): Promise<void> {
    const channels = this.world.shops.map(({ market, ...shop }) => ({
      channel: market.channel,
      settings: this.world.settingsOf(market.channel),
      shop,
    }));
    const startMs = this.clock.now().getTime();
    this.#suite = await startSuiteProcess({ ...this.#place, maxThreads, startMs, channels });
    const { webhookUrls, gatewayUrl } = this.#suite;
    this.world.reach({ webhookUrls, sendToQueue: openQueueSender(gatewayUrl) });
  }

  /** SIGKILL; nobody is there from now on. Nothing when nobody was. */
  async kill(): Promise<void> {
    this.world.reach(undefined);
    await this.#suite?.kill();
    this.#suite = undefined;
  }

  async stop(): Promise<void> {
    await this.#suite?.stop();
    this.#suite = undefined;
  }

  /** Time goes on for both sides at once; neither waits for the other within a step. Returns the faults of this life. */
  async step(ms: number): Promise<Injected> {
    const to = new Date(this.clock.now().getTime() + ms);
    const [injected] = await Promise.all([this.suite.advance(to), this.clock.advanceTo(to)]);
    return injected;
  }

  /** The next buyer: every plan of every marketplace has its turn. */
  async openCase(): Promise<void> {
    const { shops } = this.world;
    const shop = shops[this.#buyers % shops.length];
    const plans = Object.keys(shop?.market.plans ?? {});
    const plan = plans[Math.floor(this.#buyers / shops.length) % plans.length];
    this.#buyers += 1;
    const seed = this.#seed * 100_000 + this.#buyers;
    if (shop && plan) await shop.market.openCase({ shopId: shop.shopId, plan, seed });
  }

  /** The merchant's people look in now and then. */
  async lookIn(): Promise<void> {
    if (this.clock.now().getTime() < this.#staffAtMs) return;
    this.#staffAtMs = this.clock.now().getTime() + staffEveryMs;
    await staffRound({ desk: this.desk, call: this.suite.call, shops: this.world.shops });
  }
}
