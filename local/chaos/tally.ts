/** What went wrong on purpose, by kind: a run that did not do what it is for must not pass. */
export interface Tally {
  add(kind: FaultName, number?: number): void;
  list(): Record<FaultName, number>;
  /** Kinds that never happened. */
  missing(): FaultName[];
}

export const faultNames = [
  "AWS call failed",
  "AWS call throttled",
  "AWS answer lost",
  "AWS call slow",
  "worker killed mid-way",
  "process killed",
  "function cut off from its table",
  "channel failed before",
  "channel failed after applying",
  "channel answer lost",
  "channel timed out",
  "channel slow",
  "channel rate limit",
  "channel token ended",
  "push dropped",
  "push doubled",
  "push late",
  "push answer lost",
] as const;
export type FaultName = (typeof faultNames)[number];

export function createTally(): Tally {
  const counts = Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<FaultName, number>;
  return {
    add(kind, number = 1) {
      counts[kind] += number;
    },
    list: () => ({ ...counts }),
    missing: () => faultNames.filter((name) => counts[name] === 0),
  };
}
