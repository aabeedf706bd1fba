/** Where the time comes from. Work files are handed one; only the edge uses the machine's. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
