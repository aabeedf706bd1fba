import type { Shop } from "../model/types.ts";

const pointsPerSecond = { standard: 100, advanced: 200, plus: 1000, enterprise: 2000 } as const satisfies Record<
  Shop["plan"],
  number
>;
/** Seconds it takes to fill an empty bucket. The real size is not published; a client must read it from the answer. */
const secondsToFill = 20;

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** The points of one app in one shop. Not kept between runs: a full bucket after a restart harms nobody. */
export class Bucket {
  #level: number | undefined;
  #atMs = 0;

  status(plan: Shop["plan"], nowMs: number): ThrottleStatus {
    const restoreRate = pointsPerSecond[plan];
    const maximumAvailable = restoreRate * secondsToFill;
    const restored = ((nowMs - this.#atMs) / 1000) * restoreRate;
    this.#level = Math.min(maximumAvailable, (this.#level ?? maximumAvailable) + Math.max(0, restored));
    this.#atMs = nowMs;
    return { maximumAvailable, currentlyAvailable: Math.floor(this.#level), restoreRate };
  }

  take(points: number): void {
    this.#level = (this.#level ?? 0) - points;
  }
}
