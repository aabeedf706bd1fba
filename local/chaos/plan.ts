import { createRandom } from "../marketplaces/kit/random.ts";
import type { Faults } from "../runtime/gateway/faults.ts";
import type { Toxics } from "./toxics.ts";

/** One life of the process, from a start on the kept data to its violent end. */
export interface Life {
  /** How long it works, and how far into its last step it is killed; milliseconds of the wall. */
  worksForMs: number;
  killAfterMs: number;
  /** How long nobody is there afterwards, in simulated time: marketplaces go on and push in vain. */
  deadForMs: number;
  aws: Faults;
  toxics: Toxics;
  /** The next call of a connector is carried out and then never answered, until the caller gives up. */
  timesOut: boolean;
  /** Of each function: two race each other, one leaves more of two processors for the rest. */
  maxThreads: number;
  /** A function whose table is out of its reach for a while, so that its messages die. */
  outage: string | undefined;
}

export interface ChaosPlan {
  seed: number;
  lives: Life[];
}

/** A life is that long, on average; its start comes on top. */
const lifeMs = 50_000;

/** Functions whose work comes by queue or stream and has an end of tries; their dead letters are redriven or replayed. */
const outages = ["act-on-channel", "publish-events", "sync-refund", "decide-response"] as const;

/** What will go wrong, the same for the same seed and length. At least two lives, so that there is a restart in between. */
export function planOf({ seed, minutes }: { seed: number; minutes: number }): ChaosPlan {
  const random = createRandom(seed, "chaos");
  const number = Math.max(2, Math.round((minutes * 60_000) / lifeMs));
  const share = (least: number, most: number) => least + random.next() * (most - least);
  const firstOutage = random.int(0, outages.length - 1);
  const lives = Array.from({ length: number }, (_, index): Life => {
    const seedOfLife = seed * 1000 + index;
    return {
      worksForMs: Math.round((minutes * 60_000 * share(0.7, 1.3)) / number),
      killAfterMs: random.int(0, 900),
      deadForMs: random.int(0, 12) * 60_000,
      aws: {
        failing: share(0.005, 0.02),
        throttled: share(0.005, 0.02),
        answersLost: share(0.005, 0.02),
        delayed: share(0.01, 0.03),
        delayMs: 100,
        killed: share(0.005, 0.012),
        seed: seedOfLife,
        // The merchant's people and the referee are not what is tried here.
        exceptCallers: ["outside"],
      },
      toxics: {
        seed: seedOfLife,
        failedBefore: share(0.02, 0.06),
        failedAfter: share(0.03, 0.08),
        answersLost: share(0.03, 0.08),
        slow: share(0.02, 0.05),
        rateLimited: share(0.03, 0.08),
        pushesDropped: share(0.05, 0.2),
        pushesDoubled: share(0.05, 0.15),
        pushesLate: share(0.05, 0.2),
        pushAnswersLost: share(0.03, 0.1),
      },
      timesOut: index === 0 || index % 4 === 0,
      maxThreads: 1 + (index % 2),
      outage: index % 2 === 0 ? outages[(firstOutage + index / 2) % outages.length] : undefined,
    };
  });
  return { seed, lives };
}
