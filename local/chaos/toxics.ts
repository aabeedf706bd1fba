import { createRandom, type Random } from "../marketplaces/kit/random.ts";
import type { FaultName } from "./tally.ts";

/** Shares from 0 to 1 of what passes between Casebridge and a marketplace; at most one fault for each. */
export interface Toxics {
  seed?: number;
  /** Answered with a 503 that nobody behind it has heard of. */
  failedBefore?: number;
  /** Carried out, and answered with a 502. */
  failedAfter?: number;
  /** Carried out, then the connection breaks. */
  answersLost?: number;
  slow?: number;
  /** Given to the simulator, which refuses in its platform's own words. */
  rateLimited?: number;
  /** The platform believes that it was taken, and nobody has heard it. */
  pushesDropped?: number;
  pushesDoubled?: number;
  /** Taken at once and delivered minutes later. */
  pushesLate?: number;
  /** Delivered, but the platform never hears that, and sends it again. */
  pushAnswersLost?: number;
}

export type CallToxic = Extract<FaultName, `channel ${string}`>;
export type PushToxic = Extract<FaultName, `push ${string}`>;

/** Chooses what a call and a push meet, the same for the same seed and order. */
export class ToxicPicker {
  #toxics: Toxics = {};
  #calls: Random = createRandom(0);
  #pushes: Random = createRandom(0);
  #timeouts = 0;

  set(toxics: Toxics, label: string): void {
    this.#toxics = toxics;
    this.#calls = createRandom(toxics.seed ?? 0, label, "calls");
    this.#pushes = createRandom(toxics.seed ?? 0, label, "pushes");
    this.#timeouts = 0;
  }

  /** The next call times out. */
  timeOutNext(): void {
    this.#timeouts = 1;
  }

  ofCall(): CallToxic | undefined {
    if (this.#timeouts > 0) {
      this.#timeouts -= 1;
      return "channel timed out";
    }
    const { failedBefore = 0, failedAfter = 0, answersLost = 0, slow = 0 } = this.#toxics;
    return pick(this.#calls.next(), [
      ["channel failed before", failedBefore],
      ["channel failed after applying", failedAfter],
      ["channel answer lost", answersLost],
      ["channel slow", slow],
    ]);
  }

  ofPush(): PushToxic | undefined {
    const { pushesDropped = 0, pushesDoubled = 0, pushesLate = 0, pushAnswersLost = 0 } = this.#toxics;
    return pick(this.#pushes.next(), [
      ["push dropped", pushesDropped],
      ["push doubled", pushesDoubled],
      ["push late", pushesLate],
      ["push answer lost", pushAnswersLost],
    ]);
  }

  /** Within what every channel still takes for fresh. */
  lateByMs(): number {
    return this.#pushes.int(20_000, 240_000);
  }
}

function pick<Name>(roll: number, shares: readonly [Name, number][]): Name | undefined {
  let from = 0;
  for (const [name, share] of shares) {
    if (roll < from + share) return name;
    from += share;
  }
  return undefined;
}
